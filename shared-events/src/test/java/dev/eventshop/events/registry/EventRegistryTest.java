package dev.eventshop.events.registry;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderEvent;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.product.ProductEvent;
import dev.eventshop.events.user.UserEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRegistryTest {

    private static final Map<Class<?>, String> AGGREGATES =
            Map.of(ProductEvent.class, "Product", OrderEvent.class, "Order", UserEvent.class, "User");

    /** @return {@code productId int, productName String, ...} */
    private static String fields(Class<?> record) {
        return Stream.of(record.getRecordComponents())
                .map(field -> field.getName() + " "
                        + field.getGenericType().getTypeName().replaceAll("([a-z]+\\.)+(?=[A-Z])", ""))
                .collect(joining(", "));
    }

    /** The contract's tables. They are literals here, because other programs have them as literals. */
    @Nested
    class APublicEvent {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                ProductStockUpdatedEvent    | 1.0 | product.stock-updated     | productId int, productName String, oldStock int, newStock int, updatedAt Instant
                OrderCreatedEvent           | 1.0 | order.created             | orderId int, userId int, totalAmount BigDecimal, items List<OrderItemEvent>, createdAt Instant
                OrderStatusChangedEvent     | 1.0 | order.status-changed      | orderId int, oldStatus String, newStatus String, changedAt Instant
                OrderCancelledEvent         | 1.0 | order.cancelled           | orderId int, userId int, reason String, cancelledAt Instant
                OrderCompletedEvent         | 1.0 | order.completed           | orderId int, userId int, totalAmount BigDecimal, completedAt Instant
                UserRegisteredEvent         | 1.0 | user.registered           | userId int, email String, fullName String, registeredAt Instant
                UserPersonalDataErasedEvent | 1.0 | user.personal-data-erased | userId int, erasedAt Instant
                """)
        void isAsInTheContract(String name, String revision, String routingKey, String fields) {
            EventType type = EventRegistry.named(name).orElseThrow();

            assertThat(type.revision()).isEqualTo(revision);
            assertThat(type.routingKey()).hasValue(routingKey);
            assertThat(fields(type.javaClass())).isEqualTo(fields);
        }

        @Test
        void isOneOfTheContracts() {
            assertThat(EventRegistry.published())
                    .extracting(EventType::name)
                    .containsExactlyInAnyOrder(
                            "ProductStockUpdatedEvent",
                            "OrderCreatedEvent",
                            "OrderStatusChangedEvent",
                            "OrderCancelledEvent",
                            "OrderCompletedEvent",
                            "UserRegisteredEvent",
                            "UserPersonalDataErasedEvent");
        }

        @Test
        void goesToTheContractsExchange() {
            assertThat(EventRegistry.EXCHANGE).isEqualTo("microservice.events");
        }

        @Test
        void hasARoutingKeyOfItsOwn() {
            assertThat(EventRegistry.published())
                    .extracting(EventType::publicKey)
                    .doesNotContainNull()
                    .doesNotHaveDuplicates();
        }

        @Test
        void nestsItemsWithTheContractsFields() {
            assertThat(fields(OrderItemEvent.class))
                    .isEqualTo("productId int, productName String, quantity int, unitPrice BigDecimal");
        }

        @Test
        void speaksOfTheContractsStatuses() {
            assertThat(OrderStatus.values())
                    .extracting(OrderStatus::name)
                    .containsExactly("PENDING", "CONFIRMED", "SHIPPED", "COMPLETED", "CANCELLED");
        }
    }

    @Nested
    class AnInternalEvent {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                ProductCreatedEvent      | 2.0 | productId int, name String, price BigDecimal, initialStock int, createdAt Instant
                ProductPriceChangedEvent | 1.0 | productId int, oldPrice BigDecimal, newPrice BigDecimal, changedAt Instant
                StockReservedEvent       | 1.0 | productId int, orderId int, quantity int, reservedAt Instant
                StockReleasedEvent       | 1.0 | productId int, orderId int, quantity int, releasedAt Instant
                StockShippedEvent        | 1.0 | productId int, orderId int, quantity int, shippedAt Instant
                UserAccountLinkedEvent   | 1.0 | userId int, account String, linkedAt Instant
                """)
        void isStoredUnderItsNameAndNotPublished(String name, String revision, String fields) {
            EventType type = EventRegistry.named(name).orElseThrow();

            assertThat(type.revision()).isEqualTo(revision);
            assertThat(type.routingKey()).isEmpty();
            assertThat(EventRegistry.published()).doesNotContain(type);
            assertThat(fields(type.javaClass())).isEqualTo(fields);
        }

        @Test
        void isOneOfSix() {
            assertThat(EventRegistry.all()).hasSize(EventRegistry.published().size() + 6);
        }
    }

    @Nested
    class ANameInTheRegistry {

        @Test
        void isLogicalAndNoClass() {
            assertThat(EventRegistry.all()).extracting(EventType::name).allSatisfy(name -> {
                assertThat(name).matches("[A-Z][A-Za-z]+Event");
                assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
            });
        }

        @Test
        void isThereOnceAndSoIsItsClass() {
            assertThat(EventRegistry.all()).extracting(EventType::name).doesNotHaveDuplicates();
            assertThat(EventRegistry.all()).extracting(EventType::javaClass).doesNotHaveDuplicates();
        }

        @Test
        void hasARevision() {
            assertThat(EventRegistry.all())
                    .extracting(EventType::revision)
                    .allMatch(it -> it.matches("[1-9]\\d*\\.\\d+"));
        }

        @Test
        void leadsToItsEntry() {
            assertThat(EventRegistry.all()).allSatisfy(type -> {
                assertThat(EventRegistry.named(type.name())).hasValue(type);
                assertThat(EventRegistry.of(type.javaClass())).isSameAs(type);
            });
        }
    }

    @Test
    void holdsEveryClassUnderTheSealedParentsWithItsAggregate() {
        assertThat(EventRegistry.all())
                .flatExtracting(EventType::javaClass)
                .containsExactlyInAnyOrderElementsOf(AGGREGATES.keySet().stream()
                        .flatMap(EventRegistryTest::leaves)
                        .toList());
        assertThat(EventRegistry.all()).allSatisfy(type -> {
            List<String> aggregates = AGGREGATES.entrySet().stream()
                    .filter(parent -> parent.getKey().isAssignableFrom(type.javaClass()))
                    .map(Map.Entry::getValue)
                    .toList();
            assertThat(aggregates).containsExactly(type.aggregateType());
        });
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(EventRegistryTest::leaves)
                : Stream.of(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ordercreatedevent",
                "OrderCreatedEvent ",
                "dev.eventshop.events.order.OrderCreatedEvent",
                "OrderItemEvent",
                "java.lang.Runtime"
            })
    void knowsNoOtherName(String name) {
        assertThat(EventRegistry.named(name)).isEmpty();
    }

    @Test
    void refusesOtherClasses() {
        assertThatThrownBy(() -> EventRegistry.of(OrderItemEvent.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dev.eventshop.events.order.OrderItemEvent is not in the event registry");
        assertThatThrownBy(() -> EventRegistry.of(OrderEvent.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void canNotBeChanged() {
        EventType entry = EventRegistry.of(OrderCreatedEvent.class);

        assertThatThrownBy(() -> EventRegistry.all().add(entry)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> EventRegistry.published().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void letsThreeKeysOfMetadataLeaveTheSystem() {
        assertThat(EventMetadata.PUBLISHED).containsExactlyInAnyOrder("locale", "correlationId", "causationId");
    }
}
