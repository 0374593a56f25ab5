package dev.eventshop.faults;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
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
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** All that goes wrong. */
final class Faults {

    static final String ANY_TIME = "any service: killed at any time";

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
            for (List<ServiceProcess> instances :
                    List.of(world.shop.commandSides, world.shop.querySides, world.shop.notificationProjectors)) {
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
        }));
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
                new Fault("broker: exchange deleted", true, false, (world, random) -> {
                    world.servers.atBroker(channel -> channel.exchangeDelete(Tap.EXCHANGE));
                    World.sleep(2000);
                }),
                new Fault("broker: binding deleted", true, false, (world, random) -> {
                    world.servers.atBroker(
                            channel -> channel.queueUnbind("order.created", Tap.EXCHANGE, "order.created"));
                    World.sleep(2000);
                })));
        servers.rabbitMq.ifPresent(node -> faults.addAll(List.of(
                Fault.unnoticed("RabbitMQ: killed", (world, random) -> {
                    node.kill();
                    World.sleep(2000);
                    node.start();
                }),
                Fault.unnoticed("RabbitMQ: stopped", (world, random) -> {
                    node.stop();
                    World.sleep(2000);
                    node.start();
                }),
                Fault.unnoticed("RabbitMQ: memory alarm", (world, random) -> {
                    node.raiseMemoryAlarm();
                    world.hold(10, world.shop.commandSides.subList(0, 1));
                    node.clearMemoryAlarm();
                }))));
        return faults;
    }

    private static List<ServiceProcess> withBroker(World world) {
        return List.of(world.shop.commandSides.get(0), world.shop.notificationProjectors.get(0));
    }

    private static List<Fault> ofRedis(Servers servers) {
        return servers.redisProxy
                .map(proxy -> List.of(
                        Fault.unnoticed("Redis: away", (world, random) -> {
                            proxy.cut();
                            world.hold(5, world.shop.querySides.subList(0, 1));
                            proxy.connect();
                        }),
                        Fault.unnoticed("Redis: silent", (world, random) -> {
                            proxy.silence();
                            world.hold(5, world.shop.querySides.subList(0, 1));
                            proxy.speak();
                        })))
                .orElse(List.of());
    }

    private static List<Fault> ofMail() {
        return List.of(
                mail("mail: refused for now (451)", "rcpt", any -> "451 later"),
                mail("mail: hangs before it accepts", "data", any -> ScriptedSmtpServer.HANG),
                mail("mail: connection breaks", "mail", any -> ScriptedSmtpServer.DROP),
                mail("mail: answers a byte at a time", "connect", any -> ScriptedSmtpServer.DRIP),
                mail("mail: accepted, and no answer", "end", any -> ScriptedSmtpServer.ACCEPT_AND_DROP),
                Fault.unnoticed("mail: away", (world, random) -> {
                    world.servers.mail.goAway();
                    world.hold(6, world.shop.notificationProjectors.subList(0, 1));
                    world.servers.mail.comeBack();
                }),
                Fault.unnoticed("mail: refused for good (550), sent again by hand", (world, random) -> {
                    world.servers.mail.on("rcpt", "550 no such mailbox");
                    World.sleep(3000);
                    world.servers.mail.wellAgain();
                    World.sleep(6000); // what was being tried has failed by then
                    world.oracle.retryFailedEmails();
                }),
                Fault.unnoticed("mail: killed before it is accepted", (world, random) -> killAt(world, "data", "")),
                Fault.unnoticed(
                        "mail: killed after it is accepted",
                        (world, random) -> killAt(world, "end", ScriptedSmtpServer.ACCEPT_AND_DROP)));
    }

    private static Fault mail(String name, String step, UnaryOperator<String> reply) {
        return Fault.unnoticed(name, (world, random) -> {
            world.servers.mail.on(step, reply);
            World.sleep(4000);
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
                }),
                Fault.noticed("PostgreSQL: a server process killed", (world, random) -> {
                    world.servers.crashDatabase();
                    World.sleep(1000);
                }),
                Fault.noticed("PostgreSQL: stopped and started", (world, random) -> {
                    world.servers.stopDatabase();
                    World.sleep(2000);
                    world.servers.startDatabase();
                }),
                Fault.noticed("PostgreSQL: server processes freeze", (world, random) -> {
                    for (int i = 0; i < 15; i++) {
                        world.servers.freezeCommand(400);
                    }
                }),
                Fault.noticed("PostgreSQL: silent", (world, random) -> {
                    world.servers.databaseProxy.silence();
                    World.sleep(5000);
                    world.servers.databaseProxy.speak();
                }));
    }

    private static List<Fault> ofServices() {
        return List.of(
                Fault.noticed("command side: killed", (world, random) -> kill(world.shop.commandSides.get(0), random)),
                Fault.unnoticed("query side: killed", (world, random) -> kill(world.shop.querySides.get(0), random)),
                Fault.unnoticed(
                        "notification projector: killed",
                        (world, random) -> kill(world.shop.notificationProjectors.get(0), random)));
    }

    private static void kill(ServiceProcess service, Random random) {
        World.sleep(random.nextInt(2000));
        service.kill();
        service.start();
    }

    static Fault anyKilled() {
        return Fault.noticed(
                "any service: killed at any time", (world, random) -> kill(world.shop.any(random), random));
    }

    private static Fault crash(CrashPoint point) {
        return Fault.noticed("killed at " + point, (world, random) -> {
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
            boolean there = reached.await(2, TimeUnit.MINUTES);
            service.kill();
            service.options(List.of());
            service.start();
            if (!there) {
                world.unexpected.add(service.name() + " did not come to " + point);
            }
        });
    }

    /** For several instances: another one takes over, and the frozen one wakes up late. */
    private static List<Fault> ofInstances() {
        List<Fault> faults = new ArrayList<>(List.of(
                frozen("command side: frozen", random -> 0),
                frozen("query side: frozen", random -> 2),
                frozen("notification projector: frozen", random -> 4),
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

    @FunctionalInterface
    private interface Choice {
        int of(Random random);
    }

    private static Fault frozen(String name, Choice first) {
        return Fault.noticed(name, (world, random) -> {
            ServiceProcess service = world.shop.all().get(first.of(random) + random.nextInt(2));
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
                    List<Hostile> hostile = hostile();
                    world.servers.atBroker(channel -> {
                        channel.confirmSelect();
                        for (Hostile message : hostile) {
                            channel.basicPublish(
                                    "", message.queue(), message.properties().build(), message.body());
                        }
                        channel.waitForConfirmsOrDie(30_000);
                    });
                    for (int i = 0; i < 150 && world.oracle.deadLetters() < hostile.size(); i++) {
                        World.sleep(200);
                    }
                    long found = world.oracle.deadLetters();
                    if (found != hostile.size()) {
                        world.unexpected.add(found + " dead letters of " + hostile.size() + " hostile messages");
                    }
                    world.oracle.discardDeadLetters();
                }));
    }

    private record Hostile(String queue, AMQP.BasicProperties.Builder properties, byte[] body) {}

    private static List<Hostile> hostile() {
        String order =
                "{\"orderId\":1,\"userId\":1,\"totalAmount\":1,\"items\":[],\"createdAt\":\"2026-01-01T00:00:00Z\"}";
        List<Hostile> all = new ArrayList<>();
        Stream.of(
                        "",
                        "null",
                        "[]",
                        "hello",
                        "{",
                        order + order,
                        "{\"orderId\":\"1\"}",
                        "{\"orderId\":{}}",
                        "{\"orderId\":1e99}",
                        "{\"orderId\":1,\"items\":\"" + "x".repeat(2_000_000) + "\"}",
                        "[".repeat(50_000))
                .map(body -> new Hostile("order.created", properties("OrderCreatedEvent"), bytes(body)))
                .forEach(all::add);
        Stream.of("order.created", "order.status-changed", "order.cancelled", "order.completed", "user.registered")
                .flatMap(queue -> Stream.of(
                        new Hostile(queue, properties("java.lang.Runtime"), bytes(order)),
                        new Hostile(queue, properties("UnknownEvent"), bytes(order)),
                        new Hostile(queue, properties("OrderCreatedEvent").contentType("text/plain"), bytes(order)),
                        new Hostile(queue, properties("OrderCreatedEvent").messageId(null), bytes(order)),
                        new Hostile(queue, properties("OrderCreatedEvent"), new byte[] {(byte) 0xC0, (byte) 0x80})))
                .forEach(all::add);
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AMQP.BasicProperties.Builder properties(String type) {
        return new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .deliveryMode(2)
                .messageId(UUID.randomUUID().toString())
                .type(type)
                .headers(Map.of("axon-message-type", type, "axon-message-revision", "1.0"));
    }
}
