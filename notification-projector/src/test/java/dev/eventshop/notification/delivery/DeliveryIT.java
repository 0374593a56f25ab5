package dev.eventshop.notification.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.notification.delivery.ledger.Facts;
import dev.eventshop.notification.delivery.ledger.LedgerDatabase;
import dev.eventshop.notification.delivery.ledger.LedgerSettings;
import dev.eventshop.notification.delivery.ledger.NewNotification;
import dev.eventshop.notification.delivery.mail.ScriptedSmtpServer;
import dev.eventshop.notification.delivery.mail.SmtpMailer;
import dev.eventshop.notification.delivery.template.MailTemplates;
import dev.eventshop.notification.recipient.RecipientDirectories;
import dev.eventshop.notification.recipient.RecipientDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Workers, database and a mail server that misbehaves. */
class DeliveryIT {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final LedgerDatabase ledger =
            new LedgerDatabase(new LedgerSettings(Duration.ofHours(24), Duration.ofHours(24)));
    private final RecipientDirectory directory = RecipientDirectories.on(ledger.jdbc, ledger.rechecks);
    private final ScriptedSmtpServer server = new ScriptedSmtpServer();
    private final MailTemplates templates = new MailTemplates("USD", "Eventshop");
    private final List<Runnable> stops = new ArrayList<>();

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
        return new DeliveryProperties(
                "Eventshop <shop@eventshop.example>",
                "Eventshop",
                2,
                5,
                Duration.ofMillis(200),
                Duration.ofSeconds(3),
                Duration.ofHours(24),
                Duration.ofHours(24),
                Duration.ofMillis(100),
                Duration.ofMillis(400),
                reconnect,
                reconnect.multipliedBy(8),
                Duration.ofMillis(200));
    }

    private SmtpMailer mailer() {
        JavaMailSenderImpl settings = new JavaMailSenderImpl();
        settings.setHost("127.0.0.1");
        settings.setPort(server.port());
        settings.getJavaMailProperties().put("mail.smtp.connectiontimeout", "500");
        settings.getJavaMailProperties().put("mail.smtp.timeout", "500");
        settings.getJavaMailProperties().put("mail.smtp.writetimeout", "500");
        return new SmtpMailer(settings, properties().from());
    }

    private DeliveryWorkers instance() {
        return instance(properties());
    }

    private DeliveryWorkers instance(DeliveryProperties properties) {
        DeliveryWorkers workers = new DeliveryWorkers(
                ledger.deliveries,
                ledger.wakeUp,
                properties,
                mailer(),
                templates,
                new MailServerGate(properties),
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
                ledger.notifications.record(new NewNotification(user, null, new Facts.Welcome(), null));
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

    private int attempted() {
        return ledger.jdbc
                .sql("SELECT count(*) FROM notification WHERE attempts > 0")
                .query(Integer.class)
                .single();
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

        @ParameterizedTest
        @ValueSource(strings = {"421 busy", ScriptedSmtpServer.DROP, ScriptedSmtpServer.HANG})
        void thatIsDownGetsAllEmailsOnceItIsBack(String greeting) {
            server.on("connect", greeting);
            instance();
            welcome(1, 20);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(server.connections()).isGreaterThan(2));
            assertThat(statuses().get(0)).startsWith("PENDING");
            server.wellAgain();
            awaitStatuses("SENT 20");
            assertThat(messageIds()).hasSize(20).doesNotHaveDuplicates();
        }

        @Test
        void thatIsDownIsLeftAloneForAPauseWhateverIsDue() {
            server.on("connect", "421 busy");
            welcome(1, 100);
            instance(properties(Duration.ofHours(1)));
            await().during(Duration.ofSeconds(1)).atMost(LONG).untilAsserted(() -> {
                assertThat(server.connections()).isBetween(1, 2);
                assertThat(attempted()).isBetween(5, 10);
            });
            assertThat(error()).contains("can't be used").contains("421");
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
                            new MailServerGate(properties()),
                            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                            ledger.meters)
                    .deliver(UUID.randomUUID(), 1, Duration.ofSeconds(2), () -> true));
            dying.setDaemon(true);
            dying.start();
            assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(statuses()).containsExactly("SENDING 1");

            instance();
            awaitStatuses("UNCERTAIN 1");
            assertThat(server.accepted()).hasSize(1);
            dying.interrupt();
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
}
