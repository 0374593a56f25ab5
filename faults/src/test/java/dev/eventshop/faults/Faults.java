package dev.eventshop.faults;

import com.rabbitmq.client.GetResponse;
import dev.eventshop.testing.HostileMessage;
import dev.eventshop.testing.ScriptedSmtpServer;
import dev.eventshop.testing.ServiceProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** All that goes wrong. */
final class Faults {

    static final String ANY_TIME = "any service: killed at any time";

    /** A client of the broker publishes to the exchange: AMQP's {@code basic.publish}, 60 and 40, with its first fields. */
    private static final byte[] PUBLISH = ("\0<\0(\0\0\u0013" + Tap.EXCHANGE).getBytes(StandardCharsets.ISO_8859_1);

    /** How many failures open the circuit to the mail server: half of its window. */
    private static final int UNTIL_CIRCUIT_OPENS = 5;

    /** Tries of an open circuit, after 0.5 s, 1 s, 1 s and so on, in 4 s and what asking for the health takes. */
    private static final int PROBES = 7;

    /** The pool's wait for a connection, 3 s, and time for a slow machine. */
    private static final Duration REFUSED_WITHOUT_DATABASE = Duration.ofSeconds(8);

    /** Messages as each queue of the notification service wants them, about nobody and nothing. */
    private static final Map<String, String> GOOD = Map.of(
            "ProductStockUpdatedEvent",
                    "{\"productId\":2000000000,\"productName\":\"Tea\",\"oldStock\":1,\"newStock\":2,"
                            + "\"updatedAt\":\"2026-01-01T00:00:00Z\"}",
            "OrderCreatedEvent",
                    "{\"orderId\":2000000000,\"userId\":2000000000,\"totalAmount\":1.00,\"items\":[],"
                            + "\"createdAt\":\"2026-01-01T00:00:00Z\"}",
            "OrderStatusChangedEvent",
                    "{\"orderId\":2000000000,\"oldStatus\":\"PENDING\",\"newStatus\":\"CONFIRMED\","
                            + "\"changedAt\":\"2026-01-01T00:00:00Z\"}",
            "OrderCancelledEvent",
                    "{\"orderId\":2000000000,\"userId\":2000000000,\"reason\":\"none\","
                            + "\"cancelledAt\":\"2026-01-01T00:00:00Z\"}",
            "OrderCompletedEvent",
                    "{\"orderId\":2000000000,\"userId\":2000000000,\"totalAmount\":1.00,"
                            + "\"completedAt\":\"2026-01-01T00:00:00Z\"}",
            "UserRegisteredEvent",
                    "{\"userId\":2000000000,\"email\":\"nobody@example.com\",\"fullName\":\"Nobody\","
                            + "\"registeredAt\":\"2026-01-01T00:00:00Z\"}",
            "UserPersonalDataErasedEvent", "{\"userId\":2000000000,\"erasedAt\":\"2026-01-01T00:00:00Z\"}");

    private Faults() {}

    static List<Fault> ofOneInstance(Servers servers) {
        return Stream.of(
                        ofBroker(servers),
                        ofRedis(servers),
                        ofMail(),
                        ofDatabase(),
                        ofServices(),
                        ofMessages(),
                        Arrays.stream(CrashPoint.values()).map(Faults::crash).toList(),
                        List.of(anyKilled()))
                .flatMap(List::stream)
                .toList();
    }

    static List<Fault> ofTwoInstances() {
        return Stream.concat(ofInstances().stream(), Stream.of(anyKilled())).toList();
    }

    /** Of each service, one does nothing for a while, one dies, and one is left. */
    static List<Fault> ofThreeInstances() {
        return List.of(Fault.noticed("one of three frozen, one killed", (world, random) -> {
                    List<ServiceProcess> frozen = new ArrayList<>();
                    List<ServiceProcess> killed = new ArrayList<>();
                    for (List<ServiceProcess> instances : List.of(
                            world.shop.commandSides, world.shop.querySides, world.shop.notificationProjectors)) {
                        List<ServiceProcess> order = new ArrayList<>(instances);
                        Collections.shuffle(order, random);
                        frozen.add(order.get(0));
                        killed.add(order.get(1));
                    }
                    frozen.forEach(ServiceProcess::freeze);
                    World.sleep(random.nextInt(2000));
                    killed.forEach(ServiceProcess::kill);
                    World.sleep(9000); // claims, leases and connections are over by then
                    frozen.forEach(ServiceProcess::thaw);
                    world.shop.start();
                })
                .uncertain(2 * Fault.IN_HAND));
    }

