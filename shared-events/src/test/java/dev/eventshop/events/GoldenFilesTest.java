package dev.eventshop.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.events.product.StockShippedEvent;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.upcasting.EventUpcasters;
import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.AnnotationEventHandlerAdapter;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenFilesTest {

    private static final Instant AT = Instant.parse("2026-03-01T09:30:15.123456Z");

    private final ClosedMapSerializer serializer = ClosedMapSerializer.ofEvents();

    /** Names and revisions are literals: they are data, and don't follow the names of classes. */
    static Stream<Form> currentForms() {
        return Stream.of(
                new Form(
                        "ProductCreatedEvent",
                        "2.0",
                        new ProductCreatedEvent(17, "Trà sen \"Hồ Tây\"", new BigDecimal("12.50"), 40, AT)),
                new Form(
                        "ProductPriceChangedEvent",
                        "1.0",
                        new ProductPriceChangedEvent(17, new BigDecimal("12.50"), new BigDecimal("13.00"), AT)),
                new Form("ProductStockUpdatedEvent", "1.0", new ProductStockUpdatedEvent(17, "Trà sen", 40, 38, AT)),
                new Form("StockReservedEvent", "1.0", new StockReservedEvent(17, 5, 2, AT)),
                new Form("StockReleasedEvent", "1.0", new StockReleasedEvent(17, 5, 2, AT)),
                new Form("StockShippedEvent", "1.0", new StockShippedEvent(17, 5, 2, AT)),
                new Form(
                        "OrderCreatedEvent",
                        "1.0",
                        new OrderCreatedEvent(
                                5,
                                3,
                                new BigDecimal("1234567890.10"),
                                List.of(
                                        new OrderItemEvent(17, "Trà sen", 2, new BigDecimal("12.50")),
                                        new OrderItemEvent(18, "Cup", 1, new BigDecimal("1234567865.10"))),
                                AT)),
                new Form("OrderStatusChangedEvent", "1.0", new OrderStatusChangedEvent(5, "PENDING", "CONFIRMED", AT)),
                new Form("OrderCancelledEvent", "1.0", new OrderCancelledEvent(5, 3, "changed my mind", AT)),
                new Form(
                        "OrderCompletedEvent",
                        "1.0",
                        new OrderCompletedEvent(5, 3, new BigDecimal("1234567890.10"), AT)),
                new Form(
                        "UserRegisteredEvent",
                        "1.0",
                        new UserRegisteredEvent(3, "lan@example.com", "Nguyễn Thị Lan", AT)),
                new Form(
                        "UserAccountLinkedEvent",
                        "1.0",
                        new UserAccountLinkedEvent(3, "r3kUe0bD9m1nYQ5a7cVx2LwT8ZsKfHjPqGdNvBtMyEo", AT)),
                new Form("UserPersonalDataErasedEvent", "1.0", new UserPersonalDataErasedEvent(3, AT)));
    }

    /** Forms that are stored and no longer written, with what a handler gets. */
    static Stream<Form> earlierForms() {
        return Stream.of(new Form(
                "ProductCreatedEvent",
                "1.0",
                new ProductCreatedEvent(17, "Trà sen \"Hồ Tây\"", new BigDecimal("12.50"), 40, AT)));
    }

    static Stream<Form> allForms() {
        return Stream.concat(earlierForms(), currentForms());
    }

    @ParameterizedTest
    @MethodSource("currentForms")
    void isWhatTheEventIsWrittenAs(Form form) {
        SerializedObject<byte[]> written = serializer.serialize(form.event(), byte[].class);

        assertThat(written.getType().getName()).isEqualTo(form.name());
        assertThat(written.getType().getRevision()).isEqualTo(form.revision());
        assertThat(new String(written.getData(), UTF_8)).isEqualTo(form.golden().json());
    }

    @ParameterizedTest
    @MethodSource("currentForms")
    void isReadAsTheEvent(Form form) {
        Object read = serializer.deserialize(new SimpleSerializedObject<>(
                form.golden().json().getBytes(UTF_8), byte[].class, form.name(), form.revision()));

        assertThat(read).isEqualTo(form.event());
    }

    @ParameterizedTest
    @MethodSource("allForms")
    void reachesAHandlerFromItsStoredRow(Form form) throws Exception {
        Handler handler = new Handler();

        new AnnotationEventHandlerAdapter(handler).handle(read(form));

        assertThat(handler.event).isEqualTo(form.event());
        assertThat(handler.locale).isEqualTo("vi");
    }

    private EventMessage<?> read(Form form) {
        TrackedEventData<byte[]> row =
                new TrackedDomainEventData<>(new GlobalSequenceTrackingToken(1), StoredRow.of(form.golden()));
        List<? extends EventMessage<?>> events = EventUtils.upcastAndDeserializeTrackedEvents(
                        Stream.of(row), serializer, EventUpcasters.chain())
                .toList();
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    @Nested
    class TheSet {

        @Test
        void hasAFileForEachEventAndRevision() {
            assertThat(Golden.all())
                    .containsExactlyInAnyOrderElementsOf(
                            allForms().map(Form::golden).toList());
        }

        @Test
        void coversTheRegistry() {
            assertThat(currentForms().map(Form::golden))
                    .containsExactlyInAnyOrderElementsOf(EventRegistry.all().stream()
                            .map(type -> new Golden(type.name(), type.revision()))
                            .toList());
            assertThat(currentForms())
                    .allSatisfy(form -> assertThat(
                                    EventRegistry.of(form.event().getClass()).name())
                            .isEqualTo(form.name()));
        }

        @Test
        void hasNoEarlierFormThatPassesForTheCurrentOne() {
            assertThat(earlierForms())
                    .isNotEmpty()
                    .allSatisfy(form -> assertThatThrownBy(() -> serializer.deserialize(new SimpleSerializedObject<>(
                                    form.golden().json(), String.class, form.name(), form.revision())))
                            .isInstanceOf(SerializationException.class));
        }
    }

    record Form(String name, String revision, Object event) {

        Golden golden() {
            return new Golden(name, revision);
        }

        @Override
        public String toString() {
            return name + " " + revision;
        }
    }

    private static final class Handler {

        private Object event;
        private String locale;

        @EventHandler
        void on(Object handled, @MetaDataValue("locale") String language) {
            event = handled;
            locale = language;
        }
    }
}
