package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.command.product.ReleaseStock;
import dev.eventshop.command.product.Reservation;
import dev.eventshop.command.product.ReserveStock;
import dev.eventshop.events.product.ProductId;
import dev.eventshop.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FulfilmentIT {

    private static TestDatabase database;
    private static StoredShop stored;
    private static RunningCommandSide shop;
    private static int user;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        stored = new StoredShop(database);
        shop = RunningCommandSide.start(database);
        user = shop.user("fulfilment@example.com");
    }

    @AfterAll
    static void stop() {
        shop.close();
        database.close();
    }

    @Nested
    class Placing {

        @Test
        void reservesAndConfirms() {
            int one = shop.product(10);
            int other = shop.product(5);

            RunningCommandSide.Answer answer =
                    shop.tryToOrder(user, 2, one, other).expect(201);

            assertThat(answer.json().get("status").asString()).isEqualTo("PENDING");
            int order = answer.json().get("orderId").intValue();
            awaitStatus(order, "CONFIRMED");
            assertThat(stored.stockOf(one)).isEqualTo(8);
            assertThat(stored.stockOf(other)).isEqualTo(3);
            assertThat(stored.jdbc()
                            .queryForObject(
                                    "select metadata ->> 'orderId' from event_store.domain_event where aggregate_id = ?"
                                            + " and event_type = 'ProductStockUpdatedEvent'",
                                    String.class,
                                    "product-" + one))
                    .isEqualTo(Integer.toString(order));
        }

        @Test
        void cancelsAndReleasesWhenAProductIsShort() {
            int enough = shop.product(10);
            int scarce = shop.product(1);

            int order = shop.order(user, 2, enough, scarce);

            awaitStatus(order, "CANCELLED");
            assertThat(stored.reasons())
                    .contains("Not enough in stock of Teapot (product " + scarce + "): 1 left, 2 ordered.");
            await().untilAsserted(() -> assertThat(stored.stocks(enough)).containsExactly(10, 8, 10));
            assertThat(stored.stocks(scarce)).containsExactly(1);
            awaitNothingLeftOf(order);
        }

        @Test
        void keepsOneSagaUntilTheOrderIsShipped() {
            int product = shop.product(10);
            int order = shop.order(user, 2, product);
            awaitStatus(order, "CONFIRMED");

            assertThat(stored.jdbc()
                            .queryForMap(
                                    "select saga.saga_type, revision, cast(state ->> 'orderId' as integer) as order_id"
                                            + " from command_side.saga join command_side.saga_association using (saga_id)"
                                            + " where value = ?",
                                    Integer.toString(order)))
                    .containsEntry("saga_type", "OrderFulfilment")
                    .containsEntry("revision", "1")
                    .containsEntry("order_id", order);

            shop.post("/api/orders/" + order + "/shipment").expect(204);

            awaitNothingLeftOf(order);
            assertThat(stored.stocks(product)).containsExactly(10, 8);
            assertThat(stored.events("StockShippedEvent", product, order)).isEqualTo(1);
        }
    }

    @Nested
    class Cancelling {

        @Test
        void bringsTheStockOfAConfirmedOrderBackOnce() {
            int product = shop.product(10);
            int order = shop.order(user, 3, product);
            awaitStatus(order, "CONFIRMED");

            shop.cancel(order).expect(204);

            await().untilAsserted(() -> assertThat(stored.stocks(product)).containsExactly(10, 7, 10));
            awaitNothingLeftOf(order);
        }

        @Test
        void overtakesAReservationThatIsUnderWay() throws Exception {
            int product = shop.product(10);
            Connection holding = holdingPermits(database);
            int order = shop.order(user, 3, product);
            awaitSomebodyWaiting();

            shop.cancel(order).expect(204);
            holding.close();

            awaitNothingLeftOf(order);
            assertThat(stored.statusOf(order)).isEqualTo("CANCELLED");
            assertThat(stored.stockOf(product)).isEqualTo(10);
            assertThat(stored.appliedTwice()).isEmpty();
        }

        @Test
        void leavesNothingForAReservationThatComesLate() {
            int product = shop.product(10);
            int order = shop.order(user, 3, product);
            shop.cancel(order).expect(204);
            awaitNothingLeftOf(order);

            assertThat(reserve(product, order, 3)).isEqualTo(Reservation.FORGONE);

            assertThat(stored.stockOf(product)).isEqualTo(10);
        }
    }

    @Nested
    class Steps {

        /** Without a saga: the product's own rules, in its transactions. */
        @Test
        void changeNothingTheSecondTimeInAnyOrder() {
            int product = shop.product(10);
            stored.jdbc().update("insert into command_side.reservation_permit values (900001, ?)", product);
            stored.jdbc().update("insert into command_side.reservation_permit values (900002, ?)", product);

            assertThat(reserve(product, 900_001, 3)).isEqualTo(Reservation.HELD);
            assertThat(reserve(product, 900_001, 3)).isEqualTo(Reservation.HELD);
            release(product, 900_001);
            release(product, 900_001);
            assertThat(reserve(product, 900_001, 3)).isEqualTo(Reservation.FORGONE);
            release(product, 900_002);
            assertThat(reserve(product, 900_002, 3)).isEqualTo(Reservation.FORGONE);
            release(product, 900_002);

            assertThat(stored.stocks(product)).containsExactly(10, 7, 10);
        }

        @Test
        void thatFailAreTriedAgainAndStopNoOtherOrder() {
            int full = shop.product(10);
            int other = shop.product(100);
            int order = shop.order(user, 3, full);
            awaitStatus(order, "CONFIRMED");
            shop.takeStock(full, Integer.MAX_VALUE).expect(204);

            shop.cancel(order).expect(204); // and can't release, since the stock would pass what an int holds

            for (int i = 0; i < 8; i++) { // of every segment
                awaitStatus(shop.order(user, 1, other), "CONFIRMED");
            }
            awaitHealth("DEGRADED");
            assertThat(stored.count("scheduled_task where task_name = 'order-fulfilment-step'"))
                    .isEqualTo(1);

            shop.takeStock(full, 5).expect(204);

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(stored.stockOf(full)).isEqualTo(8));
            awaitHealth("UP");
            assertThat(stored.appliedTwice()).isEmpty();
        }
    }

    @Nested
    class Deadlines {

        @Test
        void cancelAnOrderThatStaysPendingAlsoAfterARestart() throws Exception {
            try (TestDatabase own = TestDatabase.create()) {
                StoredShop orders = new StoredShop(own);
                RunningCommandSide.start(own).close();
                Connection holding = holdingPermits(own);
                int product;
                int order;
                try (RunningCommandSide first =
                        RunningCommandSide.start(own, "eventshop.command-side.fulfilment.pending-for=10s")) {
                    product = first.product(10);
                    order = first.order(first.user("deadline@example.com"), 3, product);
                }
                assertThat(orders.statusOf(order)).isEqualTo("PENDING");
                List<RunningCommandSide> both = List.of(RunningCommandSide.start(own), RunningCommandSide.start(own));
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(orders.statusOf(order)).isEqualTo("CANCELLED"));
                holding.close();

                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(orders.count("saga")
                                        + orders.count("reservation_permit")
                                        + orders.count("scheduled_task"))
                                .isZero());
                assertThat(orders.reasons()).containsExactly("The order could not be confirmed in time.");
                assertThat(orders.stockOf(product)).isEqualTo(10);
                both.forEach(RunningCommandSide::close);
            }
        }

        @Test
        void areGoneOnceTheOrderIsConfirmed() {
            int order = shop.order(user, 1, shop.product(1));

            awaitStatus(order, "CONFIRMED");

            assertThat(stored.count(
                            "scheduled_task where task_name = 'order-deadline' and task_instance = '" + order + "'"))
                    .isZero();
        }
    }

    @Test
    void goesOnWhenTheInstanceThatWorksStops() {
        int product = shop.product(10);
        RunningCommandSide other = RunningCommandSide.start(database);
        shop.close();
        shop = other;

        awaitStatus(shop.order(user, 1, product), "CONFIRMED");
    }

    @Test
    void storesNothingInLargeObjects() {
        assertThat(stored.jdbc()
                        .queryForList(
                                "select table_name || '.' || column_name from information_schema.columns"
                                        + " where table_schema = 'command_side' and udt_name in ('oid', 'lo')",
                                String.class))
                .isEmpty();
    }

    private static Object reserve(int product, int order, int quantity) {
        return shop.bean(Commands.class)
                .send(new ReserveStock(new ProductId(product), order, quantity), Cause.NONE)
                .result();
    }

    private static void release(int product, int order) {
        shop.bean(Commands.class).send(new ReleaseStock(new ProductId(product), order), Cause.NONE);
    }

    private static void awaitStatus(int order, String status) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(stored.statusOf(order)).isEqualTo(status));
    }

    private static void awaitHealth(String status) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(shop.get(shop.management("/actuator/health"))
                                .json()
                                .at("/components/fulfilment/status")
                                .asString())
                        .isEqualTo(status));
    }

    private static void awaitNothingLeftOf(int order) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(stored.count("saga_association where value = '" + order + "'")
                                + stored.count("reservation_permit where order_id = " + order)
                                + stored.count("scheduled_task where task_instance like '" + order + "%'"))
                        .isZero());
    }

    /**
     * Permits can be issued, but whoever takes one waits until the connection is closed. Nobody has a transaction id
     * meanwhile, which would hold back the readers of the store.
     */
    private static Connection holdingPermits(TestDatabase database) throws SQLException {
        Connection connection = database.admin().getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    create or replace function command_side.hold() returns trigger language plpgsql as
                    'begin perform pg_advisory_xact_lock_shared(4711); return null; end'""");
            statement.execute("create or replace trigger hold before delete on command_side.reservation_permit"
                    + " for each statement execute function command_side.hold()");
            statement.execute("select pg_advisory_lock(4711)");
        }
        return connection;
    }

    private static void awaitSomebodyWaiting() {
        await().until(() -> 1L
                == stored.jdbc()
                        .queryForObject(
                                "select count(*) from pg_stat_activity where datname = current_database()"
                                        + " and wait_event_type = 'Lock'",
                                Long.class));
    }
}
