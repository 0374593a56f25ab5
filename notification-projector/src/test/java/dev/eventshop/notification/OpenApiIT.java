package dev.eventshop.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.testing.OpenApiDocument;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestMailbox;
import java.util.HashMap;
import org.junit.jupiter.api.Test;

/** The published description of the service. */
class OpenApiIT {

    @Test
    void isCompleteAndTheOneInTheDocumentation() throws Exception {
        TestMailbox mailbox = TestMailbox.start();
        try (RunningApplication application =
                new RunningApplication(TestBroker.embedded(), new HashMap<>(mailbox.springProperties()))) {
            OpenApiDocument document = OpenApiDocument.of(application.base, "notification-projector");
            String copy = document.copy();

            assertThat(document.gaps()).isEmpty();
            assertThat(copy)
                    .as("docs/api/notification-projector.json; -Deventshop.test.write-api=true writes it anew")
                    .isEqualTo(document.text());
        } finally {
            mailbox.close();
        }
    }
}
