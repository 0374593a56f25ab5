package dev.eventshop.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailSinkTest {

    private MailSink sink;

    @BeforeEach
    void start() {
        sink = MailSink.start(0, 3);
    }

    @AfterEach
    void stop() {
        sink.close();
    }

    @Test
    void takesEveryEmail() throws Exception {
        send("Order 17: confirmed", "Thank you");

        assertThat(sink.received()).singleElement().satisfies(message -> {
            assertThat(message.getSubject()).isEqualTo("Order 17: confirmed");
            assertThat(message.getContent()).asString().isEqualToIgnoringNewLines("Thank you");
            assertThat(message.getAllRecipients()).containsExactly(new InternetAddress("customer@example.org"));
        });
    }

    @Test
    void keepsLettersOfAllLanguages() throws Exception {
        send("Đơn hàng 17: đã xác nhận ✓", "Cảm ơn bạn – grüße, ありがとう 🎉");

        assertThat(sink.received()).singleElement().satisfies(message -> {
            assertThat(message.getSubject()).isEqualTo("Đơn hàng 17: đã xác nhận ✓");
            assertThat(message.getContent()).asString().isEqualToIgnoringNewLines("Cảm ơn bạn – grüße, ありがとう 🎉");
        });
    }

    @Test
    void keepsTheNewest() throws Exception {
        for (int i = 1; i <= 5; i++) {
            send("email " + i, "text");
        }

        assertThat(sink.received())
                .extracting(MimeMessage::getSubject)
                .containsExactly("email 3", "email 4", "email 5");
    }

    @Test
    void keepsAnEmailToSeveralOnce() throws Exception {
        MimeMessage message = message("to two", "text");
        message.addRecipient(RecipientType.CC, new InternetAddress("other@example.org"));
        Transport.send(message);

        assertThat(sink.received()).hasSize(1);
    }

    @Test
    void forgetsWhenItIsCleared() throws Exception {
        send("email", "text");

        sink.clear();

        assertThat(sink.received()).isEmpty();
    }

    @Test
    void listensOnLoopbackOnly() {
        assertThatThrownBy(() -> new Socket("127.0.0.2", sink.port())).isInstanceOf(ConnectException.class);
    }

    @Test
    void refusesAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> MailSink.start(taken.getLocalPort(), 3))
                    .isInstanceOf(PortTaken.class)
                    .hasMessage("Port " + taken.getLocalPort() + " for SMTP is taken by another process.");
        }
    }

    @Test
    void takesThePortThatWasAskedFor() throws Exception {
        int port = LoopbackPorts.free();

        try (MailSink other = MailSink.start(port, 3)) {
            assertThat(other.port()).isEqualTo(port);
        }
    }

    @Test
    void isGoneWhenItIsClosed() {
        sink.close();

        assertThatThrownBy(() -> send("email", "text")).isInstanceOf(MessagingException.class);
    }

    private void send(String subject, String text) throws MessagingException {
        Transport.send(message(subject, text));
    }

    private MimeMessage message(String subject, String text) throws MessagingException {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(sink.port()));
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("shop@example.org"));
        message.setRecipient(RecipientType.TO, new InternetAddress("customer@example.org"));
        message.setSubject(subject, "UTF-8");
        message.setText(text, "UTF-8");
        return message;
    }
}
