package dev.eventshop.notification;

import static dev.eventshop.notification.RunningApplication.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.eventshop.access.AccessRules;
import dev.eventshop.messaging.deadletter.ParkedMessage;
import dev.eventshop.messaging.deadletter.ParkedMessages;
import dev.eventshop.notification.deadletter.CountDeadLetters;
import dev.eventshop.notification.deadletter.DeadLetterCommandHandler;
import dev.eventshop.notification.deadletter.DeadLetterFilter;
import dev.eventshop.notification.deadletter.DeadLetterQueryHandler;
import dev.eventshop.notification.deadletter.DiscardDeadLetter;
import dev.eventshop.notification.deadletter.DiscardDeadLetters;
import dev.eventshop.notification.deadletter.FindDeadLetter;
import dev.eventshop.notification.deadletter.ListDeadLetterGroups;
import dev.eventshop.notification.deadletter.ListDeadLetters;
import dev.eventshop.notification.deadletter.RetryDeadLetter;
import dev.eventshop.notification.deadletter.RetryDeadLetters;
import dev.eventshop.notification.delivery.ledger.FindNotification;
import dev.eventshop.notification.delivery.ledger.FindNotificationPreview;
import dev.eventshop.notification.delivery.ledger.LedgerCommandHandler;
import dev.eventshop.notification.delivery.ledger.LedgerFilter;
import dev.eventshop.notification.delivery.ledger.LedgerQueryHandler;
import dev.eventshop.notification.delivery.ledger.ListNotifications;
import dev.eventshop.notification.delivery.ledger.RetryNotification;
import dev.eventshop.testing.AccessMatrix;
import dev.eventshop.testing.RunningMappings;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestMailbox;
import dev.eventshop.web.ProblemException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Who may do what. */
class AccessMatrixIT {

    private static final Set<String> STAFF = Set.of("staff", "operator");
    private static final Set<String> OPERATORS = Set.of("operator");
    private static final String LETTERS = "/api/admin/dead-letters";

    private static TestMailbox mailbox;
    private static RunningApplication application;
    private static long notification;

    @BeforeAll
    static void start() throws Exception {
        TestBroker broker = TestBroker.embedded();
        broker.purge();
        mailbox = TestMailbox.start();
        application = new RunningApplication(broker, new HashMap<>(mailbox.springProperties()));
        application.publish("user.registered", registered(7, "ada@example.com"));
        await().untilAsserted(() -> assertThat(application.ledger()).containsExactly("WELCOME SENT"));
        notification = application
                .json("/api/notifications")
                .path("items")
                .path(0)
                .path("notificationId")
                .longValue();
    }

    @AfterAll
    static void stop() throws Exception {
        application.close();
        mailbox.close();
    }

    @AfterEach
    void nobody() {
        SecurityContextHolder.clearContext();
    }

    /** Every route as everybody. */
    @Test
    void letsThroughWhoMayAndNobodyElse() {
        String path = "/api/notifications/" + notification;
        Set<String> routes = RunningMappings.of(application.context);
        AccessMatrix matrix = new AccessMatrix(application.base)
                .route("GET /api/notifications", STAFF, () -> "/api/notifications", (String) null)
                .route("GET /api/notifications/{id}", STAFF, () -> path, (String) null)
                .route("POST /api/notifications/{id}/retry", STAFF, () -> path + "/retry", (String) null)
                .expecting("POST /api/notifications/{id}/retry", "staff", 409) // it was sent
                .expecting("POST /api/notifications/{id}/retry", "operator", 409)
                .route("GET /api/admin/audit", OPERATORS, () -> "/api/admin/audit", (String) null)
                .route("GET /api/admin/recent-metrics", OPERATORS, () -> "/api/admin/recent-metrics", (String) null)
                .route("GET /api/admin/queues", OPERATORS, () -> "/api/admin/queues", (String) null)
                .route("GET /api/admin/dead-letters", OPERATORS, () -> LETTERS, (String) null)
                .route("GET /api/admin/dead-letters/groups", OPERATORS, () -> LETTERS + "/groups", (String) null)
                .route("GET /api/admin/dead-letters/hours", OPERATORS, () -> LETTERS + "/hours", (String) null)
                .route("GET /api/admin/dead-letters/{id}", OPERATORS, () -> LETTERS + "/" + deadLetter(), (String) null)
                .route("DELETE /api/admin/dead-letters/{id}", OPERATORS, () -> LETTERS + "/" + deadLetter(), (String)
                        null)
                .route(
                        "POST /api/admin/dead-letters/{id}/retry",
                        OPERATORS,
                        () -> LETTERS + "/" + deadLetter() + "/retry",
                        (String) null)
                .route("POST /api/admin/dead-letters/retry", OPERATORS, () -> LETTERS + "/retry", "{}")
                .route("POST /api/admin/dead-letters/discard", OPERATORS, () -> LETTERS + "/discard", "{}")
                .documentation()
                .run(routes);
        LoggerFactory.getLogger(getClass()).info("{} routes, {} calls", routes.size(), matrix.calls());
        assertThat(matrix.unexpected()).isEmpty();
    }

