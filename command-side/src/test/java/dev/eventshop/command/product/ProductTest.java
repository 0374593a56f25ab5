package dev.eventshop.command.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonframework.test.matchers.Matchers.exactSequenceOf;
import static org.axonframework.test.matchers.Matchers.predicate;

import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductId;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.events.product.StockShippedEvent;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProductTest {

    private static final ProductId ID = new ProductId(17);
    private static final Instant NOW = Instant.parse("2026-03-01T09:30:15.123456Z");
    private static final BigDecimal PRICE = new BigDecimal("19.90");
    private static final ProductCreatedEvent CREATED = created(10);

    private final Set<Integer> ordersWithPermit = new HashSet<>();
    private AggregateTestFixture<Product> fixture;

    @BeforeEach
    void start() {
        fixture = new AggregateTestFixture<>(Product.class);
        ordersWithPermit.addAll(List.of(4, 5, 6));
        ReservationPermits permits = (order, product) -> ordersWithPermit.remove(order);
        fixture.registerInjectableResource(permits);
        fixture.registerInjectableResource(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Nested
    class Create {

        @Test
        void addsTheProductWithItsStock() {
            fixture.givenNoPriorActivity()
                    .when(new CreateProduct(ID, "Teapot", PRICE, 10))
                    .expectEvents(CREATED);
        }
    }

    @Nested
    class Price {

        @Test
        void isChanged() {
            fixture.given(CREATED)
                    .when(new ChangePrice(ID, new BigDecimal("21.00")))
                    .expectEvents(new ProductPriceChangedEvent(17, PRICE, new BigDecimal("21.00"), NOW));
        }

        @Test
        void isChangedFromTheOneBefore() {
            fixture.given(CREATED, new ProductPriceChangedEvent(17, PRICE, new BigDecimal("21.00"), NOW))
                    .when(new ChangePrice(ID, PRICE))
                    .expectEvents(new ProductPriceChangedEvent(17, new BigDecimal("21.00"), PRICE, NOW));
        }

        @Test
        void succeedsWithoutEventsWhenTheSame() {
            fixture.given(CREATED)
                    .when(new ChangePrice(ID, new BigDecimal("19.9")))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }
    }

    @Nested
    class StockTake {

        @Test
        void setsTheStock() {
            fixture.given(CREATED).when(new TakeStock(ID, 7)).expectEvents(updated(10, 7));
        }

        @Test
        void setsTheStockToNothing() {
            fixture.given(CREATED).when(new TakeStock(ID, 0)).expectEvents(updated(10, 0));
        }

        @Test
        void succeedsWithoutEventsWhenTheSame() {
            fixture.given(CREATED)
                    .when(new TakeStock(ID, 10))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }
    }

    @Nested
    class Adjustment {

        @Test
        void raisesTheStock() {
            fixture.given(CREATED).when(new AdjustStock(ID, 5, null)).expectEvents(updated(10, 15));
        }

        @Test
        void lowersTheStockToNothing() {
            fixture.given(CREATED).when(new AdjustStock(ID, -10, null)).expectEvents(updated(10, 0));
        }

        @Test
        void carriesItsReason() {
            expectWhy(fixture.given(CREATED).when(new AdjustStock(ID, -1, "broken")), Map.of("reason", "broken"));
        }

        @Test
        void carriesNothingWhenNoReasonWasGiven() {
            expectWhy(fixture.given(CREATED).when(new AdjustStock(ID, -1, null)), Map.of());
        }

        @Test
        void succeedsWithoutEventsWhenZero() {
            fixture.given(CREATED)
                    .when(new AdjustStock(ID, 0, "nothing"))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }

        @Test
        void isRejectedWhenTheStockIsShort() {
            expectRejection(
                    fixture.given(CREATED).when(new AdjustStock(ID, -11, null)), ProductRejection.INSUFFICIENT_STOCK);
        }

        @Test
        void isRejectedWhenTheStockIsShortByMoreThanAnIntHolds() {
            expectRejection(
                    fixture.given(created(0)).when(new AdjustStock(ID, Integer.MIN_VALUE, null)),
                    ProductRejection.INSUFFICIENT_STOCK);
        }

        @Test
        void isRejectedWhenTheStockWouldOverflow() {
            expectRejection(
                    fixture.given(created(Integer.MAX_VALUE)).when(new AdjustStock(ID, 1, null)),
                    ProductRejection.STOCK_OVERFLOW);
        }
    }

    @Nested
    class Reserve {

        @Test
        void lowersTheStock() {
            fixture.given(CREATED)
                    .when(new ReserveStock(ID, 5, 3))
                    .expectResultMessagePayload(Reservation.HELD)
                    .expectEvents(new StockReservedEvent(17, 5, 3, NOW), updated(10, 7));
            assertThat(ordersWithPermit).doesNotContain(5);
        }

        @Test
        void takesTheLastUnit() {
            fixture.given(CREATED)
                    .when(new ReserveStock(ID, 5, 10))
                    .expectEvents(new StockReservedEvent(17, 5, 10, NOW), updated(10, 0));
        }

        @Test
        void namesTheOrderAsTheReasonOfTheChange() {
            fixture.given(CREATED)
                    .when(new ReserveStock(ID, 5, 3))
                    .expectEventsMatching(exactSequenceOf(
                            predicate((EventMessage<?> event) ->
                                    event.getPayload().equals(new StockReservedEvent(17, 5, 3, NOW))),
                            predicate((EventMessage<?> event) ->
                                    event.getMetaData().equals(Map.of("orderId", "5")))));
        }

        @Test
        void isRejectedWhenTheStockIsShort() {
            expectRejection(
                    fixture.given(CREATED).when(new ReserveStock(ID, 5, 11)), ProductRejection.INSUFFICIENT_STOCK);
        }

        @Test
        void isRejectedWhenOthersHoldTheRest() {
            expectRejection(
                    fixture.given(CREATED, new StockReservedEvent(17, 4, 8, NOW), updated(10, 2))
                            .when(new ReserveStock(ID, 5, 3)),
                    ProductRejection.INSUFFICIENT_STOCK);
        }

        @Test
        void succeedsWithoutEventsWhenTheOrderHoldsIt() {
            fixture.given(CREATED, new StockReservedEvent(17, 5, 10, NOW), updated(10, 0))
                    .when(new ReserveStock(ID, 5, 10))
                    .expectResultMessagePayload(Reservation.HELD)
                    .expectNoEvents();
        }

        @Test
        void isRejectedWhenTheOrderHoldsAnotherQuantity() {
            expectRejection(
                    fixture.given(CREATED, new StockReservedEvent(17, 5, 3, NOW), updated(10, 7))
                            .when(new ReserveStock(ID, 5, 4)),
                    ProductRejection.RESERVATION_DIFFERS);
        }

        @Test
        void isNotMadeAgainAfterItsRelease() {
            ordersWithPermit.remove(5);
            fixture.given(
                            CREATED,
                            new StockReservedEvent(17, 5, 3, NOW),
                            updated(10, 7),
                            new StockReleasedEvent(17, 5, 3, NOW),
                            updated(7, 10))
                    .when(new ReserveStock(ID, 5, 3))
                    .expectResultMessagePayload(Reservation.FORGONE)
                    .expectNoEvents();
        }

        @Test
        void isNotMadeAgainAfterItsShipment() {
            ordersWithPermit.remove(5);
            fixture.given(
                            CREATED,
                            new StockReservedEvent(17, 5, 3, NOW),
                            updated(10, 7),
                            new StockShippedEvent(17, 5, 3, NOW))
                    .when(new ReserveStock(ID, 5, 3))
                    .expectResultMessagePayload(Reservation.FORGONE)
                    .expectNoEvents();
        }

        @Test
        void isNotMadeAfterAReleaseThatCameFirst() {
            fixture.given(CREATED).when(new ReleaseStock(ID, 5)).expectNoEvents();
            fixture.given(CREATED)
                    .when(new ReserveStock(ID, 5, 3))
                    .expectResultMessagePayload(Reservation.FORGONE)
                    .expectNoEvents();
        }

        @Test
        void keepsItsPermitWhenItIsRejected() {
            expectRejection(
                    fixture.given(CREATED).when(new ReserveStock(ID, 5, 11)), ProductRejection.INSUFFICIENT_STOCK);

            assertThat(ordersWithPermit).contains(5);
        }

        @Test
        void tellsWhatWasLeftWhenItIsRejected() {
            fixture.given(CREATED)
                    .when(new ReserveStock(ID, 5, 11))
                    .expectNoEvents()
                    .expectException(predicate(
                            (Throwable thrown) -> thrown instanceof ProductRejected refused && refused.stock() == 10));
        }
    }

    @Nested
    class Release {

        @Test
        void raisesTheStockByWhatTheOrderHeld() {
            fixture.given(CREATED, new StockReservedEvent(17, 5, 3, NOW), updated(10, 7))
                    .when(new ReleaseStock(ID, 5))
                    .expectEvents(new StockReleasedEvent(17, 5, 3, NOW), updated(7, 10));
        }

        @Test
        void namesTheOrderAsTheReasonOfTheChange() {
            fixture.given(CREATED, new StockReservedEvent(17, 5, 3, NOW), updated(10, 7))
                    .when(new ReleaseStock(ID, 5))
                    .expectEventsMatching(exactSequenceOf(
                            predicate((EventMessage<?> event) ->
                                    event.getPayload().equals(new StockReleasedEvent(17, 5, 3, NOW))),
                            predicate((EventMessage<?> event) ->
                                    event.getMetaData().equals(Map.of("orderId", "5")))));
        }

        @Test
        void addsToAStockTakeThatWasMadeMeanwhile() {
            fixture.given(CREATED, new StockReservedEvent(17, 5, 3, NOW), updated(10, 7), updated(7, 50))
                    .when(new ReleaseStock(ID, 5))
                    .expectEvents(new StockReleasedEvent(17, 5, 3, NOW), updated(50, 53));
        }

        @Test
        void succeedsWithoutEventsWhenTheOrderHoldsNothing() {
            fixture.given(CREATED)
                    .when(new ReleaseStock(ID, 5))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }

        @Test
        void succeedsWithoutEventsWhenRepeated() {
            fixture.given(
                            CREATED,
                            new StockReservedEvent(17, 5, 3, NOW),
                            updated(10, 7),
                            new StockReleasedEvent(17, 5, 3, NOW),
                            updated(7, 10))
                    .when(new ReleaseStock(ID, 5))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }

        @Test
        void isRejectedWhenTheStockWouldOverflow() {
            expectRejection(
                    fixture.given(
                                    CREATED,
                                    new StockReservedEvent(17, 5, 3, NOW),
                                    updated(10, 7),
                                    updated(7, Integer.MAX_VALUE))
                            .when(new ReleaseStock(ID, 5)),
                    ProductRejection.STOCK_OVERFLOW);
        }
    }

    @Nested
    class Shipment {

        @Test
        void endsTheReservationAndLeavesTheStock() {
            fixture.given(CREATED, new StockReservedEvent(17, 5, 3, NOW), updated(10, 7))
                    .when(new ShipStock(ID, 5))
                    .expectEvents(new StockShippedEvent(17, 5, 3, NOW));
        }

        @Test
        void leavesNothingToRelease() {
            fixture.given(
                            CREATED,
                            new StockReservedEvent(17, 5, 3, NOW),
                            updated(10, 7),
                            new StockShippedEvent(17, 5, 3, NOW))
                    .when(new ReleaseStock(ID, 5))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }

        @Test
        void succeedsWithoutEventsWhenTheOrderHoldsNothing() {
            fixture.given(CREATED)
                    .when(new ShipStock(ID, 5))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }
    }

    private static ProductCreatedEvent created(int stock) {
        return new ProductCreatedEvent(17, "Teapot", PRICE, stock, NOW);
    }

    private static ProductStockUpdatedEvent updated(int oldStock, int newStock) {
        return new ProductStockUpdatedEvent(17, "Teapot", oldStock, newStock, NOW);
    }

    private static void expectWhy(ResultValidator<Product> result, Map<String, String> metadata) {
        result.expectEventsMatching(exactSequenceOf(
                predicate((EventMessage<?> event) -> event.getMetaData().equals(metadata))));
    }

    private static void expectRejection(ResultValidator<Product> result, ProductRejection expected) {
        result.expectNoEvents()
                .expectException(ProductRejected.class)
                .expectException(predicate((Throwable thrown) ->
                        thrown instanceof ProductRejected refused && refused.rejection() == expected));
    }

    @Test
    void everyRejectionHasItsCase() {
        assertThat(ProductRejection.values())
                .containsExactly(
                        ProductRejection.INSUFFICIENT_STOCK,
                        ProductRejection.STOCK_OVERFLOW,
                        ProductRejection.RESERVATION_DIFFERS);
    }

    @Test
    void isTheSameAfterASnapshot() {
        fixture.given(CREATED, new StockReservedEvent(17, 5, 3, NOW), updated(10, 7))
                .when(new ReserveStock(ID, 6, 2))
                .expectState(product ->
                        assertThat(restored(product)).usingRecursiveComparison().isEqualTo(product));
    }

    private static Product restored(Product product) {
        ClosedMapSerializer serializer =
                ClosedMapSerializer.of(Map.of(Product.class, new SerializedTypeName("Product", "1")));
        return serializer.deserialize(serializer.serialize(product, String.class));
    }
}
