package dev.eventshop.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.faults.Mailbox.Email;
import dev.eventshop.testing.ScriptedSmtpServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private final ScriptedSmtpServer server = new ScriptedSmtpServer();
    private final Mailbox mailbox = new Mailbox(server);

    @AfterEach
    void close() {
        server.close();
    }

    private void receive(int id, String subject) {
        server.accepted()
                .add("To: Ada\n <ada@example.com>\nMessage-ID: <notification-" + id + "@eventshop.example>\nSubject: "
                        + subject + "\n\nHello Ada,\n");
    }

    @Test
    void tellsTheStepsOfAnOrderApart() {
        receive(1, "Welcome to Eventshop");
        receive(2, "We have received your order 17 (PENDING)");
        receive(3, "Your order 17 is\n CONFIRMED");
        receive(4, "Your order 18 is CANCELLED");
        assertThat(mailbox.received())
                .isEqualTo(Map.of(
                        new Email("ada@example.com", "welcome"), 1,
                        new Email("ada@example.com", "17 PENDING"), 1,
                        new Email("ada@example.com", "17 CONFIRMED"), 1,
                        new Email("ada@example.com", "18 CANCELLED"), 1));
    }

    @Test
    void seesAStepTwiceUnderAnotherMessageId() {
        receive(1, "Your order 17 is CONFIRMED");
        mailbox.received();
        receive(2, "Your order 17 is CONFIRMED");
        assertThat(mailbox.received()).isEqualTo(Map.of(new Email("ada@example.com", "17 CONFIRMED"), 2));
    }
}