    /** One more, with nothing in it that could be handled. */
    private static long deadLetter() {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .messageId(UUID.randomUUID().toString())
                .build();
        application
                .context
                .getBean(ParkedMessages.class)
                .keep(new ParkedMessage("order.created", properties, new byte[0]));
        return application
                .sql
                .sql("select max(dead_letter_id) from dead_letter")
                .query(Long.class)
                .single();
    }

    /** Whichever way somebody comes to them, not over HTTP alone. */
    @Test
    void refusesCommandsAndQueriesToCustomers() {
        is("customer");
        refuses(handled());
        refuses(handledForOperators());
    }

    @Test
    void refusesWhatIsForOperatorsToStaff() {
        is("staff");
        refuses(handledForOperators());
    }

    private static void refuses(Map<String, Runnable> handled) {
        handled.forEach((message, sent) -> assertThatThrownBy(sent::run)
                .as(message)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.code()).isEqualTo(AccessRules.FORBIDDEN)));
    }

    @Test
    void refusesCommandsAndQueriesOfNobody() {
        handled()
                .forEach((message, sent) ->
                        assertThatThrownBy(sent::run).as(message).hasMessageContaining("no caller"));
    }

    @Test
    void handlesWhatIsForOperators() {
        is("operator");
        handledForOperators().values().forEach(Runnable::run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"staff", "operator"})
    void handlesCommandsAndQueriesOf(String role) {
        is(role);
        handled().values().forEach(Runnable::run);
    }

    private static Map<String, Runnable> handled() {
        LedgerQueryHandler queries = application.context.getBean(LedgerQueryHandler.class);
        LedgerCommandHandler commands = application.context.getBean(LedgerCommandHandler.class);
        Map<String, Runnable> handled = new LinkedHashMap<>();
        handled.put(
                "list",
                () -> assertThat(queries.handle(
                                new ListNotifications(new LedgerFilter(null, null, null, null, null), 10)))
                        .hasSize(1));
        handled.put(
                "find",
                () -> assertThat(queries.handle(new FindNotification(notification)))
                        .isPresent());
        handled.put(
                "preview",
                () -> assertThat(queries.handle(new FindNotificationPreview(notification, true)))
                        .isPresent());
        handled.put(
                "retry",
                () -> assertThat(commands.handle(new RetryNotification(notification)))
                        .isFalse()); // it was sent
        return handled;
    }

    private static Map<String, Runnable> handledForOperators() {
        DeadLetterQueryHandler queries = application.context.getBean(DeadLetterQueryHandler.class);
        DeadLetterCommandHandler commands = application.context.getBean(DeadLetterCommandHandler.class);
        DeadLetterFilter none = new DeadLetterFilter("no such queue", null);
        return Map.of(
                "list",
                        () -> assertThat(queries.handle(new ListDeadLetters("no such queue", null, true, null, 10)))
                                .isEmpty(),
                "find",
                        () -> assertThat(queries.handle(new FindDeadLetter(0, true)))
                                .isEmpty(),
                "groups",
                        () -> assertThat(queries.handle(new ListDeadLetterGroups(true, null, 10)))
                                .isNotNull(),
                "hours",
                        () -> assertThat(queries.handle(new CountDeadLetters())).isNotNull(),
                "retry",
                        () -> assertThat(commands.handle(new RetryDeadLetter(0)))
                                .isZero(),
                "discard",
                        () -> assertThat(commands.handle(new DiscardDeadLetter(0)))
                                .isZero(),
                "retry all",
                        () -> assertThat(commands.handle(new RetryDeadLetters(none)))
                                .isZero(),
                "discard all",
                        () -> assertThat(commands.handle(new DiscardDeadLetters(none)))
                                .isZero());
    }

    private static void is(String role) {
        Jwt token = Jwt.withTokenValue("token")
                .header("alg", "none")
                .issuer("https://issuer.example")
                .subject("somebody")
                .claim("roles", List.of(role))
                .build();
        SecurityContextHolder.getContext().setAuthentication(new JwtAuthenticationToken(token));
    }
}