    private static List<Fault> ofBroker(Servers servers) {
        List<Fault> faults = new ArrayList<>(List.of(
                Fault.unnoticed("broker: connections break", (world, random) -> {
                    for (int i = 0; i < 3; i++) {
                        world.servers.brokerProxy.breakConnections();
                        World.sleep(300 + random.nextInt(700));
                    }
                }),
                Fault.unnoticed("broker: away", (world, random) -> {
                    world.servers.brokerProxy.cut();
                    world.hold(8, withBroker(world));
                    world.servers.brokerProxy.connect();
                }),
                Fault.unnoticed("broker: silent", (world, random) -> {
                    world.servers.brokerProxy.silence();
                    world.hold(14, withBroker(world));
                    world.servers.brokerProxy.speak();
                }),
                Fault.unnoticed("broker: confirms lost", (world, random) -> {
                    world.servers.brokerProxy.silenceAnswers();
                    World.sleep(300 + random.nextInt(1500));
                    world.servers.brokerProxy.breakConnections();
                    world.servers.brokerProxy.speak();
                }),
                Fault.noticed("broker: command side killed before it publishes", (world, random) -> {
                    ServiceProcess commandSide = world.shop.commandSides.get(0);
                    CountDownLatch killed = new CountDownLatch(1);
                    world.servers.brokerProxy.insteadOf(PUBLISH, () -> {
                        commandSide.kill();
                        killed.countDown();
                    });
                    boolean reached = killed.await(1, TimeUnit.MINUTES);
                    world.shop.start();
                    if (!reached) {
                        world.unexpected.add("nothing was published");
                    }
                }),
                Fault.unnoticed("broker: messages lost on their way", (world, random) -> {
                    world.servers.brokerProxy.silence();
                    World.sleep(300 + random.nextInt(1500));
                    world.servers.brokerProxy.breakConnections();
                    world.servers.brokerProxy.speak();
                }),
                Fault.noticed("broker: confirms lost with the process", (world, random) -> {
                    ServiceProcess commandSide = world.shop.commandSides.get(0);
                    world.servers.brokerProxy.silenceAnswers();
                    World.sleep(300 + random.nextInt(1500));
                    commandSide.kill();
                    world.servers.brokerProxy.breakConnections();
                    world.servers.brokerProxy.speak();
                    commandSide.start();
                }),
                Fault.unnoticed("broker: exchange deleted", (world, random) -> {
                            world.servers.atBroker(channel -> channel.exchangeDelete(Tap.EXCHANGE));
                            World.sleep(2000);
                        })
                        .untapped(),
                Fault.unnoticed("broker: binding deleted", (world, random) -> {
                            world.servers.atBroker(
                                    channel -> channel.queueUnbind("order.created", Tap.EXCHANGE, "order.created"));
                            World.sleep(2000);
                        })
                        .untapped()));
        Stream.of(
                        Fault.unnoticed("RabbitMQ: killed", (world, random) -> {
                            world.servers.rabbitMq.orElseThrow().kill();
                            world.hold(5, withBroker(world));
                            world.servers.rabbitMq.orElseThrow().start();
                        }),
                        Fault.unnoticed("RabbitMQ: stopped", (world, random) -> {
                            world.servers.rabbitMq.orElseThrow().stop();
                            world.hold(5, withBroker(world));
                            world.servers.rabbitMq.orElseThrow().start();
                        }),
                        Fault.unnoticed("RabbitMQ: memory alarm", (world, random) -> {
                            world.servers.rabbitMq.orElseThrow().raiseMemoryAlarm();
                            world.hold(10, world.shop.commandSides.subList(0, 1));
                            world.servers.rabbitMq.orElseThrow().clearMemoryAlarm();
                        }),
                        Fault.unnoticed("RabbitMQ: disk alarm", (world, random) -> {
                            world.servers.rabbitMq.orElseThrow().raiseDiskAlarm();
                            world.hold(10, world.shop.commandSides.subList(0, 1));
                            world.servers.rabbitMq.orElseThrow().clearDiskAlarm();
                        }))
                .map(fault -> fault.needing("RabbitMQ", servers.rabbitMq.isPresent()))
                .forEach(faults::add);
        return faults;
    }

