package dev.eventshop.notification.delivery.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.notification.delivery.ledger.MailContent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class SmtpMailerTest {

    private final ScriptedSmtpServer server = new ScriptedSmtpServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private SmtpMailer mailer() {
        return mailer(server.port());
    }

    private static SmtpMailer mailer(int port) {
        return new SmtpMailer(settings(port), "Eventshop <shop@eventshop.example>");
    }

    private static JavaMailSenderImpl settings(int port) {
        JavaMailSenderImpl settings = new JavaMailSenderImpl();
        settings.setHost("127.0.0.1");
        settings.setPort(port);
        settings.getJavaMailProperties().put("mail.smtp.connectiontimeout", "500");
        settings.getJavaMailProperties().put("mail.smtp.timeout", "500");
        settings.getJavaMailProperties().put("mail.smtp.writetimeout", "500");
        return settings;
    }

    private static OutgoingMail to(String recipient) {
        return new OutgoingMail(
                17,
                Instant.parse("2026-01-01T00:00:00Z"),
                recipient,
                "en",
                new MailContent("Your order 17 is SHIPPED", "<p>Đã giao</p>", "Đã giao\n.\nend"));
    }

    private Answer send(OutgoingMail mail) throws Exception {
        try (Mailer.Conversation conversation = mailer().open()) {
            conversation.connect();
            return conversation.send(mail);
        }
    }

    @Nested
    class AnEmail {

        @Test
        void isAcceptedWithBothPartsAndAMessageIdThatStaysTheSame() throws Exception {
            assertThat(send(to("ann@example.org"))).isInstanceOf(Answer.Accepted.class);
            assertThat(send(to("ann@example.org"))).isInstanceOf(Answer.Accepted.class);

            assertThat(server.accepted())
                    .hasSize(2)
                    .allSatisfy(mail -> assertThat(mail)
                            .contains("Message-ID: <notification-17.1767225600000@eventshop.example>")
                            .contains("Subject: Your order 17 is SHIPPED\n")
                            .contains("Auto-Submitted: auto-generated")
                            .contains("multipart/alternative")
                            .contains("text/plain; charset=UTF-8")
                            .contains("text/html; charset=UTF-8"));
        }

        @Test
        void followsAnotherOnTheSameConnection() throws Exception {
            try (Mailer.Conversation conversation = mailer().open()) {
                for (int i = 0; i < 3; i++) {
                    conversation.connect();
                    assertThat(conversation.send(to("ann@example.org"))).isInstanceOf(Answer.Accepted.class);
                }
            }
            assertThat(server.connections()).isEqualTo(1);
        }

        @Test
        void isSentWithoutALoginWhenTheUserIsEmpty() throws Exception {
            server.on("ehlo", "250-hello\r\n250 AUTH PLAIN").on("auth", "535 unknown user");
            JavaMailSenderImpl settings = settings(server.port());
            settings.setUsername("");
            settings.setPassword("");

            try (Mailer.Conversation conversation =
                    new SmtpMailer(settings, "Eventshop <shop@eventshop.example>").open()) {
                conversation.connect();
                assertThat(conversation.send(to("ann@example.org"))).isInstanceOf(Answer.Accepted.class);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "ann",
                    "ann@example.org\r\nBcc: eve@example.org",
                    "ann@example.org, eve@example.org",
                    "Ann <ann@example.org>",
                    "group: ann@example.org;",
                    "ann@example.org\n",
                    "@example.org"
                })
        void isRefusedWithoutAWordToTheServerWhenTheAddressIsNone(String address) throws Exception {
            assertThat(send(to(address))).isInstanceOf(Answer.Refused.class);
            assertThat(server.accepted()).isEmpty();
        }

        @Test
        void keepsASubjectInOneHeaderLine() throws Exception {
            OutgoingMail hostile = new OutgoingMail(
                    1,
                    Instant.EPOCH,
                    "ann@example.org",
                    "en",
                    new MailContent("a\r\nBcc: eve@x.org\r\n\r\nb", "h", "t"));

            send(hostile);

            assertThat(server.accepted().get(0))
                    .contains("Subject: a Bcc: eve@x.org b\n")
                    .doesNotContain("\nBcc:");
        }
    }

    @Nested
    class AServerThatSaysNo {

        @ParameterizedTest
        @ValueSource(strings = {"mail", "rcpt", "data", "end"})
        void forNowDefersTheEmail(String step) throws Exception {
            server.on(step, "451 try later");
            assertThat(send(to("ann@example.org")))
                    .isInstanceOfSatisfying(
                            Answer.Deferred.class,
                            answer -> assertThat(answer.cause()).contains("451"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"mail", "rcpt", "data", "end"})
        void forEverRefusesTheEmail(String step) throws Exception {
            server.on(step, "550 no such user");
            assertThat(send(to("ann@example.org")))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            answer -> assertThat(answer.cause()).contains("550"));
        }

        @Test
        void goesOnWithTheNextEmailOnTheSameConnection() throws Exception {
            try (Mailer.Conversation conversation = mailer().open()) {
                conversation.connect();
                server.on("rcpt", "550 no such user");
                assertThat(conversation.send(to("nobody@example.org"))).isInstanceOf(Answer.Refused.class);
                server.wellAgain();
                conversation.connect();
                assertThat(conversation.send(to("ann@example.org"))).isInstanceOf(Answer.Accepted.class);
            }
        }
    }

    @Nested
    class AServerThatIsNotThere {

        @Test
        void isUnreachable() throws Exception {
            try (Socket taken = new Socket()) {
                taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // a port that nobody listens at
                try (Mailer.Conversation conversation =
                        mailer(taken.getLocalPort()).open()) {
                    assertThatThrownBy(conversation::connect).isInstanceOf(MailServerUnreachable.class);
                }
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {ScriptedSmtpServer.HANG, ScriptedSmtpServer.DROP, "554 go away", "421 busy"})
        void orDoesNotLetUsInIsUnreachableInBoundedTime(String greeting) {
            server.on("connect", greeting);
            long started = System.nanoTime();
            assertThatThrownBy(() -> send(to("ann@example.org"))).isInstanceOf(MailServerUnreachable.class);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Nested
    class AServerThatFallsSilent {

        @ParameterizedTest
        @ValueSource(strings = {"mail", "rcpt", "data"})
        void beforeTheEmailIsCompleteHasSurelyNotTakenIt(String step) throws Exception {
            server.on(step, ScriptedSmtpServer.HANG);
            assertThat(send(to("ann@example.org"))).isInstanceOf(Answer.Deferred.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"mail", "rcpt", "data"})
        void byBreakingTheConnectionBeforeItIsCompleteHasSurelyNotTakenIt(String step) throws Exception {
            server.on(step, ScriptedSmtpServer.DROP);
            assertThat(send(to("ann@example.org"))).isInstanceOf(Answer.Deferred.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {ScriptedSmtpServer.HANG, ScriptedSmtpServer.DROP, ScriptedSmtpServer.ACCEPT_AND_DROP})
        void afterTheEmailIsCompleteLeavesItOpen(String end) throws Exception {
            server.on("end", end);
            assertThat(send(to("ann@example.org"))).isInstanceOf(Answer.Unknown.class);
        }

        @Test
        void isConnectedAgainForTheNextEmail() throws Exception {
            try (Mailer.Conversation conversation = mailer().open()) {
                conversation.connect();
                server.on("end", ScriptedSmtpServer.DROP);
                assertThat(conversation.send(to("ann@example.org"))).isInstanceOf(Answer.Unknown.class);
                server.wellAgain();
                conversation.connect();
                assertThat(conversation.send(to("bob@example.org"))).isInstanceOf(Answer.Accepted.class);
            }
            assertThat(server.connections()).isEqualTo(2);
        }
    }
}
