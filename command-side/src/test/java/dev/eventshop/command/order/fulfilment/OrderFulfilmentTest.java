package dev.eventshop.command.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.command.order.AbandonOrder;
import dev.eventshop.command.order.ConfirmOrder;
import dev.eventshop.command.order.OrderRefusals;
import dev.eventshop.command.product.ProductRefusals;
import dev.eventshop.command.product.ReleaseStock;
import dev.eventshop.command.product.Reservation;
import dev.eventshop.command.product.ReserveStock;
import dev.eventshop.command.product.ShipStock;
import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderId;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.product.ProductId;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.test.saga.FixtureExecutionResult;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OrderFulfilmentTest {

    private static final Instant NOW = Instant.parse("2026-03-01T09:30:15.123456Z");
    private static final OrderId ORDER = new OrderId(5);
    private static final ProductId TEAPOT = new ProductId(17);
    private static final ProductId CUP = new ProductId(18);
    private static final OrderCreatedEvent CREATED = new OrderCreatedEvent(
            5,
            3,
            new BigDecimal("62.79"),
            List.of(
                    new OrderItemEvent(17, "Teapot", 3, new BigDecimal("19.90")),
                    new OrderItemEvent(18, "Cup", 1, new BigDecimal("3.09"))),
            NOW);
    private static final OrderStatusChangedEvent CONFIRMED = changed("PENDING", "CONFIRMED");
    private static final OrderStatusChangedEvent SHIPPED = changed("CONFIRMED", "SHIPPED");
    private static final OrderCancelledEvent CANCELLED = new OrderCancelledEvent(5, 3, "No more.", NOW);

    /** What commands are answered with; an exception is thrown. Nothing stands for null. */
    private final Map<Object, Object> answers = new HashMap<>();

    private SagaTestFixture<OrderFulfilment> fixture;

    @BeforeEach
    void start() {
        fixture = new SagaTestFixture<>(OrderFulfilment.class);
        fixture.setCallbackBehavior((command, metaData) -> {
            Object answer = answers.getOrDefault(command, command instanceof ReserveStock ? Reservation.HELD : null);
            if (answer instanceof Exception failure) {
                throw failure;
            }
            return answer;
        });
        StockSteps steps = new StockSteps(this::send);
        FulfilmentSteps direct = steps::take;
        fixture.registerResource(direct);
    }

    private Object send(Object command, Cause cause) {
        AtomicReference<Object> result = new AtomicReference<>();
        fixture.getCommandBus()
                .dispatch(
                        GenericCommandMessage.asCommandMessage(command)
                                .andMetaData(MetaData.with("correlation", String.valueOf(cause.correlationId()))),
                        (message, answer) ->
                                result.set(answer.isExceptional() ? answer.exceptionResult() : answer.getPayload()));
        if (result.get() instanceof RuntimeException failure) {
            throw failure;
        }
        return result.get();
    }

    @Nested
    class Placing {

        @Test
        void reservesEachItemAndConfirms() {
            fixture.givenNoPriorActivity()
                    .whenPublishingA(CREATED)
                    .expectActiveSagas(1)
                    .expectAssociationWith("orderId", 5)
                    .expectDispatchedCommands(
                            new ReserveStock(TEAPOT, 5, 3), new ReserveStock(CUP, 5, 1), new ConfirmOrder(ORDER));
        }

        @Test
        void callsTheOrderOffWhenAnItemIsShort() {
            answers.put(new ReserveStock(CUP, 5, 1), ProductRefusals.insufficientStock(0));

            fixture.givenNoPriorActivity()
                    .whenPublishingA(CREATED)
                    .expectActiveSagas(1)
                    .expectDispatchedCommands(
                            new ReserveStock(TEAPOT, 5, 3),
                            new ReserveStock(CUP, 5, 1),
                            new AbandonOrder(ORDER, "Not enough in stock of Cup (product 18): 0 left, 1 ordered."));
        }

        @Test
        void asksForNoFurtherItemWhenOneIsShort() {
            answers.put(new ReserveStock(TEAPOT, 5, 3), ProductRefusals.insufficientStock(2));

            fixture.givenNoPriorActivity()
                    .whenPublishingA(CREATED)
                    .expectDispatchedCommands(
                            new ReserveStock(TEAPOT, 5, 3),
                            new AbandonOrder(ORDER, "Not enough in stock of Teapot (product 17): 2 left, 3 ordered."));
        }

        @Test
        void callsTheOrderOffWhenAProductDoesNotExist() {
            answers.put(new ReserveStock(CUP, 5, 1), new AggregateNotFoundException("product-18", "no such product"));

            fixture.givenNoPriorActivity()
                    .whenPublishingA(CREATED)
                    .expectDispatchedCommands(
                            new ReserveStock(TEAPOT, 5, 3),
                            new ReserveStock(CUP, 5, 1),
                            new AbandonOrder(ORDER, "Cup (product 18) is not sold any more."));
        }

        @Test
        void confirmsNothingThatIsNotHeld() {
            answers.put(new ReserveStock(CUP, 5, 1), Reservation.FORGONE);

            fixture.givenNoPriorActivity()
                    .whenPublishingA(CREATED)
                    .expectActiveSagas(1)
                    .expectDispatchedCommands(new ReserveStock(TEAPOT, 5, 3), new ReserveStock(CUP, 5, 1));
        }

        @Test
        void leavesAnOrderThatWasCancelledMeanwhile() {
            answers.put(new ConfirmOrder(ORDER), OrderRefusals.notConfirmable());

            fixture.givenNoPriorActivity()
                    .whenPublishingA(CREATED)
                    .expectActiveSagas(1)
                    .expectDispatchedCommands(
                            new ReserveStock(TEAPOT, 5, 3), new ReserveStock(CUP, 5, 1), new ConfirmOrder(ORDER));
        }

        @Test
        void doesTheSameAgainWhenItIsSeenAgain() {
            fixture.givenAPublished(CREATED)
                    .whenPublishingA(CREATED)
                    .expectActiveSagas(1)
                    .expectDispatchedCommands(
                            new ReserveStock(TEAPOT, 5, 3), new ReserveStock(CUP, 5, 1), new ConfirmOrder(ORDER));
        }
    }

    @Nested
    class Cancelling {

        @Test
        void releasesEachItemAndEnds() {
            fixture.givenAPublished(CREATED)
                    .andThenAPublished(CONFIRMED)
                    .whenPublishingA(CANCELLED)
                    .expectActiveSagas(0)
                    .expectDispatchedCommands(new ReleaseStock(TEAPOT, 5), new ReleaseStock(CUP, 5));
        }

        @Test
        void releasesWhatWasReservedBeforeAnItemWasShort() {
            answers.put(new ReserveStock(CUP, 5, 1), ProductRefusals.insufficientStock(0));

            fixture.givenAPublished(CREATED)
                    .whenPublishingA(CANCELLED)
                    .expectActiveSagas(0)
                    .expectDispatchedCommands(new ReleaseStock(TEAPOT, 5), new ReleaseStock(CUP, 5));
        }

        @Test
        void releasesTheOthersWhenAProductDoesNotExist() {
            answers.put(new ReleaseStock(TEAPOT, 5), new AggregateNotFoundException("product-17", "no such product"));

            fixture.givenAPublished(CREATED)
                    .whenPublishingA(CANCELLED)
                    .expectActiveSagas(0)
                    .expectDispatchedCommands(new ReleaseStock(TEAPOT, 5), new ReleaseStock(CUP, 5));
        }

        @Test
        void doesNothingForAnOrderThatIsNotKnown() {
            fixture.givenNoPriorActivity()
                    .whenPublishingA(CANCELLED)
                    .expectActiveSagas(0)
                    .expectNoDispatchedCommands();
        }
    }

    @Nested
    class StatusChanges {

        @Test
        void toShippedTakeTheUnitsAlongAndEnd() {
            fixture.givenAPublished(CREATED)
                    .andThenAPublished(CONFIRMED)
                    .whenPublishingA(SHIPPED)
                    .expectActiveSagas(0)
                    .expectDispatchedCommands(new ShipStock(TEAPOT, 5), new ShipStock(CUP, 5));
        }

        @Test
        void toOthersDoNothing() {
            FixtureExecutionResult result = fixture.givenAPublished(CREATED).whenPublishingA(CONFIRMED);

            result.expectActiveSagas(1).expectNoDispatchedCommands();
        }
    }

    @Test
    void isTheSameAfterItWasStored() {
        OrderFulfilment saga = new OrderFulfilment();
        saga.on(CREATED, step -> {}, MetaData.emptyInstance());
        ClosedMapSerializer serializer =
                ClosedMapSerializer.of(Map.of(OrderFulfilment.class, new SerializedTypeName("OrderFulfilment", "1")));

        OrderFulfilment restored = serializer.deserialize(serializer.serialize(saga, String.class));

        assertThat(restored).usingRecursiveComparison().isEqualTo(saga);
        assertThat(JsonMapper.shared()
                        .readTree(serializer.serialize(saga, String.class).getData()))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"orderId": 5, "items": [
                            {"productId": 17, "productName": "Teapot", "quantity": 3},
                            {"productId": 18, "productName": "Cup", "quantity": 1}]}"""));
    }

    private static OrderStatusChangedEvent changed(String oldStatus, String newStatus) {
        return new OrderStatusChangedEvent(5, oldStatus, newStatus, NOW);
    }
}