    private static List<ServiceProcess> withBroker(World world) {
        return List.of(world.shop.commandSides.get(0), world.shop.notificationProjectors.get(0));
    }

    private static List<Fault> ofRedis(Servers servers) {
        return Stream.of(
                        Fault.unnoticed("Redis: away", (world, random) -> {
                            world.servers.redisProxy.orElseThrow().cut();
                            world.hold(5, world.shop.querySides.subList(0, 1));
                            world.servers.redisProxy.orElseThrow().connect();
                        }),
                        Fault.unnoticed("Redis: silent", (world, random) -> {
                            world.servers.redisProxy.orElseThrow().silence();
                            world.hold(5, world.shop.querySides.subList(0, 1));
                            world.servers.redisProxy.orElseThrow().speak();
                        }))
                .map(fault -> fault.needing("Redis", servers.redisProxy.isPresent()))
                .toList();
    }

    private static List<Fault> ofMail() {
        return List.of(
                Fault.unnoticed("mail: refused for now (451)", (world, random) -> {
                    world.servers.mail.on("rcpt", "451 later");
                    World.sleep(4000); // a word about one recipient, and no failure of the mail server
                    world.servers.mail.wellAgain();
                }),
                mail("mail: hangs before it accepts", 10, "data", ScriptedSmtpServer.HANG),
                mail("mail: connection breaks", 4, "mail", ScriptedSmtpServer.DROP),
                mail("mail: answers a byte at a time", 10, "connect", ScriptedSmtpServer.DRIP),
                mail("mail: accepted, and no answer", 4, "end", ScriptedSmtpServer.ACCEPT_AND_DROP)
                        .uncertain(UNTIL_CIRCUIT_OPENS + Fault.IN_HAND - 1 + PROBES),
                Fault.unnoticed("mail: away", (world, random) -> {
                            world.servers.mail.goAway();
                            world.hold(6, world.shop.notificationProjectors.subList(0, 1));
                            world.servers.mail.comeBack();
                        })
                        .uncertain(Fault.IN_HAND),
                Fault.unnoticed("mail: refused for good (550), sent again by hand", (world, random) -> {
                    world.servers.mail.on("rcpt", "550 no such mailbox");
                    World.sleep(3000);
                    world.servers.mail.wellAgain();
                    World.sleep(6000); // what was being tried has failed by then
                    world.oracle.retryFailedEmails();
                }),
                Fault.unnoticed("mail: killed before it is accepted", (world, random) -> killAt(world, "data", ""))
                        .uncertain(Fault.IN_HAND),
                Fault.unnoticed(
                                "mail: killed after it is accepted",
                                (world, random) -> killAt(world, "end", ScriptedSmtpServer.ACCEPT_AND_DROP))
                        .uncertain(Fault.IN_HAND));
    }

    private static Fault mail(String name, long seconds, String step, String reply) {
        return Fault.unnoticed(name, (world, random) -> {
            world.servers.mail.on(step, reply);
            world.hold(seconds, world.shop.notificationProjectors.subList(0, 1));
            world.servers.mail.wellAgain();
        });
    }

    /** @param reply to whom is killed; it sees none of it */
    private static void killAt(World world, String step, String reply) throws InterruptedException {
        ServiceProcess service = world.shop.notificationProjectors.get(0);
        CountDownLatch killed = new CountDownLatch(1);
        world.servers.mail.on(step, recipient -> {
            service.kill();
            killed.countDown();
            return reply.isEmpty() ? ScriptedSmtpServer.DROP : reply;
        });
        boolean reached = killed.await(1, TimeUnit.MINUTES);
        world.servers.mail.wellAgain();
        if (!reached) {
            world.unexpected.add("no email came to its " + step);
        }
        world.shop.start();
    }

