package dev.eventshop.notification.delivery.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.eventshop.notification.delivery.ledger.MailContent;
import dev.eventshop.testing.ScriptedSmtpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class SmtpMailerTest {

    /** Longer than a server may be silent. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final ScriptedSmtpServer server = new ScriptedSmtpServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private SmtpMailer mailer() {
        return mailer(server.port());
    }

    private static SmtpMailer mailer(int port) {
        return new SmtpMailer(settings(port), "Eventshop <shop@eventshop.example>", LIMIT);
    }

    private static JavaMailSenderImpl settings(int port) {
        JavaMailSenderImpl settings = new JavaMailSenderImpl();
        settings.setHost("127.0.0.1");
        settings.setPort(port);
        settings.getJavaMailProperties().put("mail.smtp.connectiontimeout", "1500");
        settings.getJavaMailProperties().put("mail.smtp.timeout", "1500");
        settings.getJavaMailProperties().put("mail.smtp.writetimeout", "1500");
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
                    new SmtpMailer(settings, "Eventshop <shop@eventshop.example>", LIMIT).open()) {
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
                            answer -> assertThat(answer.failure().summary())
                                    .isEqualTo("The mail server deferred the email (451)."));
        }

        @ParameterizedTest
        @ValueSource(strings = {"mail", "rcpt", "data", "end"})
        void forEverRefusesTheEmail(String step) throws Exception {
            server.on(step, "550 no such user");
            assertThat(send(to("ann@example.org")))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            answer -> assertThat(answer.failure().summary())
                                    .isEqualTo("The mail server refused the email (550)."));
        }

        /** However it quotes them, and wherever in the conversation. */
        @ParameterizedTest
        @MethodSource("quotes")
        void tellsNothingOfThePersonButToWhoMayReadIt(String step, String quote) throws Exception {
            server.on(step, "550 5.1.1 " + quote + " unknown");
            assertThat(send(to("ann.lovelace@example.org"))).isInstanceOfSatisfying(Answer.Refused.class, answer -> {
                assertThat(answer.failure().summary()).isEqualTo("The mail server refused the email (550 5.1.1).");
                assertThat(answer.failure().said()).contains(quote);
                assertThat(answer.toString()).doesNotContain(quote);
            });
        }

        static Stream<Arguments> quotes() {
            return Stream.of("mail", "rcpt", "data", "end")
                    .flatMap(step -> Stream.of(
                                    "<ann.lovelace@example.org>",
                                    "\"ann.lovelace\"@example.org",
                                    "ann.lovelace%40example.org",
                                    "YW5uLmxvdmVsYWNlQGV4YW1wbGUub3Jn",
                                    "Ann Lovelace")
                            .map(quote -> Arguments.of(step, quote)));
        }

        @ParameterizedTest
        @CsvSource({
            "mail, 451 later,      true",
            "mail, 550 no sender,  true",
            "mail, 530 log in,     true",
            "rcpt, 421 closing,    true",
            "rcpt, 450 greylisted, false",
            "rcpt, 550 nobody,     false",
            "data, 451 later,      false",
            "data, 554 no,         false",
            "end,  421 closing,    true",
            "end,  452 full,       false",
            "end,  554 spam,       false"
        })
        void failsItselfWhenAnyEmailWouldHaveMetTheSame(String step, String reply, boolean itself) throws Exception {
            server.on(step, reply);
            assertThat(send(to("ann@example.org")).mailServerFailure().isPresent())
                    .isEqualTo(itself);
        }

        @Test
        void toTheLoginItDoesNotAskForAtFirstDefersTheEmail() throws Exception {
            server.on("mail", "530 5.7.0 Authentication required");
            assertThat(send(to("ann@example.org")))
                    .isInstanceOfSatisfying(
                            Answer.Deferred.class,
                            answer -> assertThat(answer.failure().summary())
                                    .isEqualTo("The mail server did not let the email in (530 5.7.0)."));
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
        @CsvSource({
            "hang, no answer in time",
            "drop, connection broken",
            "554 go away, 554",
            "421 4.7.0 busy with ann@example.org, 421"
        })
        void orDoesNotLetUsInIsToldByNumbersAndWordsOfOurs(String greeting, String kind) {
            server.on("connect", greeting);
            assertThatThrownBy(() -> send(to("ann@example.org")))
                    .hasMessage("The mail server 127.0.0.1:" + server.port() + " can't be used (" + kind + ").");
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

    /** It never falls silent for long, so that no timeout between two bytes helps. */
    @Nested
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    class AServerThatDrips {

        @ParameterizedTest
        @ValueSource(strings = {"connect", "ehlo"})
        void beforeItLetsUsInIsUnreachable(String step) {
            server.on(step, ScriptedSmtpServer.DRIP);
            assertThatThrownBy(() -> inTime(() -> send(to("ann@example.org"))))
                    .hasMessage("The mail server 127.0.0.1:" + server.port() + " can't be used (no answer in time).");
        }

        @ParameterizedTest
        @ValueSource(strings = {"mail", "rcpt", "data"})
        void beforeTheEmailIsCompleteHasSurelyNotTakenIt(String step) throws Exception {
            server.on(step, ScriptedSmtpServer.DRIP);
            assertThat(inTime(() -> send(to("ann@example.org"))))
                    .isInstanceOfSatisfying(
                            Answer.Deferred.class,
                            answer -> assertThat(answer.failure().summary()).contains("(no answer in time)"));
        }

        @Test
        void afterTheEmailIsCompleteLeavesItOpen() throws Exception {
            server.on("end", ScriptedSmtpServer.DRIP);
            assertThat(inTime(() -> send(to("ann@example.org"))))
                    .isInstanceOfSatisfying(
                            Answer.Unknown.class,
                            answer -> assertThat(answer.failure().summary()).contains("(no answer in time)"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"noop", "quit"})
        void betweenEmailsOrAfterThemHoldsUpNobody(String step) throws Exception {
            server.on(step, ScriptedSmtpServer.DRIP);
            assertThat(inTime(() -> {
                        try (Mailer.Conversation conversation = mailer().open()) {
                            conversation.connect();
                            conversation.send(to("ann@example.org"));
                            conversation.connect();
                            return conversation.send(to("bob@example.org"));
                        }
                    }))
                    .isInstanceOf(Answer.Accepted.class);
            assertThat(server.accepted()).hasSize(2);
        }

        @Test
        void isToldByTheCheckInTime() throws Exception {
            server.on("connect", ScriptedSmtpServer.DRIP);
            assertThat(inTime(() -> new MailServerCheck(settings(server.port())).problem()))
                    .contains("no answer in time");
        }

        private <T> T inTime(Callable<T> call) throws Exception {
            long started = System.nanoTime();
            try {
                return call.call();
            } finally {
                assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(LIMIT.plusSeconds(4));
            }
        }
    }

    @Nested
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    class HangingUp {

        @Test
        void breaksOffWhatWaitsForAnAnswer() throws Exception {
            server.on("rcpt", ScriptedSmtpServer.DRIP);
            SmtpMailer patient = new SmtpMailer(
                    settings(server.port()), "Eventshop <shop@eventshop.example>", Duration.ofMinutes(5));
            try (Mailer.Conversation conversation = patient.open()) {
                conversation.connect();
                Thread other = new Thread(() -> {
                    await().until(() -> server.recipients() == 1);
                    patient.hangUp();
                });
                other.start();
                assertThat(conversation.send(to("ann@example.org"))).isInstanceOf(Answer.Deferred.class);
                other.join();
            }
        }
    }

    /** Sockets that can be cut off are made without TLS, which is put around them. */
    @Test
    void sendsThroughTlsAndWithALogin() throws Exception {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS);
        setup.setServerStartupTimeout(60_000); // 2 s by default, which a busy machine may need more than
        GreenMail tls = new GreenMail(setup);
        tls.setUser("shop@eventshop.example", "shop", "secret");
        tls.start();
        try {
            JavaMailSenderImpl settings = new JavaMailSenderImpl();
            settings.setProtocol("smtps");
            settings.setHost("127.0.0.1");
            settings.setPort(tls.getSmtps().getPort());
            settings.setUsername("shop");
            settings.setPassword("secret");
            settings.getJavaMailProperties().put("mail.smtps.ssl.trust", "127.0.0.1");
            settings.getJavaMailProperties().put("mail.smtps.ssl.checkserveridentity", "false");
            settings.getJavaMailProperties().put("mail.smtps.auth", "true");
            try (Mailer.Conversation conversation =
                    new SmtpMailer(settings, "Eventshop <shop@eventshop.example>", LIMIT).open()) {
                conversation.connect();
                assertThat(conversation.send(to("ann@example.org"))).isInstanceOf(Answer.Accepted.class);
            }
            assertThat(tls.getReceivedMessages()).hasSize(1);
            assertThat(new MailServerCheck(settings).problem()).isEmpty();

            settings.setPassword("wrong");
            assertThat(new MailServerCheck(settings).problem())
                    .hasValueSatisfying(problem -> assertThat(problem).startsWith("login refused"));
        } finally {
            tls.stop();
        }
    }
}
