package dev.eventshop.notification.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.notification.delivery.ledger.Facts;
import dev.eventshop.notification.delivery.ledger.LedgerDatabase;
import dev.eventshop.notification.delivery.ledger.LedgerSettings;
import dev.eventshop.notification.delivery.ledger.NewNotification;
import dev.eventshop.notification.delivery.ledger.SendLimit;
import dev.eventshop.notification.delivery.mail.Mailer;
import dev.eventshop.notification.delivery.mail.OutgoingMail;
import dev.eventshop.notification.delivery.mail.SmtpMailer;
import dev.eventshop.notification.delivery.template.MailTemplates;
import dev.eventshop.notification.recipient.RecipientDirectories;
import dev.eventshop.notification.recipient.RecipientDirectory;
import dev.eventshop.testing.ScriptedSmtpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Workers, database and a mail server that misbehaves. */
class DeliveryIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final LedgerDatabase ledger =
            new LedgerDatabase(new LedgerSettings(Duration.ofHours(24), Duration.ofHours(24)));
    private final RecipientDirectory directory = RecipientDirectories.on(ledger.jdbc, ledger.keys, ledger.rechecks);
    private final ScriptedSmtpServer server = new ScriptedSmtpServer();
    private final MailTemplates templates = new MailTemplates("USD", "Eventshop");
    private final List<Runnable> stops = new ArrayList<>();
    private MailServerCircuit circuit;

    @AfterEach
    void stop() {
        stops.forEach(Runnable::run);
        server.close();
        ledger.close();
    }

    private static DeliveryProperties properties() {
        return properties(Duration.ofMillis(50));
    }

    private static DeliveryProperties properties(Duration reconnect) {
        return properties(reconnect, Duration.ofMillis(100), 0);
    }

    private static DeliveryProperties properties(Duration reconnect, Duration retry, int sendsPerMinute) {
        return properties(reconnect, retry, sendsPerMinute, Duration.ofSeconds(1));
    }

    private static DeliveryProperties properties(
            Duration reconnect, Duration retry, int sendsPerMinute, Duration sendTimeout) {
        return new DeliveryProperties(
                "Eventshop <shop@eventshop.example>",
                "Eventshop",
                2,
                5,
                Duration.ofMillis(200),
                Duration.ofSeconds(3),
                Duration.ofHours(24),
                Duration.ofHours(24),
                retry,
                retry.multipliedBy(4),
                sendTimeout,
                sendsPerMinute,
                10,
                reconnect,
                reconnect.multipliedBy(8),
                Duration.ofMillis(200));
    }

    private SmtpMailer mailer() {
        return mailer(properties());
    }

    private SmtpMailer mailer(DeliveryProperties properties) {
        JavaMailSenderImpl settings = new JavaMailSenderImpl();
        settings.setHost("127.0.0.1");
        settings.setPort(server.port());
        settings.getJavaMailProperties().put("mail.smtp.connectiontimeout", "500");
        settings.getJavaMailProperties().put("mail.smtp.timeout", "500");
        settings.getJavaMailProperties().put("mail.smtp.writetimeout", "500");
        return new SmtpMailer(settings, properties.from(), properties.sendTimeout());
    }

    private DeliveryWorkers instance() {
        return instance(properties());
    }

    private DeliveryWorkers instance(DeliveryProperties properties) {
        circuit = new MailServerCircuit(properties, ledger.wakeUp, new SimpleMeterRegistry());
        DeliveryWorkers workers = new DeliveryWorkers(
                ledger.deliveries,
                ledger.wakeUp,
                properties,
                mailer(properties),
                templates,
                circuit,
                new SendLimit(ledger.jdbc, properties.sendsPerMinute()),
                ledger.meters);
        Housekeeping housekeeping = new Housekeeping(ledger.deliveries, ledger.rechecks, workers, properties);
        workers.start();
        housekeeping.start();
        stops.add(0, () -> {
            housekeeping.stop();
            workers.stop();
        });
        return workers;
    }

    private void welcome(int from, int to) {
        for (int i = from; i <= to; i++) {
            int user = i;
            ledger.transaction.executeWithoutResult(status -> {
                directory.register(user, "user" + user + "@example.org", "User " + user, "en");
                ledger.notifications.record(new NewNotification(user, null, new Facts.Welcome(), null, null));
            });
        }
    }

    private List<String> statuses() {
        return ledger.jdbc
                .sql("SELECT status || ' ' || count(*) FROM notification GROUP BY status ORDER BY status")
                .query(String.class)
                .list();
    }

    private void awaitStatuses(String... expected) {
        await().atMost(LONG).untilAsserted(() -> assertThat(statuses()).containsExactly(expected));
    }

    private int attempts() {
        return ledger.jdbc
                .sql("SELECT sum(attempts) FROM notification")
                .query(Integer.class)
                .single();
    }

    private int count(String status) {
        return ledger.jdbc
                .sql("SELECT count(*) FROM notification WHERE status = ?")
                .param(status)
                .query(Integer.class)
                .single();
    }

    private int sent() {
        return count("SENT");
    }

    private int uncertain() {
        return count("UNCERTAIN");
    }

    private String error() {
        return ledger.jdbc
                .sql("SELECT error FROM notification ORDER BY error LIMIT 1")
                .query(String.class)
                .single();
    }

    private List<String> messageIds() {
        Pattern id = Pattern.compile("Message-ID: (\\S+)");
        return server.accepted().stream()
                .map(mail -> {
                    Matcher matcher = id.matcher(mail);
                    assertThat(matcher.find()).isTrue();
                    return matcher.group(1);
                })
                .toList();
    }

    @Test
    void sendsEachEmailOnceWithTwoInstances() {
        instance();
        instance();
        welcome(1, 60);
        awaitStatuses("SENT 60");
        assertThat(messageIds()).hasSize(60).doesNotHaveDuplicates();
        assertThat(ledger.jdbc
                        .sql("SELECT count(*) FROM notification WHERE attempts = 1 AND sent_at IS NOT NULL")
                        .query(Integer.class)
                        .single())
                .isEqualTo(60);
    }

    @Test
    void sendsNoMoreThanTheLimitWithTwoInstances() {
        DeliveryProperties tenInASecond = properties(Duration.ofMillis(50), Duration.ofMillis(100), 600);
        welcome(1, 30);
        instance(tenInASecond);
        instance(tenInASecond);
        awaitStatuses("SENT 30");
        assertThat(messageIds()).hasSize(30).doesNotHaveDuplicates();
        assertThat(ledger.jdbc
                        .sql("SELECT extract(epoch FROM max(handed_over_at) - min(handed_over_at)) FROM notification")
                        .query(Double.class)
                        .single())
                .isBetween(2.8, 10.0);
        assertThat(attempts()).isEqualTo(30);
    }

    @Test
    void keepsTheWordsThatWereSent() {
        instance();
        welcome(1, 1);
        awaitStatuses("SENT 1");
        long id = ledger.jdbc
                .sql("SELECT notification_id FROM notification")
                .query(Long.class)
                .single();
        assertThat(ledger.deliveries.content(id))
                .contains(templates.write(ledger.deliveries.find(id).orElseThrow()));
    }

    @Nested
    class AMailServer {

        /** Before it was told of any email: no email has an attempt less for it. */
        @ParameterizedTest
        @CsvSource({
            "connect, 421 busy",
            "connect, 554 no service here",
            "connect, drop",
            "connect, hang",
            "connect, drip",
            "ehlo,    421 closing"
        })
        void thatIsDownGetsAllEmailsAtTheirFirstAttemptOnceItIsBack(String step, String reply) {
            server.on(step, reply).on("helo", reply);
            instance();
            welcome(1, 20);
            await().atMost(LONG).until(() -> circuit.state().equals("OPEN"));
            assertThat(statuses()).allMatch(status -> status.startsWith("PENDING") || status.startsWith("SENDING"));
            server.wellAgain();
            awaitStatuses("SENT 20");
            assertThat(messageIds()).hasSize(20).doesNotHaveDuplicates();
            assertThat(attempts()).isEqualTo(20);
            assertThat(circuit.isClosed()).isTrue();
            assertThat(circuit.cause()).isNull();
        }

        @Test
        void thatGoesAwayInTheMiddleAndComesBackGetsEachEmailOnce() {
            instance();
            instance();
            welcome(1, 60);
            await().atMost(LONG).until(() -> server.accepted().size() > 5);
            server.goAway();
            welcome(61, 80);
            await().atMost(LONG).until(() -> circuit.state().equals("OPEN"));
            assertThat(circuit.cause()).endsWith("can't be used (no connection).");
            server.comeBack();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(statuses())
                            .allMatch(status -> status.startsWith("SENT") || status.startsWith("UNCERTAIN")));
            assertThat(messageIds()).doesNotHaveDuplicates();
            assertThat(sent() + uncertain()).isEqualTo(80);
            // Uncertain is only what the workers had in hand at that moment, one each.
            assertThat(uncertain()).isLessThanOrEqualTo(4);
            assertThat(server.accepted()).hasSizeBetween(sent(), 80);
        }

        /** The email was surely not taken, and nothing was said about it: it goes out once the mail server works. */
        @ParameterizedTest
        @CsvSource({
            "mail, 421 closing",
            "mail, 451 no space",
            "mail, 530 log in first",
            "mail, drip",
            "rcpt, 421 closing",
            "rcpt, drop",
            "data, hang",
            "end,  421 closing"
        })
        void thatFailsAtEachEmailGetsThemOnceItIsBack(String step, String reply) {
            server.on(step, reply);
            instance();
            welcome(1, 20);
            await().atMost(LONG).until(() -> circuit.state().equals("OPEN"));
            assertThat(statuses()).allMatch(status -> status.startsWith("PENDING") || status.startsWith("SENDING"));
            server.wellAgain();
            awaitStatuses("SENT 20");
            assertThat(messageIds()).hasSize(20).doesNotHaveDuplicates();
        }

        /** What is said to all emails is found out with a few of them. */
        @ParameterizedTest
        @CsvSource({"mail, 550 sender blocked, FAILED", "end, hang, UNCERTAIN", "end, drop, UNCERTAIN"})
        void thatSpoilsEachEmailGetsAFewOnly(String step, String reply, String status) {
            server.on(step, reply);
            welcome(1, 50);
            instance(properties(Duration.ofHours(1)));
            await().atMost(LONG).until(() -> circuit.state().equals("OPEN"));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(statuses()).noneMatch(some -> some.startsWith("SENDING")));
            assertThat(count(status)).isBetween(5, 6);
            assertThat(count("PENDING")).isEqualTo(50 - count(status));
        }

        @ParameterizedTest
        @CsvSource({
            "rcpt, 450 greylisted, PENDING",
            "rcpt, 550 nobody,     FAILED",
            "data, 554 no,         FAILED",
            "end,  554 spam,       FAILED"
        })
        void thatSaysNoToEachEmailWorks(String step, String reply, String status) {
            server.on(step, reply);
            welcome(1, 20);
            instance(properties(Duration.ofHours(1), Duration.ofHours(1), 0));
            await().atMost(LONG).untilAsserted(() -> assertThat(attempts()).isEqualTo(20));
            awaitStatuses(status + " 20");
            assertThat(circuit.isClosed()).isTrue();
        }

        @Test
        void thatIsDownIsLeftAloneForAPauseWhateverIsDue() {
            server.on("connect", "421 busy");
            welcome(1, 100);
            instance(properties(Duration.ofHours(1)));
            await().atMost(LONG).until(() -> circuit.state().equals("OPEN"));
            await().during(Duration.ofSeconds(1)).atMost(LONG).untilAsserted(() -> {
                assertThat(server.connections()).isBetween(5, 6);
                assertThat(statuses()).containsExactly("PENDING 100");
                assertThat(attempts()).isZero();
            });
            assertThat(circuit.cause()).endsWith("can't be used (421).");
        }

        @Test
        void thatIsDownIsTriedWithOneEmailAtATime() {
            server.on("mail", ScriptedSmtpServer.HANG);
            welcome(1, 30);
            instance();
            await().atMost(LONG).until(() -> circuit.state().equals("OPEN"));
            await().atMost(LONG).until(() -> count("SENDING") == 0); // what the other worker had in hand
            for (int probes = 0; probes < 3; probes++) {
                await().atMost(LONG).until(() -> circuit.state().equals("OPEN"));
                await().atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> count("SENDING") > 0);
                assertThat(count("SENDING")).isLessThanOrEqualTo(1);
            }
        }

        @Test
        void isTriedWithAConnectionWhenNoEmailIsDue() {
            server.on("mail", "421 closing");
            welcome(1, 5);
            instance(properties(Duration.ofMillis(50), Duration.ofHours(1), 0));
            await().atMost(LONG).until(() -> server.connections() == 6);
            await().atMost(LONG).until(circuit::isClosed);
            assertThat(statuses()).containsExactly("PENDING 5");
            assertThat(attempts()).isEqualTo(5);
        }

        @Test
        void thatBreaksOffAtOneEmailGetsTheOthers() {
            server.on("rcpt", recipient -> recipient.startsWith("user1@") ? ScriptedSmtpServer.DROP : "250 ok");
            instance();
            welcome(1, 1);
            await().atMost(LONG).untilAsserted(() -> assertThat(attempts()).isGreaterThan(2));
            welcome(2, 30);
            awaitStatuses("PENDING 1", "SENT 29");
            assertThat(messageIds()).hasSize(29).doesNotHaveDuplicates();
        }

        @Test
        void thatDefersIsTriedAgainWithGrowingPauses() {
            server.on("rcpt", "450 greylisted");
            instance();
            welcome(1, 1);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(ledger.jdbc
                                    .sql("SELECT attempts FROM notification")
                                    .query(Integer.class)
                                    .single())
                            .isGreaterThanOrEqualTo(3));
            assertThat(error()).contains("450");
            server.wellAgain();
            awaitStatuses("SENT 1");
            assertThat(server.accepted()).hasSize(1);
        }

        @Test
        void thatRefusesOneEmailGetsTheOthers() {
            welcome(1, 1);
            server.on("rcpt", "550 no such user");
            instance();
            awaitStatuses("FAILED 1");
            assertThat(error()).contains("550");
            server.wellAgain();
            welcome(2, 5);
            awaitStatuses("FAILED 1", "SENT 4");
        }

        @Test
        void thatFallsSilentAfterTheEmailLeavesItUncertainAndIsNotAskedAgain() {
            server.on("end", ScriptedSmtpServer.ACCEPT_AND_DROP);
            instance();
            welcome(1, 1);
            awaitStatuses("UNCERTAIN 1");
            server.wellAgain();
            welcome(2, 2);
            awaitStatuses("SENT 1", "UNCERTAIN 1");
            assertThat(messageIds()).hasSize(2).doesNotHaveDuplicates();
            assertThat(ledger.meters
                            .counter("eventshop.notifications.outcome", "status", "uncertain")
                            .count())
                    .isEqualTo(1);
        }

        @Test
        void thatHangsDoesNotHoldTheLedger() {
            server.on("rcpt", ScriptedSmtpServer.HANG);
            instance();
            welcome(1, 2);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(server.connections()).isPositive());
            assertThat(ledger.jdbc
                            .sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                                    + "AND state = 'idle in transaction'")
                            .query(Integer.class)
                            .single())
                    .isZero();
            welcome(3, 4);
            server.wellAgain();
            awaitStatuses("SENT 4");
            assertThat(messageIds()).hasSize(4).doesNotHaveDuplicates();
        }
    }

    @Nested
    class AWorker {

        @Test
        void goesOnAfterAnError() throws Exception {
            AtomicInteger errors = new AtomicInteger(properties().workers());
            Mailer real = mailer();
            Mailer failing = new Mailer() {
                @Override
                public Conversation open() {
                    if (errors.getAndDecrement() > 0) {
                        throw new NoClassDefFoundError("for each worker once");
                    }
                    return real.open();
                }

                @Override
                public void hangUp() {
                    real.hangUp();
                }

                @Override
                public Map<String, String> headers(OutgoingMail mail, @Nullable Instant handedOverAt) {
                    return real.headers(mail, handedOverAt);
                }
            };
            DeliveryWorkers workers = new DeliveryWorkers(
                    ledger.deliveries,
                    ledger.wakeUp,
                    properties(),
                    failing,
                    templates,
                    new MailServerCircuit(properties(), ledger.wakeUp, new SimpleMeterRegistry()),
                    new SendLimit(ledger.jdbc, 0),
                    ledger.meters);
            workers.start();
            stops.add(0, workers::stop);
            welcome(1, 1);
            awaitStatuses("SENT 1");
        }
    }

    @Nested
    class AProcessThatDies {

        /** Dies with the mail server's yes in its ears: the answer is never written down, and the lease not renewed. */
        @Test
        void betweenYesAndWritingItDownLeavesTheEmailUncertain() throws Exception {
            welcome(1, 1);
            CountDownLatch accepted = new CountDownLatch(1);
            Thread dying = new Thread(() -> new Courier(
                            new DyingBeforeSent(ledger.deliveries, accepted),
                            mailer(),
                            templates,
                            new MailServerCircuit(properties(), ledger.wakeUp, new SimpleMeterRegistry()),
                            new SendLimit(ledger.jdbc, 0),
                            properties(),
                            ledger.meters)
                    .deliver(UUID.randomUUID(), () -> true));
            dying.setDaemon(true);
            dying.start();
            assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(statuses()).containsExactly("SENDING 1");

            instance();
            awaitStatuses("UNCERTAIN 1");
            assertThat(server.accepted()).hasSize(1);
            dying.interrupt();

            long id = ledger.jdbc
                    .sql("SELECT notification_id FROM notification")
                    .query(Long.class)
                    .single();
            assertThat(ledger.deliveries.retry(id)).isTrue();
            awaitStatuses("SENT 1");
            assertThat(messageIds()).hasSize(2);
            assertThat(messageIds().get(1)).isEqualTo(messageIds().get(0));
        }

        @Test
        void beforeTheHandOverLeavesTheEmailToOthers() {
            welcome(1, 1);
            ledger.deliveries.claim(UUID.randomUUID(), 1, Duration.ofSeconds(1));
            instance();
            awaitStatuses("SENT 1");
            assertThat(server.accepted()).hasSize(1);
        }
    }

    @Test
    void finishesTheEmailInHandAndGivesBackTheRestWhenItStops() {
        welcome(1, 40);
        DeliveryWorkers workers = instance();
        await().atMost(LONG).untilAsserted(() -> assertThat(server.accepted()).isNotEmpty());
        workers.stop();
        int sent = ledger.jdbc
                .sql("SELECT count(*) FROM notification WHERE status = 'SENT'")
                .query(Integer.class)
                .single();
        assertThat(statuses()).noneMatch(status -> status.startsWith("SENDING") || status.startsWith("UNCERTAIN"));
        assertThat(server.accepted()).hasSize(sent);
    }

    /** The mail server goes on answering, a byte at a time. */
    @Test
    void breaksOffWhatTakesTooLongWhenItStopsAndWritesDownWhatBecameOfIt() {
        server.on("rcpt", ScriptedSmtpServer.DRIP);
        welcome(1, 2);
        DeliveryWorkers workers =
                instance(properties(Duration.ofMillis(50), Duration.ofMillis(100), 0, Duration.ofHours(1)));
        await().atMost(LONG).until(() -> server.recipients() > 0);
        workers.stop();
        assertThat(statuses()).containsExactly("PENDING 2");
        assertThat(attempts()).isPositive();
        assertThat(error()).contains("no answer in time");
    }
}
