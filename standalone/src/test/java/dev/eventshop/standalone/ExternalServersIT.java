package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.standalone.client.Http;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.testing.TcpProxy;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestMailbox;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** With the user's own servers in place of the embedded ones. */
class ExternalServersIT {

    @TempDir
    private Path folder;

    private static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void areUsedInPlaceOfTheEmbeddedOnes(TestBroker broker) {
        broker.purge();
        URI amqp = URI.create(broker.uri());
        try (TestDatabase database = TestDatabase.create();
                TestMailbox mailbox = TestMailbox.start();
                TcpProxy mail = TcpProxy.to(mailbox.smtpPort());
                StandaloneProcess shop = StandaloneProcess.start(
                        List.of(),
                        Map.of(
                                "SPRING_DATASOURCE_URL",
                                database.url(),
                                "SPRING_DATASOURCE_USERNAME",
                                database.adminUser(),
                                "SPRING_DATASOURCE_PASSWORD",
                                database.adminPassword(),
                                "SPRING_RABBITMQ_ADDRESSES",
                                broker.uri()),
                        folder,
                        "--spring.mail.host=127.0.0.1",
                        "--spring.mail.port=" + mail.port())) {
            shop.awaitReady();

            Endpoints endpoints = shop.endpoints();
            assertThat(URI.create(endpoints.amqp()).getPort()).isEqualTo(amqp.getPort());
            assertThat(endpoints.postgresql())
                    .endsWith(database.url().substring(database.url().indexOf("//") + 2));
            assertThat(endpoints.smtp()).isEqualTo("smtp://127.0.0.1:" + mail.port());
            assertThat(folder.resolve("postgresql")).doesNotExist();
            assertThat(folder.resolve("broker")).doesNotExist();
            assertEveryServiceHasTheRightsOfItsRole(database, endpoints);

            try (StandaloneProcess test = StandaloneProcess.run("test-events", folder, "--timeout", "120")) {
                assertThat(test.exitCode()).as(test.out() + test.err()).isZero();
            }
            assertThat(mailbox.received()).hasSizeGreaterThan(5);
            try (StandaloneProcess check = StandaloneProcess.run("check", folder)) {
                assertThat(check.exitCode()).as(check.out()).isZero();
            }

            mail.cut();
            assertTheMissingHopIsNamed();
            assertTheProblemIsNamed();
            assertThat(shop.signal("TERM")).isEqualTo(143);
        }
    }

    /** A login that may do everything would not notice what is taken away from the role. */
    private static void assertEveryServiceHasTheRightsOfItsRole(TestDatabase database, Endpoints endpoints) {
        Http http = Http.asOperator(endpoints, Duration.ofMinutes(1));
        assertNeeded(
                http, database, "query_side.product_catalog", "query_side", endpoints.querySide() + "/api/products");
        assertNeeded(
                http,
                database,
                "notification.notification",
                "notification",
                endpoints.notificationProjector() + "/api/notifications");
        assertNeeded(
                http,
                database,
                "event_store.domain_event",
                "command_side",
                endpoints.commandSide() + "/api/admin/forwarder");
    }

    private static void assertNeeded(Http http, TestDatabase database, String table, String role, String url) {
        JdbcTemplate jdbc = new JdbcTemplate(database.admin());
        assertThat(http.get(url).status()).as(url).isEqualTo(200);
        jdbc.execute("revoke select on " + table + " from " + role);
        try {
            assertThat(http.get(url).status()).as(url).isEqualTo(500);
        } finally {
            jdbc.execute("grant select on " + table + " to " + role);
        }
    }

    private void assertTheMissingHopIsNamed() {
        try (StandaloneProcess test = StandaloneProcess.run("test-events", folder, "--timeout", "3")) {
            assertThat(test.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(test.out()).containsPattern("UserRegisteredEvent( +\\d+ ms){4} +MISSING");
            assertThat(test.err()).contains("UserRegisteredEvent: the email was not sent (it is PENDING).");
        }
    }

    private void assertTheProblemIsNamed() {
        try (StandaloneProcess check = StandaloneProcess.run("check", folder)) {
            assertThat(check.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(check.out())
                    .containsPattern("notification-projector +DEGRADED")
                    .contains("! The service notification-projector is DEGRADED: mail DEGRADED.");
        }
    }

    private void assertRefused(String sentence, String... arguments) {
        try (StandaloneProcess shop = StandaloneProcess.start(folder, arguments)) {
            assertThat(shop.exitCode()).isEqualTo(ExitCode.SERVER);
            assertThat(shop.err().lines()).singleElement().asString().contains(sentence);
        }
    }

    @Nested
    class AreRefused {

        private final TcpProxy nobody = TcpProxy.refusing(1);

        @AfterEach
        void close() {
            nobody.close();
        }

        @Test
        void whenTheDatabaseCannotBeReached() {
            assertRefused(
                    "PostgreSQL at 127.0.0.1:" + nobody.port() + " can't be reached: ",
                    "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + nobody.port() + "/shop");
        }

        @Test
        void whenTheBrokerCannotBeReached() {
            assertRefused(
                    "RabbitMQ at 127.0.0.1:" + nobody.port() + " can't be reached: Connection refused.",
                    "--spring.rabbitmq.addresses=127.0.0.1:" + nobody.port());
        }

        @Test
        void whenTheMailServerCannotBeReached() {
            assertRefused(
                    "The mail server at 127.0.0.1:" + nobody.port() + " can't be reached: Connection refused.",
                    "--spring.mail.host=127.0.0.1",
                    "--spring.mail.port=" + nobody.port());
        }

        @Test
        void whenTheBrokerDoesNotKnowTheUser() {
            URI broker = URI.create(TestBroker.embedded().uri());
            assertRefused(
                    "RabbitMQ at 127.0.0.1:" + broker.getPort() + " refuses user nobody: ",
                    "--spring.rabbitmq.addresses=nobody:wrong@127.0.0.1:" + broker.getPort());
        }
    }
}