    private static List<Fault> ofDatabase() {
        return List.of(
                Fault.noticed("PostgreSQL: sessions ended", (world, random) -> {
                            for (int i = 0; i < 3; i++) {
                                world.servers.endDatabaseSessions();
                                World.sleep(300 + random.nextInt(700));
                            }
                        })
                        .uncertain(3 * Fault.IN_HAND),
                Fault.noticed("PostgreSQL: a server process killed", (world, random) -> {
                            world.servers.crashDatabase();
                            World.sleep(1000);
                        })
                        .uncertain(Fault.IN_HAND),
                Fault.noticed("PostgreSQL: stopped, 503 until it is started", (world, random) -> {
                            Map<ServiceProcess, Integer> threads = world.threads();
                            world.servers.stopDatabase();
                            refuses(world, REFUSED_WITHOUT_DATABASE, 8);
                            world.servers.startDatabase();
                            world.awaitThreads(threads);
                        })
                        .uncertain(Fault.IN_HAND),
                Fault.noticed("PostgreSQL: silent for long, 503 until it speaks", (world, random) -> {
                            Map<ServiceProcess, Integer> threads = world.threads();
                            world.servers.databaseProxy.silence();
                            refuses(
                                    world,
                                    REFUSED_WITHOUT_DATABASE.plus(Servers.SOCKET_TIMEOUT),
                                    Servers.SOCKET_TIMEOUT.toSeconds() + 8);
                            world.servers.databaseProxy.speak();
                            world.awaitThreads(threads);
                        })
                        .uncertain(Fault.IN_HAND),
                Fault.noticed("PostgreSQL: server processes freeze", (world, random) -> {
                    for (int i = 0; i < 15; i++) {
                        world.servers.freezeCommand(400);
                    }
                }),
                Fault.noticed("PostgreSQL: silent for a moment", (world, random) -> {
                            world.servers.databaseProxy.silence();
                            World.sleep(5000);
                            world.servers.databaseProxy.speak();
                        })
                        .uncertain(Fault.IN_HAND));
    }

    /** Commands are refused while PostgreSQL is away, each in that time, and all services say that they are not ready. */
    private static void refuses(World world, Duration inTime, long seconds) {
        world.customers.databaseIsAway(inTime);
        world.holdUnready(seconds, world.shop.all());
        world.customers.databaseIsBack();
        if (world.customers.refusedInOutage.get() == 0) {
            world.unexpected.add("no command was refused");
        }
    }

    private static List<Fault> ofServices() {
        return List.of(
                Fault.noticed("command side: killed", (world, random) -> kill(world.shop.commandSides.get(0), random)),
                Fault.unnoticed("query side: killed", (world, random) -> kill(world.shop.querySides.get(0), random)),
                Fault.unnoticed(
                                "notification projector: killed",
                                (world, random) -> kill(world.shop.notificationProjectors.get(0), random))
                        .uncertain(Fault.IN_HAND));
    }

    private static void kill(ServiceProcess service, Random random) {
        World.sleep(random.nextInt(2000));
        service.kill();
        service.start();
    }

    static Fault anyKilled() {
        return Fault.noticed(ANY_TIME, (world, random) -> kill(world.shop.any(random), random))
                .uncertain(Fault.IN_HAND);
    }

    private static Fault crash(CrashPoint point) {
        Fault fault = Fault.unnoticed("killed at " + point, (world, random) -> {
            ServiceProcess service = point.serviceOf(world.shop);
            CountDownLatch reached = new CountDownLatch(1);
            service.listen(line -> {
                if (line.equals(CrashingDriver.REACHED)) {
                    reached.countDown();
                }
            });
            service.stop();
            service.options(CrashingDriver.options(point, random.nextLong()));
            service.launch(); // it may be killed before it is ready
            boolean there = reached.await(4, TimeUnit.MINUTES);
            service.kill();
            service.options(List.of());
            service.start();
            if (!there) {
                world.unexpected.add(service.name() + " did not come to " + point);
            }
        });
        return switch (point.service()) {
            case COMMAND_SIDE -> fault.noticed();
            case QUERY_SIDE -> fault;
            case NOTIFICATION_PROJECTOR -> fault.uncertain(Fault.IN_HAND);
        };
    }

