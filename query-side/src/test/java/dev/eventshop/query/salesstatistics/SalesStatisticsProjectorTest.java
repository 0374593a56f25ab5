package dev.eventshop.query.salesstatistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.query.projection.MissingRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SalesStatisticsProjectorTest {

    private static final Instant LATE = Instant.parse("2026-03-01T23:59:59.999999Z");
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final OrderCreatedEvent CREATED = created(17, LATE);
    private static final OrderCancelledEvent CANCELLED =
            new OrderCancelledEvent(17, 7, "changed my mind", LATE.plusSeconds(60));

    private final InMemory figures = new InMemory();
    private final SalesStatisticsProjector projector = new SalesStatisticsProjector(figures);

    private static OrderCreatedEvent created(int id, Instant at) {
        return new OrderCreatedEvent(
                id,
                7,
                new BigDecimal("44.80"),
                List.of(
                        new OrderItemEvent(3, "Teapot", 2, new BigDecimal("19.90")),
                        new OrderItemEvent(4, "Cup", 1, new BigDecimal("5.00"))),
                at);
    }

    @Nested
    class FirstEvent {

        @Test
        void countsOnTheDayOfPlacingInUtc() {
            projector.on(CREATED, 0);

            assertThat(figures.days).containsExactly(Map.entry(DAY, new Sums(1, 3, new BigDecimal("44.80"))));
        }
    }

    @Nested
    class Cancellation {

        @Test
        void takesTheOrderOutOfTheDayOnWhichItWasPlaced() {
            projector.on(CREATED, 0);
            projector.on(created(18, LATE), 0);
            projector.on(CANCELLED, 2);

            assertThat(figures.days).containsExactly(Map.entry(DAY, new Sums(1, 3, new BigDecimal("44.80"))));
            assertThat(figures.orders.get(17).cancelled()).isTrue();
        }
    }

    @Nested
    class Redelivery {

        @Test
        void ofAnOrderCountsOnce() {
            projector.on(CREATED, 0);
            projector.on(CREATED, 0);

            assertThat(figures.days.get(DAY).orders()).isEqualTo(1);
        }

        @Test
        void ofACancellationTakesOutOnce() {
            projector.on(CREATED, 0);
            projector.on(created(18, LATE), 0);
            projector.on(CANCELLED, 2);
            projector.on(CANCELLED, 2);

            assertThat(figures.days.get(DAY).orders()).isEqualTo(1);
        }

        @Test
        void ofACancelledOrderDoesNotCountItAgain() {
            projector.on(CREATED, 0);
            projector.on(CANCELLED, 2);
            projector.on(CREATED, 0);

            assertThat(figures.days.get(DAY).orders()).isZero();
        }
    }

    @Nested
    class Rebuild {

        @Test
        void equalsTheOriginal() {
            deliver(projector);
            InMemory again = new InMemory();
            deliver(new SalesStatisticsProjector(again));

            assertThat(again.days).isEqualTo(figures.days);
            assertThat(again.orders).isEqualTo(figures.orders).hasSize(2);
        }

        private void deliver(SalesStatisticsProjector to) {
            to.on(CREATED, 0);
            to.on(created(18, LATE.plusSeconds(1)), 0);
            to.on(CANCELLED, 2);
        }
    }

    @Nested
    class MissingEvents {

        @Test
        void areAnError() {
            assertThatThrownBy(() -> projector.on(CANCELLED, 2))
                    .isInstanceOf(MissingRow.class)
                    .hasMessage("sales_order has no row 17 for the event with sequence number 2");
            assertThat(figures.days).isEmpty();
        }
    }

    private record Sums(long orders, long units, BigDecimal revenue) {

        Sums plus(Sums other) {
            return new Sums(orders + other.orders, units + other.units, revenue.add(other.revenue));
        }
    }

    private static final class InMemory implements SalesFigures {

        private final Map<Integer, CountedOrder> orders = new HashMap<>();
        private final Map<LocalDate, Sums> days = new HashMap<>();

        @Override
        public Optional<CountedOrder> find(int orderId) {
            return Optional.ofNullable(orders.get(orderId));
        }

        @Override
        public void put(CountedOrder order) {
            orders.put(order.orderId(), order);
        }

        @Override
        public void add(CountedOrder order) {
            days.merge(order.day(), new Sums(1, order.units(), order.revenue()), Sums::plus);
        }

        @Override
        public void takeOut(CountedOrder order) {
            days.merge(order.day(), new Sums(-1, -order.units(), order.revenue().negate()), Sums::plus);
        }
    }
}
