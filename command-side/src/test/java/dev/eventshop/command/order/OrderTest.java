package dev.eventshop.command.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonframework.test.matchers.Matchers.exactSequenceOf;
import static org.axonframework.test.matchers.Matchers.predicate;

import dev.eventshop.command.account.UserErased;
import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderId;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {

    private static final OrderId ID = new OrderId(5);
    private static final Instant NOW = Instant.parse("2026-03-01T09:30:15.123456Z");
    private static final OrderCreatedEvent CREATED = new OrderCreatedEvent(
            5,
            3,
            new BigDecimal("62.79"),
            List.of(
                    new OrderItemEvent(17, "Teapot", 3, new BigDecimal("19.90")),
                    new OrderItemEvent(18, "Cup", 1, new BigDecimal("3.09"))),
            NOW);

    private AggregateTestFixture<Order> fixture;

    @BeforeEach
    void start() {
        fixture = new AggregateTestFixture<>(Order.class);
        fixture.registerInjectableResource(Clock.fixed(NOW, ZoneOffset.UTC));
        Customers customers = userId -> switch (userId) {
            case 3 -> Optional.of(new Customers.Customer("vi", false));
            case 4 -> Optional.of(new Customers.Customer("vi", true));
            default -> Optional.empty();
        };
        Map<Integer, Offers.Offer> catalog = Map.of(
                17, new Offers.Offer("Teapot", new BigDecimal("19.90")),
                18, new Offers.Offer("Cup", new BigDecimal("3.09")),
                19, new Offers.Offer("Palace", new BigDecimal("99999999999999.99")));
        Offers offers = productIds -> {
            Map<Integer, Offers.Offer> found = new HashMap<>(catalog);
            found.keySet().retainAll(productIds);
            return found;
        };
        fixture.registerInjectableResource(customers);
        fixture.registerInjectableResource(offers);
    }

    @Nested
    class Place {

        @Test
        void takesNamesAndPricesFromTheShop() {
            fixture.givenNoPriorActivity()
                    .when(new PlaceOrder(ID, 3, List.of(new RequestedItem(17, 3), new RequestedItem(18, 1))))
                    .expectEvents(CREATED)
                    .expectResultMessagePayload(new OrderPlaced(new BigDecimal("62.79")));
        }

        @Test
        void carriesTheCustomersLanguage() {
            fixture.givenNoPriorActivity()
                    .when(new PlaceOrder(ID, 3, List.of(new RequestedItem(17, 3))))
                    .expectEventsMatching(exactSequenceOf(speaking("vi")));
        }

        @Test
        void isRejectedWhenNobodyIsRegisteredUnderTheNumber() {
            expectRejection(
                    fixture.givenNoPriorActivity().when(new PlaceOrder(ID, 5, List.of(new RequestedItem(17, 3)))),
                    OrderRejection.USER_NOT_FOUND);
        }

        @Test
        void isRejectedWhenTheCustomerWasErased() {
            fixture.givenNoPriorActivity()
                    .when(new PlaceOrder(ID, 4, List.of(new RequestedItem(17, 3))))
                    .expectNoEvents()
                    .expectException(UserErased.class);
        }

        @Test
        void isRejectedWhenAProductIsUnknown() {
            expectRejection(
                    fixture.givenNoPriorActivity()
                            .when(new PlaceOrder(ID, 3, List.of(new RequestedItem(17, 3), new RequestedItem(99, 1)))),
                    OrderRejection.PRODUCT_NOT_FOUND);
        }

        @Test
        void isRejectedWhenTheTotalIsTooLarge() {
            expectRejection(
                    fixture.givenNoPriorActivity().when(new PlaceOrder(ID, 3, List.of(new RequestedItem(19, 2)))),
                    OrderRejection.TOTAL_OUT_OF_RANGE);
        }

        @Test
        void isNotEvenACommandWithoutItems() {
            assertThatThrownBy(() -> new PlaceOrder(ID, 3, List.of())).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void isNotEvenACommandWithTheSameProductTwice() {
            assertThatThrownBy(() -> new PlaceOrder(ID, 3, List.of(new RequestedItem(17, 1), new RequestedItem(17, 2))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Confirm {

        @Test
        void confirmsAPendingOrder() {
            given("PENDING").when(new ConfirmOrder(ID)).expectEvents(moved("PENDING", "CONFIRMED"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"CONFIRMED", "SHIPPED", "COMPLETED"})
        void succeedsWithoutEventsWhenConfirmedBefore(String status) {
            given(status)
                    .when(new ConfirmOrder(ID))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }

        @Test
        void isRejectedWhenCancelled() {
            expectRejection(given("CANCELLED").when(new ConfirmOrder(ID)), OrderRejection.NOT_CONFIRMABLE);
        }

        @Test
        void carriesTheCustomersLanguage() {
            given("PENDING").when(new ConfirmOrder(ID)).expectEventsMatching(exactSequenceOf(speaking("vi")));
        }

        @Test
        void carriesNoLanguageWhenTheOrderHasNone() {
            fixture.given(CREATED)
                    .when(new ConfirmOrder(ID))
                    .expectEventsMatching(exactSequenceOf(predicate(
                            (EventMessage<?> event) -> event.getMetaData().isEmpty())));
        }
    }

    @Nested
    class Ship {

        @Test
        void shipsAConfirmedOrder() {
            given("CONFIRMED").when(new ShipOrder(ID)).expectEvents(moved("CONFIRMED", "SHIPPED"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"PENDING", "SHIPPED", "COMPLETED", "CANCELLED"})
        void isRejectedWhenNotConfirmed(String status) {
            expectRejection(given(status).when(new ShipOrder(ID)), OrderRejection.NOT_SHIPPABLE);
        }
    }

    @Nested
    class Complete {

        @Test
        void completesAShippedOrder() {
            given("SHIPPED")
                    .when(new CompleteOrder(ID))
                    .expectEvents(
                            moved("SHIPPED", "COMPLETED"), new OrderCompletedEvent(5, 3, new BigDecimal("62.79"), NOW));
        }

        @Test
        void carriesTheCustomersLanguage() {
            given("SHIPPED")
                    .when(new CompleteOrder(ID))
                    .expectEventsMatching(exactSequenceOf(speaking("vi"), speaking("vi")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"PENDING", "CONFIRMED", "COMPLETED", "CANCELLED"})
        void isRejectedWhenNotShipped(String status) {
            expectRejection(given(status).when(new CompleteOrder(ID)), OrderRejection.NOT_COMPLETABLE);
        }
    }

    @Nested
    class Abandon {

        @Test
        void cancelsAPendingOrder() {
            fixture.given(CREATED)
                    .when(new AbandonOrder(ID, "Nothing left."))
                    .expectEvents(
                            new OrderStatusChangedEvent(5, "PENDING", "CANCELLED", NOW),
                            new OrderCancelledEvent(5, 3, "Nothing left.", NOW));
        }

        @ParameterizedTest
        @ValueSource(strings = {"CONFIRMED", "SHIPPED", "COMPLETED", "CANCELLED"})
        void succeedsWithoutEventsLater(String status) {
            fixture.given(CREATED, new OrderStatusChangedEvent(5, "PENDING", status, NOW))
                    .when(new AbandonOrder(ID, "Nothing left."))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }
    }

    @Nested
    class Cancel {

        @ParameterizedTest
        @ValueSource(strings = {"PENDING", "CONFIRMED"})
        void callsTheOrderOffBeforeItIsShipped(String status) {
            given(status)
                    .when(new CancelOrder(ID, "changed my mind"))
                    .expectEvents(moved(status, "CANCELLED"), new OrderCancelledEvent(5, 3, "changed my mind", NOW));
        }

        @Test
        void carriesTheCustomersLanguage() {
            given("PENDING")
                    .when(new CancelOrder(ID, "changed my mind"))
                    .expectEventsMatching(exactSequenceOf(speaking("vi"), speaking("vi")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"SHIPPED", "COMPLETED"})
        void isRejectedWhenShipped(String status) {
            expectRejection(given(status).when(new CancelOrder(ID, "too late")), OrderRejection.NOT_CANCELLABLE);
        }

        @Test
        void isRejectedWhenAlreadyCancelled() {
            expectRejection(given("CANCELLED").when(new CancelOrder(ID, "again")), OrderRejection.NOT_CANCELLABLE);
        }
    }

    private TestExecutor<Order> given(String status) {
        List<Object> events = new ArrayList<>();
        events.add(new GenericEventMessage<>(CREATED, Map.of("locale", "vi")));
        String current = "PENDING";
        for (String next : switch (status) {
            case "PENDING" -> List.<String>of();
            case "CONFIRMED" -> List.of("CONFIRMED");
            case "SHIPPED" -> List.of("CONFIRMED", "SHIPPED");
            case "COMPLETED" -> List.of("CONFIRMED", "SHIPPED", "COMPLETED");
            case "CANCELLED" -> List.of("CANCELLED");
            default -> throw new IllegalArgumentException(status);
        }) {
            events.add(moved(current, next));
            current = next;
        }
        return fixture.given(events);
    }

    private static OrderStatusChangedEvent moved(String from, String to) {
        return new OrderStatusChangedEvent(5, from, to, NOW);
    }

    private static Matcher<EventMessage<?>> speaking(String locale) {
        return predicate(event -> event.getMetaData().equals(Map.of("locale", locale)));
    }

    private static void expectRejection(ResultValidator<Order> result, OrderRejection expected) {
        result.expectNoEvents()
                .expectException(predicate((Throwable thrown) ->
                        thrown instanceof OrderRejected refused && refused.rejection() == expected));
    }

    @Test
    void isTheSameAfterASnapshot() {
        given("CONFIRMED")
                .when(new ShipOrder(ID))
                .expectState(order ->
                        assertThat(restored(order)).usingRecursiveComparison().isEqualTo(order));
    }

    private static Order restored(Order order) {
        ClosedMapSerializer serializer =
                ClosedMapSerializer.of(Map.of(Order.class, new SerializedTypeName("Order", "1")));
        return serializer.deserialize(serializer.serialize(order, String.class));
    }
}
