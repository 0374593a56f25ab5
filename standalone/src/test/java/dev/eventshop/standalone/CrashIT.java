package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import dev.eventshop.standalone.client.Http;
import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.testing.TestMailbox;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Kills the process while customers order, and looks for anything that was lost or done twice. */
class CrashIT {

    private static final int ORDERS = Integer.getInteger("eventshop.test.orders", 300);
    private static final int CONNECTIONS = 20;

    /** Threads that talk to the mail server: so many emails can be on their way in one moment. */
    private static final int MAIL_WORKERS = 4;

    private static final String QUEUE = "crash-test";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private final Set<Integer> answered = ConcurrentHashMap.newKeySet();

    @Test
    void losesNothingAndDoesNothingTwice() throws Exception {
        Path data = folder.resolve("data");
        try (TestMailbox mailbox = TestMailbox.start()) {
            String[] mail = {"--spring.mail.host=127.0.0.1", "--spring.mail.port=" + mailbox.smtpPort()};
            try (StandaloneProcess shop = StandaloneProcess.start(data, mail).awaitReady()) {
                declareQueue(shop.endpoints());
                orderUntilKilled(shop);
            }
            assertThat(answered).hasSizeBetween(ORDERS / 2, ORDERS - 1);

            try (StandaloneProcess shop = StandaloneProcess.start(data, mail).awaitReady()) {
                Endpoints endpoints = shop.endpoints();
                JdbcTemplate database = database(endpoints);
                awaitQuiet(database, endpoints);

                assertThat(placed(database)).containsAll(answered);
                assertReadModelsAgree(database);
                assertThat(publishedIds(endpoints)).isEqualTo(publicEvents(database));
                assertOneEmailEach(database, mailbox);
            }
        }
    }

    private void orderUntilKilled(StandaloneProcess shop) throws Exception {
        ShopClient client = new ShopClient(shop.endpoints(), PATIENCE);
        int product = client.createProduct("Tea", BigDecimal.ONE, 1_000_000).id();
        List<Integer> users = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            users.add(client.register("crash." + i + "@example.com", "Customer " + i, "en")
                    .orElseThrow()
                    .id());
        }
        AtomicInteger left = new AtomicInteger(ORDERS);
        ExecutorService customers = Executors.newFixedThreadPool(CONNECTIONS);
        for (int user : users) {
            customers.execute(() -> {
                try {
                    while (left.getAndDecrement() > 0) {
                        answered.add(client.placeOrder(user, List.of(new Item(product, 1)))
                                .id());
                    }
                } catch (UnexpectedAnswer killed) {
                    left.set(0);
                }
            });
        }
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> answered.size() >= ORDERS / 2);
        assertThat(shop.signal("KILL")).isEqualTo(137);
        customers.shutdown();
        assertThat(customers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    private static JdbcTemplate database(Endpoints endpoints) {
        URI uri = URI.create(endpoints.postgresql());
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl("jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath());
        dataSource.setUser(uri.getUserInfo().split(":")[0]);
        dataSource.setPassword(uri.getUserInfo().split(":")[1]);
        return new JdbcTemplate(dataSource);
    }

    /** Until everything that follows from the events is done; what the dead process had claimed takes a while. */
    private static void awaitQuiet(JdbcTemplate database, Endpoints endpoints) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            int orders = placed(database).size();
            assertThat(count(database, "event_store.domain_event where event_type = 'OrderStatusChangedEvent'"))
                    .isEqualTo(orders);
            assertThat(count(database, "query_side.order_summary where status = 'CONFIRMED'"))
                    .isEqualTo(orders);
            assertThat(count(database, "notification.notification")).isEqualTo(CONNECTIONS + 2 * orders);
            assertThat(count(database, "notification.notification where status not in ('SENT', 'UNCERTAIN')"))
                    .isZero();
            assertThat(forwarderLag(endpoints)).isZero();
        });
    }

    private static long forwarderLag(Endpoints endpoints) {
        return Http.asOperator(endpoints, PATIENCE)
                .get(endpoints.commandSide() + "/api/admin/forwarder")
                .json()
                .path("lagEvents")
                .asLong(-1);
    }

    private static int count(JdbcTemplate database, String from) {
        return database.queryForObject("select count(*) from " + from, Integer.class);
    }

    private static Set<Integer> placed(JdbcTemplate database) {
        return new HashSet<>(database.queryForList(
                "select (payload->>'orderId')::int from event_store.domain_event"
                        + " where event_type = 'OrderCreatedEvent'",
                Integer.class));
    }

    private static void assertReadModelsAgree(JdbcTemplate database) {
        assertThat(new HashSet<>(database.queryForList("select order_id from query_side.order_summary", Integer.class)))
                .isEqualTo(placed(database));
        assertThat(count(database, "query_side.order_timeline"))
                .isEqualTo(2 * placed(database).size());
        assertThat(database.queryForObject("select sum(orders)::int from query_side.sales_day", Integer.class))
                .isEqualTo(placed(database).size());
        assertThat(count(database, "query_side.user_profile")).isEqualTo(CONNECTIONS);
    }

    private static Set<String> publicEvents(JdbcTemplate database) {
        String types =
                EventRegistry.published().stream().map(EventType::name).collect(Collectors.joining("', '", "'", "'"));
        return new HashSet<>(database.queryForList(
                "select event_id::text from event_store.domain_event where event_type in (" + types + ")",
                String.class));
    }

    private static Connection connect(Endpoints endpoints) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(endpoints.amqp());
        return factory.newConnection("crash-test");
    }

    private static void declareQueue(Endpoints endpoints) throws Exception {
        try (Connection connection = connect(endpoints);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
            channel.queueBind(QUEUE, EventRegistry.EXCHANGE, "#");
        }
    }

    private static Set<String> publishedIds(Endpoints endpoints) throws Exception {
        Set<String> ids = new HashSet<>();
        try (Connection connection = connect(endpoints);
                Channel channel = connection.createChannel()) {
            for (GetResponse message = channel.basicGet(QUEUE, true);
                    message != null;
                    message = channel.basicGet(QUEUE, true)) {
                ids.add(message.getProps().getMessageId());
            }
        }
        return ids;
    }

    private static void assertOneEmailEach(JdbcTemplate database, TestMailbox mailbox) {
        Map<Integer, Long> emails = mailbox.received().stream()
                .collect(Collectors.groupingBy(CrashIT::notificationId, Collectors.counting()));
        Set<Integer> sent = ids(database, "SENT");
        Set<Integer> uncertain = ids(database, "UNCERTAIN");

        assertThat(emails.values()).allMatch(count -> count == 1);
        assertThat(emails.keySet()).containsAll(sent);
        Set<Integer> others = new HashSet<>(emails.keySet());
        others.removeAll(sent);
        assertThat(uncertain).hasSizeLessThanOrEqualTo(MAIL_WORKERS).containsAll(others);
        assertThat(count(database, "(select distinct kind, user_id, order_id from notification.notification) n"))
                .isEqualTo(count(database, "notification.notification"));
    }

    private static Set<Integer> ids(JdbcTemplate database, String status) {
        return new HashSet<>(database.queryForList(
                "select notification_id::int from notification.notification where status = ?", Integer.class, status));
    }

    /** Message ids have the form {@code <notification-17.1767225600000@...>}. */
    private static int notificationId(MimeMessage email) {
        try {
            return Integer.parseInt(email.getMessageID().replaceAll("<notification-(\\d+)\\..*", "$1"));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
