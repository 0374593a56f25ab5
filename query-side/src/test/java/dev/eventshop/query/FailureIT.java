package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcOperations;
import tools.jackson.databind.JsonNode;

class FailureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide query;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        query = RunningQuerySide.on(database);
        String position = events.user(1, "ada@example.com");
        awaitAll(position);
    }

    @AfterEach
    void stop() {
        query.close();
        events.close();
        database.close();
    }

    private void awaitAll(String position) {
        for (String path : List.of("/api/orders", "/api/products", "/api/users/1", "/api/statistics/sales")) {
            query.get(path, "Min-Event-Position", position, "Prefer", "wait=20").expect(200);
        }
    }

    private JsonNode processor(String projection) {
        return query.get("/api/admin/processors")
                .expect(200)
                .json()
                .get("items")
                .valueStream()
                .filter(p -> p.get("projection").asString().equals(projection))
                .findFirst()
                .orElseThrow();
    }

    private String health() {
        return query.management("/actuator/health")
                .expect(200)
                .json()
                .get("status")
                .asString();
    }

    @Test
    void anEventOfAnUnknownOrderIsSetApartAndShown() {
        String bad = events.append("order-900", new OrderStatusChangedEvent(900, "PENDING", "CONFIRMED", T0));

        query.get("/api/orders", "Min-Event-Position", bad, "Prefer", "wait=20").expect(200);

        assertThat(processor("order-summary").get("state").asString()).isEqualTo("RUNNING");
        assertThat(processor("order-summary").get("deadLetters").longValue()).isOne();
        assertThat(processor("sales-statistics").get("deadLetters").longValue()).isZero();
        assertThat(health()).isEqualTo("DEGRADED");
        assertThat(query.management("/actuator/health").body()).contains("dead letters: 1");
        query.management("/actuator/health/readiness").expect(200);
        assertThat(query.management("/actuator/prometheus").body())
                .contains("eventshop_projection_dead_letters{projection=\"order-summary\"} 1.0");
    }

    @Test
    void anEventThatCantBeReadStopsTheProjectionAndIsShown() {
        Tables.jdbc(database).update("""
                        insert into event_store.domain_event
                               (event_id, aggregate_type, aggregate_id, sequence_number, event_type, event_revision,
                                time, payload, metadata)
                        values (gen_random_uuid(), 'Product', 'product-1', 0, 'java.lang.Runtime', '1.0', now(), '{}', '{}')
                        """);

        await().atMost(PATIENCE)
                .until(() ->
                        processor("product-catalog").get("state").asString().equals("ERROR"));

        assertThat(processor("product-catalog").get("error").asString()).contains("unknown type name");
        assertThat(health()).isEqualTo("DEGRADED");
    }

    @Test
    void anEventOfANewerRevisionStopsTheProjectionUntilItsCodeIsThere() {
        String created = events.product(1, "Tea", "1.50", 10);
        query.get("/api/products/1", "Min-Event-Position", created, "Prefer", "wait=20")
                .expect(200);
        Tables.jdbc(database).update("""
                        insert into event_store.domain_event
                               (event_id, aggregate_type, aggregate_id, sequence_number, event_type, event_revision,
                                time, payload, metadata)
                        values (gen_random_uuid(), 'Product', 'product-2', 0, 'ProductCreatedEvent', '9.0', now(),
                                '{"productId":2,"name":"Coffee","price":2.50,"initialStock":40,"createdAt":"2026-03-01T09:30:15Z"}',
                                '{}')
                        """);
        String behind = events.product(3, "Cocoa", "3.50", 10);

        await().atMost(PATIENCE)
                .until(() ->
                        processor("product-catalog").get("state").asString().equals("ERROR"));

        assertThat(processor("product-catalog").get("error").asString())
                .contains("unknown revision", "9.0", "ProductCreatedEvent");
        assertThat(processor("product-catalog").get("deadLetters").longValue()).isZero();
        assertThat(health()).isEqualTo("DEGRADED");
        query.get("/api/products/2").expect(404);
        query.get("/api/products/3", "Min-Event-Position", behind, "Prefer", "wait=1")
                .expect(503);

        query.close();
        Tables.jdbc(database)
                .update("update event_store.domain_event set event_revision = '2.0' where event_revision = '9.0'");
        query = RunningQuerySide.on(database);

        query.get("/api/products/3", "Min-Event-Position", behind, "Prefer", "wait=20")
                .expect(200);
        assertThat(query.get("/api/products/2").expect(200).json().get("stock").intValue())
                .isEqualTo(40);
    }

    @Test
    void whoHasLostTheClaimCantWrite() throws Exception {
        Tables.jdbc(database).execute("create table query_side.probe (user_id integer)");
        Tables.jdbc(database).execute("grant all on query_side.probe to query_side");
        Tables.jdbc(database).update("insert into query_side.projection (name) values ('probe')");
        SlowProjection.entered = new CountDownLatch(1);
        SlowProjection.released = new CountDownLatch(1);
        query.close();
        query = RunningQuerySide.on(
                database, new Class<?>[] {SlowProjection.class}, "eventshop.query.store-idle-interval=1m");
        assertThat(SlowProjection.entered.await(20, TimeUnit.SECONDS)).isTrue(); // written, not committed

        Tables.jdbc(database)
                .update("update query_side.tracking_token set owner = 'another', claimed_at = clock_timestamp()"
                        + " where processor_name = 'probe'");
        SlowProjection.released.countDown();

        await().atMost(PATIENCE).until(() -> SlowProjection.rolledBack);
        assertThat(Tables.count(database, "probe")).isZero();
        assertThat(processor("probe").get("error").isNull()).isTrue();
        assertThat(processor("probe").get("segments").get(0).get("owner").asString())
                .isEqualTo("another");

        Tables.jdbc(database)
                .update("update query_side.tracking_token set owner = null where processor_name = 'probe'");
        await().atMost(PATIENCE).until(() -> Tables.count(database, "probe") == 1);
    }

    /** Takes its time after it has written a row. */
    static class SlowProjection {

        private static volatile CountDownLatch entered = new CountDownLatch(1);
        private static volatile CountDownLatch released = new CountDownLatch(1);
        private static volatile boolean rolledBack;

        @Bean
        Projection probe(JdbcOperations jdbc) {
            return new Projection(
                    "probe",
                    1,
                    Set.of("User"),
                    1,
                    Projection.Rows.ofAll("probe", "user_id", "User"),
                    List.of("probe"),
                    true,
                    slot -> new Projector(jdbc));
        }

        private static final class Projector {

            private final JdbcOperations jdbc;

            private Projector(JdbcOperations jdbc) {
                this.jdbc = jdbc;
            }

            @EventHandler
            void on(UserRegisteredEvent event) throws InterruptedException {
                jdbc.update("insert into probe values (?)", event.userId());
                CurrentUnitOfWork.get().onRollback(batch -> rolledBack = true);
                entered.countDown();
                released.await(4, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void anErrorOfAHandlerSetsItsEventApartAndALackOfMemoryIsTriedAgain() {
        Tables.jdbc(database).execute("create table query_side.probe (user_id integer)");
        Tables.jdbc(database).execute("grant all on query_side.probe to query_side");
        Tables.jdbc(database).update("insert into query_side.projection (name) values ('probe')");
        query.close();
        query = RunningQuerySide.on(database, new Class<?>[] {ErrorProjection.class});

        events.user(ErrorProjection.TOO_DEEP, "deep@example.com");
        events.user(ErrorProjection.TOO_LARGE, "large@example.com");
        events.user(4, "after@example.com");

        await().atMost(PATIENCE).until(() -> Tables.count(database, "probe") == 3);
        assertThat(Tables.jdbc(database).queryForList("select user_id from query_side.probe", Integer.class))
                .containsExactlyInAnyOrder(1, ErrorProjection.TOO_LARGE, 4);
        assertThat(Tables.jdbc(database)
                        .queryForList(
                                "select error_class from query_side.dead_letter where projection = 'probe'",
                                String.class))
                .containsExactly("StackOverflowError");
    }

    /** Has too deep a call for one user, and no memory for another, twice: each try waits twice as long as the one before. */
    static class ErrorProjection {

        private static final int TOO_DEEP = 2;
        private static final int TOO_LARGE = 3;

        @Bean
        Projection probe(JdbcOperations jdbc) {
            AtomicInteger left = new AtomicInteger(2);
            return new Projection(
                    "probe",
                    1,
                    Set.of("User"),
                    1,
                    Projection.Rows.ofAll("probe", "user_id", "User"),
                    List.of("probe"),
                    true,
                    slot -> new Projector(jdbc, left));
        }

        private record Projector(JdbcOperations jdbc, AtomicInteger left) {

            @EventHandler
            void on(UserRegisteredEvent event) {
                if (event.userId() == TOO_DEEP) {
                    throw new StackOverflowError("too deep");
                }
                if (event.userId() == TOO_LARGE && left.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("too large");
                }
                jdbc.update("insert into probe values (?)", event.userId());
            }
        }
    }

    @Test
    void aDeliveryFromTheBeginningOntoTheFinishedViewsChangesNothing() {
        for (int i = 1; i <= 10; i++) {
            events.product(i, "Product " + i, i + ".90", 100);
            events.stock(i, 100, 90, T0.plusSeconds(i), EventWriter.reserved(i));
            events.order(i, 1, T0.plusSeconds(i), item(i, 2, "1.50"));
            events.confirm(i, T0.plusSeconds(2 * i));
        }
        events.cancel(3, 1, "CONFIRMED", T0.plusSeconds(60));
        awaitAll(events.eraseUser(1));
        Map<String, List<String>> before = Tables.dumpAll(database);
        Tables.jdbc(database).update("update query_side.projection set paused = true");
        await().atMost(PATIENCE)
                .until(() -> Tables.jdbc(database)
                                .queryForObject(
                                        "select count(*) from query_side.tracking_token where owner is not null",
                                        Integer.class)
                        == 0);
        Tables.jdbc(database).update("update query_side.tracking_token set token = '0-0-0'");
        Tables.jdbc(database).update("update query_side.projection set paused = false");

        awaitAll(events.last());

        assertThat(Tables.dumpAll(database)).isEqualTo(before);
    }
}
