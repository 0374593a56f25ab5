package dev.eventshop.notification;

import static dev.eventshop.notification.RunningApplication.changed;
import static dev.eventshop.notification.RunningApplication.created;
import static dev.eventshop.notification.RunningApplication.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.ScriptedSmtpServer;
import dev.eventshop.testing.TestBroker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The mail server's bad day is not the broker's. */
class MailOutageIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final ScriptedSmtpServer mailServer = new ScriptedSmtpServer();
    private RunningApplication application;

    @BeforeEach
    void start() throws Exception {
        TestBroker broker = TestBroker.embedded();
        broker.purge();
        application = new RunningApplication(
                broker,
                Map.of(
                        "spring.mail.host", "127.0.0.1",
                        "spring.mail.port", String.valueOf(mailServer.port()),
                        "spring.mail.properties[mail.smtp.timeout]", "1000",
                        "eventshop.notification.longest-reconnect", "500ms"));
    }

    @AfterEach
    void stop() throws Exception {
        application.close();
        mailServer.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 busy", ScriptedSmtpServer.HANG, ScriptedSmtpServer.DROP})
    void delaysEmailsAndNothingElse(String greeting) throws Exception {
        mailServer.on("connect", greeting);
        for (int i = 1; i <= 50; i++) {
            application.publish("user.registered", registered(i, "user" + i + "@example.org"));
            application.publish("order.created", created(i, i));
            application.publish("order.status-changed", changed(i, "PENDING", "CONFIRMED"));
        }
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(application.ledger()).hasSize(150).noneMatch(row -> row.endsWith("SENT")));
        await().atMost(LONG).untilAsserted(() -> {
            for (String queue : new String[] {"user.registered", "order.created", "order.status-changed"}) {
                assertThat(application.waiting(queue)).isZero();
            }
        });
        await().atMost(LONG).until(() -> circuit().equals("OPEN"));
        JsonNode health = application.management("/actuator/health");
        assertThat(health.get("status").asString()).isEqualTo("DEGRADED");
        assertThat(health.get("components").get("mail").get("status").asString())
                .isEqualTo("DEGRADED");
        assertThat(application
                        .management("/actuator/health/readiness")
                        .get("status")
                        .asString())
                .isEqualTo("UP");

        assertThat(application
                        .context
                        .getBean(MeterRegistry.class)
                        .get("eventshop.notifications.circuit")
                        .tag("state", "closed")
                        .gauge()
                        .value())
                .isZero();
        assertThat(application
                        .sql
                        .sql("SELECT sum(attempts) FROM notification")
                        .query(Integer.class)
                        .single())
                .isZero();

        mailServer.wellAgain();
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(application.ledger()).hasSize(150).allMatch(row -> row.endsWith("SENT")));
        assertThat(mailServer.accepted()).hasSize(150);
        assertThat(application.management("/actuator/health").get("status").asString())
                .isEqualTo("UP");
        assertThat(circuit()).isEqualTo("CLOSED");
    }

    /** The check of the connection tells nothing of it. */
    @Test
    void isShownWhenTheServerLetsUsInAndFailsAtTheEmails() throws Exception {
        mailServer.on("mail", "421 closing");
        for (int i = 1; i <= 30; i++) {
            application.publish("user.registered", registered(i, "user" + i + "@example.org"));
        }
        await().atMost(LONG).until(() -> circuit().equals("OPEN"));
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode mail =
                    application.management("/actuator/health").get("components").get("mail");
            assertThat(mail.get("status").asString()).isEqualTo("DEGRADED");
            assertThat(mail.get("details").has("error")).isFalse();
            assertThat(mail.get("details").get("lastFailure").asString())
                    .isEqualTo("The mail server did not let the email in (421).");
        });

        mailServer.wellAgain();
        await().atMost(LONG).until(() -> circuit().equals("CLOSED"));
    }

    private String circuit() throws Exception {
        return application
                .management("/actuator/health")
                .get("components")
                .get("mail")
                .get("details")
                .get("circuit")
                .asString();
    }
}
