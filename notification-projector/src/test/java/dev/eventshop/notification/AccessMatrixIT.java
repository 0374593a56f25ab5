package dev.eventshop.notification;

import static dev.eventshop.notification.RunningApplication.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.AccessMatrix;
import dev.eventshop.testing.RunningMappings;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestMailbox;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Every route as everybody. */
class AccessMatrixIT {

    private static final Set<String> STAFF = Set.of("staff", "operator");
    private static final Set<String> OPERATORS = Set.of("operator");

    @Test
    void letsThroughWhoMayAndNobodyElse() throws Exception {
        TestBroker broker = TestBroker.embedded();
        broker.purge();
        TestMailbox mailbox = TestMailbox.start();
        Map<String, String> properties = new HashMap<>(mailbox.springProperties());
        try (RunningApplication application = new RunningApplication(broker, properties)) {
            application.publish("user.registered", registered(7, "ada@example.com"));
            await().untilAsserted(() -> assertThat(application.ledger()).containsExactly("WELCOME SENT"));
            String notification = "/api/notifications/"
                    + application
                            .json("/api/notifications")
                            .path("items")
                            .path(0)
                            .path("notificationId")
                            .longValue();

            Set<String> routes = RunningMappings.of(application.context);
            AccessMatrix matrix = new AccessMatrix(application.base)
                    .route("GET /api/notifications", STAFF, () -> "/api/notifications", (String) null)
                    .route("GET /api/notifications/{id}", STAFF, () -> notification, (String) null)
                    .route("POST /api/notifications/{id}/retry", STAFF, () -> notification + "/retry", (String) null)
                    .expecting("POST /api/notifications/{id}/retry", "staff", 409) // it was sent
                    .expecting("POST /api/notifications/{id}/retry", "operator", 409)
                    .route("GET /api/admin/queues", OPERATORS, () -> "/api/admin/queues", (String) null)
                    .documentation()
                    .run(routes);
            LoggerFactory.getLogger(getClass()).info("{} routes, {} calls", routes.size(), matrix.calls());
            assertThat(matrix.unexpected()).isEmpty();
        } finally {
            mailbox.close();
        }
    }
}