    /** For several instances: another one takes over, and the frozen one wakes up late. */
    private static List<Fault> ofInstances() {
        List<Fault> faults = new ArrayList<>(List.of(
                frozen("command side: frozen", shop -> shop.commandSides).noticed(),
                frozen("query side: frozen", shop -> shop.querySides),
                frozen("notification projector: frozen", shop -> shop.notificationProjectors)
                        .uncertain(Fault.IN_HAND),
                Fault.noticed("one of two: stopped in the regular way", (world, random) -> {
                    ServiceProcess service = world.shop.any(random);
                    service.stop();
                    World.sleep(1000);
                    service.start();
                })));
        for (Duration skew : List.of(Duration.ofSeconds(-30), Duration.ofSeconds(30))) {
            faults.add(Fault.noticed("one of two: clock " + skew.toSeconds() + " s off", (world, random) -> {
                List<ServiceProcess> second = Stream.of(
                                world.shop.commandSides, world.shop.querySides, world.shop.notificationProjectors)
                        .map(instances -> instances.get(1))
                        .toList();
                restart(second, SkewedClock.options(skew));
                World.sleep(8000);
                restart(second, List.of());
            }));
        }
        return faults;
    }

    private static void restart(List<ServiceProcess> services, List<String> options) {
        services.forEach(service -> {
            service.stop();
            service.options(options);
        });
        services.forEach(ServiceProcess::launch);
        services.forEach(ServiceProcess::awaitReady);
    }

    private static Fault frozen(String name, Function<Shop, List<ServiceProcess>> instances) {
        return Fault.unnoticed(name, (world, random) -> {
            ServiceProcess service = instances.apply(world.shop).get(random.nextInt(2));
            service.freeze();
            World.sleep(9000); // claims, leases and connections are over by then
            service.thaw();
        });
    }

    private static List<Fault> ofMessages() {
        return List.of(
                Fault.unnoticed("messages: all again, in any order", (world, random) -> {
                    List<GetResponse> again = new ArrayList<>(world.tap.latest());
                    again.addAll(again);
                    Collections.shuffle(again, random);
                    world.servers.atBroker(channel -> {
                        channel.confirmSelect();
                        for (GetResponse message : again) {
                            String queue = message.getEnvelope().getRoutingKey();
                            channel.basicPublish("", queue, message.getProps(), message.getBody());
                        }
                        channel.waitForConfirmsOrDie(30_000);
                    });
                }),
                Fault.unnoticed("messages: hostile", (world, random) -> {
                    String expiration = world.servers.rabbitMq.isPresent() ? "3600000" : "4000000000000"; // a moment
                    Map<String, Integer> sent = new TreeMap<>();
                    world.servers.atBroker(channel -> {
                        channel.confirmSelect();
                        for (Map.Entry<String, String> good : GOOD.entrySet()) {
                            String queue = StoredEvents.QUEUES.get(good.getKey());
                            for (HostileMessage message : HostileMessage.allFor(
                                            good.getKey(), "1.0", good.getValue(), expiration)
                                    .toList()) {
                                channel.basicPublish("", queue, message.properties(), message.body());
                                sent.merge(queue, 1, Integer::sum);
                            }
                        }
                        channel.waitForConfirmsOrDie(60_000);
                    });
                    for (int i = 0; i < 120 && !world.oracle.deadLetters().equals(sent); i++) {
                        World.sleep(500);
                    }
                    Map<String, Integer> found = world.oracle.deadLetters();
                    if (!found.equals(sent)) {
                        world.unexpected.add(found + " dead letters of " + sent + " hostile messages");
                    }
                    world.oracle.discardDeadLetters();
                }));
    }
}
