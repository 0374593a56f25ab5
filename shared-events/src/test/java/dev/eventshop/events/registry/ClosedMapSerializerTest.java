package dev.eventshop.events.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ClosedMapSerializerTest {

    private static final Instant AT = Instant.parse("2026-03-01T09:30:00Z");
    private static final String METADATA = "org.axonframework.messaging.MetaData";

    private final ClosedMapSerializer serializer = ClosedMapSerializer.ofEvents();

    private Object read(String name, String body) {
        String revision = name.equals("ProductCreatedEvent") ? "2.0" : "1.0";
        return serializer.deserialize(new SimpleSerializedObject<>(body.getBytes(UTF_8), byte[].class, name, revision));
    }

    private OrderCompletedEvent completed(String amount) {
        return (OrderCompletedEvent) read(
                "OrderCompletedEvent",
                "{\"orderId\":5,\"userId\":3,\"totalAmount\":%s,\"completedAt\":\"2026-03-01T09:30:00Z\"}"
                        .formatted(amount));
    }

    private UserPersonalDataErasedEvent erasedWith(String field) {
        return (UserPersonalDataErasedEvent) read(
                "UserPersonalDataErasedEvent",
                "{\"userId\":3,\"erasedAt\":\"2026-03-01T09:30:00Z\"%s}".formatted(field));
    }

    private String written(Object object) {
        return new String(serializer.serialize(object, byte[].class).getData(), UTF_8);
    }

    private static Object again(ClosedMapSerializer serializer, SerializedObject<?> written) {
        return serializer.deserialize(written);
    }

    private void refuses(String name, String body) {
        assertThatThrownBy(() -> read(name, body)).isInstanceOf(SerializationException.class);
    }

    @Nested
    class ATypeName {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "java.lang.Runtime",
                    "java.lang.Object",
                    "java.lang.Void",
                    "java.util.HashMap",
                    "[B",
                    "int",
                    "javax.script.ScriptEngineManager",
                    "org.springframework.context.support.ClassPathXmlApplicationContext",
                    "dev.eventshop.events.order.OrderCreatedEvent",
                    "dev.eventshop.events.registry.EventType",
                    "OrderItemEvent",
                    "ordercreatedevent",
                    "OrderCreatedEvent\u0000",
                    "",
                    " "
                })
        void isRefusedWhenTheMapHasItNot(String name) {
            assertThatThrownBy(() -> read(name, "{}"))
                    .isInstanceOf(UnknownTypeException.class)
                    .hasMessage("unknown type name \"" + name + "\"");
            assertThatThrownBy(() -> serializer.classForType(new SimpleSerializedType(name, null)))
                    .isInstanceOf(UnknownTypeException.class);
        }

        @Test
        void isRefusedInARevisionThatIsNewerThanTheCode() {
            for (SerializedObject<?> newer : List.of(
                    new SimpleSerializedObject<>("{}", String.class, "UserRegisteredEvent", "9.0"),
                    new SimpleSerializedObject<>("{}".getBytes(UTF_8), byte[].class, "UserRegisteredEvent", "9.0"))) {
                assertThatThrownBy(() -> serializer.deserialize(newer))
                        .isInstanceOf(UnknownTypeException.class)
                        .hasMessage("unknown revision \"9.0\" of UserRegisteredEvent, which is at 1.0 here: the code is"
                                + " older than the data");
            }
            assertThatThrownBy(() -> serializer.classForType(new SimpleSerializedType("UserRegisteredEvent", "9.0")))
                    .isInstanceOf(UnknownTypeException.class);
            assertThat(serializer.classForType(new SimpleSerializedType("UserRegisteredEvent", null)))
                    .isEqualTo(UserRegisteredEvent.class);
        }

        @Test
        void isNotLookedUpAmongClassesSoNoneIsInitialised() {
            refuses(Trap.class.getName(), "{}");

            assertThat(Trap.Flag.initialised).isFalse();
        }

        @Test
        void isRefusedByASerializerForOtherClasses() {
            ClosedMapSerializer other =
                    ClosedMapSerializer.of(Map.of(Basket.class, new SerializedTypeName("Basket", "1")));

            assertThat(other.classForType(new SimpleSerializedType("Basket", "1")))
                    .isEqualTo(Basket.class);
            assertThatThrownBy(() -> other.classForType(new SimpleSerializedType("OrderCreatedEvent", "1.0")))
                    .isInstanceOf(UnknownTypeException.class);
        }

        @Test
        void namesOneClass() {
            SerializedTypeName same = new SerializedTypeName("Basket", "1");

            assertThatThrownBy(() -> ClosedMapSerializer.of(Map.of(Basket.class, same, Trap.class, same)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class AClass {

        @Test
        void isWrittenUnderItsNameAndRevision() {
            assertThat(serializer.typeForClass(ProductCreatedEvent.class))
                    .isEqualTo(new SimpleSerializedType("ProductCreatedEvent", "2.0"));
        }

        static Stream<Object> outsiders() {
            return Stream.of(
                    "text",
                    17,
                    new Object(),
                    Map.of("orderId", 1),
                    List.of(),
                    Thread.State.NEW,
                    new Basket(BigDecimal.ONE),
                    new OrderItemEvent(1, "Cup", 1, BigDecimal.ONE));
        }

        @ParameterizedTest
        @MethodSource("outsiders")
        void isRefusedWhenTheMapHasItNot(Object outsider) {
            assertThatThrownBy(() -> serializer.typeForClass(outsider.getClass()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(outsider.getClass().getName() + " has no name to be stored under");
            assertThatThrownBy(() -> serializer.serialize(outsider, byte[].class))
                    .isInstanceOfAny(IllegalArgumentException.class, SerializationException.class);
            assertThatThrownBy(() -> serializer.serialize(outsider, String.class))
                    .isInstanceOfAny(IllegalArgumentException.class, SerializationException.class);
        }
    }

    @Nested
    class ATypeInTheBody {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    ",\"@class\":\"java.lang.Runtime\"",
                    ",\"@type\":\"java.lang.Runtime\"",
                    ",\"@c\":\".Runtime\"",
                    ",\"class\":\"java.lang.Runtime\"",
                    ",\"payload\":[\"javax.script.ScriptEngineManager\",[]]",
                    ",\"nested\":{\"@class\":\"java.lang.ProcessBuilder\",\"command\":[\"true\"]}"
                })
        void isAnUnknownField(String field) {
            assertThat(erasedWith(field)).isEqualTo(new UserPersonalDataErasedEvent(3, AT));
        }

        @Test
        void isNoWrapperAroundTheEvent() {
            refuses(
                    "UserPersonalDataErasedEvent",
                    "[\"java.lang.Runtime\",{\"userId\":3,\"erasedAt\":\"2026-03-01T09:30:00Z\"}]");
            refuses("OrderCreatedEvent", """
                    {"orderId":1,"userId":1,"totalAmount":1,"createdAt":"2026-03-01T09:30:00Z",
                     "items":["java.util.ArrayList",[{"productId":1,"productName":"Cup","quantity":1,"unitPrice":1}]]}
                    """);
        }

        @Test
        void makesPlainMapsAndListsOfMetadata() {
            MetaData read = (MetaData) read(
                    METADATA, "{\"@class\":\"java.lang.Runtime\",\"a\":[\"java.util.HashMap\",{\"@class\":\"x.Y\"}]}");

            assertThat(read)
                    .isEqualTo(Map.of(
                            "@class", "java.lang.Runtime", "a", List.of("java.util.HashMap", Map.of("@class", "x.Y"))));
        }
    }

    @Nested
    class ADecimal {

        @ParameterizedTest
        @CsvSource({
            "0.10,0.10",
            "1E+3,1000",
            "1E+20,100000000000000000000",
            "0.00,0.00",
            "0.0000001,0.0000001",
            "1234567890.10,1234567890.10",
            "-12.50,-12.50"
        })
        void isWrittenPlainWithItsScale(String amount, String number) {
            assertThat(written(new OrderCompletedEvent(5, 3, new BigDecimal(amount), AT)))
                    .isEqualTo("{\"orderId\":5,\"userId\":3,\"totalAmount\":" + number
                            + ",\"completedAt\":\"2026-03-01T09:30:00Z\"}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.10", "12.50", "1234567890.10", "0.00", "7", "1E+3", "0.0000001"})
        void isReadWithItsScale(String number) {
            assertThat(completed(number).totalAmount()).isEqualTo(new BigDecimal(number));
        }

        @Test
        void keepsItsScaleOnTheWayThroughATree() {
            OrderCompletedEvent event = completed("12.50");

            SerializedObject<JsonNode> tree = serializer.serialize(event, JsonNode.class);

            assertThat(again(serializer, tree)).isEqualTo(event);
            assertThat(serializer.getConverter().convert(tree.getData(), byte[].class))
                    .asString(UTF_8)
                    .contains("\"totalAmount\":12.50,");
        }

        @Test
        void hasUpTo38Digits() {
            assertThat(completed("9".repeat(38)).totalAmount()).isEqualTo(new BigDecimal("9".repeat(38)));
            assertThat(completed("1E+38").totalAmount()).isEqualTo(new BigDecimal("1E+38"));
            assertThat(completed("1E-38").totalAmount()).isEqualTo(new BigDecimal("1E-38"));
        }

        static Stream<String> beyondAllBounds() {
            return Stream.of(
                    "9".repeat(39),
                    "9".repeat(1_000),
                    "9".repeat(1_000_000),
                    "1E+39",
                    "1E-39",
                    "0E-39",
                    "1e1000000000",
                    "1e-1000000000",
                    "0e1000000000",
                    "1e99999999999");
        }

        @ParameterizedTest
        @MethodSource("beyondAllBounds")
        @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void isRefusedBeyondThat(String number) {
            assertThatThrownBy(() -> completed(number)).isInstanceOf(SerializationException.class);
        }

        @Test
        @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void isNotWrittenAsAGigabyteOfZeros() {
            OrderCompletedEvent event = new OrderCompletedEvent(5, 3, new BigDecimal("1E+1000000000"), AT);

            assertThatThrownBy(() -> serializer.serialize(event, byte[].class))
                    .isInstanceOf(SerializationException.class);
        }
    }

    @Nested
    class AnInstant {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "2026-03-01T09:30:00Z",
                    "2026-03-01T09:30:15.123456Z",
                    "2026-03-01T09:30:15.100Z",
                    "2026-03-01T00:00:00Z",
                    "1969-12-31T23:59:59.999999999Z"
                })
        void isWrittenAndReadInUtcWithAZ(String moment) {
            UserPersonalDataErasedEvent event = new UserPersonalDataErasedEvent(3, Instant.parse(moment));
            String json = "{\"userId\":3,\"erasedAt\":\"" + moment + "\"}";

            assertThat(written(event)).isEqualTo(json);
            assertThat(read("UserPersonalDataErasedEvent", json)).isEqualTo(event);
        }

        @Test
        void isTheSameMomentWhateverItsOffset() {
            assertThat(read("UserPersonalDataErasedEvent", "{\"userId\":3,\"erasedAt\":\"2026-03-01T16:30:00+07:00\"}"))
                    .isEqualTo(new UserPersonalDataErasedEvent(3, AT));
        }
    }

    @Nested
    class AField {

        @Test
        void isIgnoredWhenItIsUnknown() {
            assertThat(erasedWith(",\"by\":\"operator\",\"more\":{\"a\":[1,null,{}]},\"UserId\":4"))
                    .isEqualTo(new UserPersonalDataErasedEvent(3, AT));
        }

        static Stream<Arguments> wrongTypes() {
            return Stream.of(
                            Stream.of("\"5\"", "\"\"", "5.0", "5.7", "1e2", "true", "null", "[5]", "{}", "99999999999")
                                    .map(value -> Arguments.of("orderId", value)),
                            Stream.of("5", "1.5", "true", "[]", "[\"a\"]", "{}")
                                    .map(value -> Arguments.of("reason", value)),
                            Stream.of(
                                            "12345",
                                            "1.5",
                                            "1e1000000000",
                                            "true",
                                            "[]",
                                            "\"\"",
                                            "\"12345\"",
                                            "\"2026-03-01\"",
                                            "\"2026-03-01T09:30:15\"",
                                            "\"2026-02-30T09:30:15Z\"")
                                    .map(value -> Arguments.of("cancelledAt", value)))
                    .flatMap(cases -> cases);
        }

        @ParameterizedTest
        @MethodSource("wrongTypes")
        void isRefusedWhenItsValueHasAnotherType(String field, String value) {
            Map<String, String> right =
                    Map.of("orderId", "5", "reason", "\"late\"", "cancelledAt", "\"2026-03-01T09:30:00Z\"");
            String body = "{\"userId\":3,\"orderId\":%s,\"reason\":%s,\"cancelledAt\":%s}";

            assertThat(read(
                            "OrderCancelledEvent",
                            body.formatted(right.get("orderId"), right.get("reason"), right.get("cancelledAt"))))
                    .isEqualTo(new OrderCancelledEvent(5, 3, "late", AT));
            refuses(
                    "OrderCancelledEvent",
                    body.formatted(
                            field.equals("orderId") ? value : right.get("orderId"),
                            field.equals("reason") ? value : right.get("reason"),
                            field.equals("cancelledAt") ? value : right.get("cancelledAt")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"12.50\"", "\"\"", "true", "[1]", "{}", "NaN", "\"NaN\"", "Infinity"})
        void isRefusedWhenAnAmountIsNoNumber(String value) {
            refuses(
                    "OrderCompletedEvent",
                    "{\"orderId\":5,\"userId\":3,\"totalAmount\":%s,\"completedAt\":\"2026-03-01T09:30:00Z\"}"
                            .formatted(value));
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "[null]", "{}", "\"\"", "17", "[17]", "{\"productId\":1}"})
        void isRefusedWhenItemsAreNone(String items) {
            refuses(
                    "OrderCreatedEvent",
                    "{\"orderId\":1,\"userId\":1,\"totalAmount\":1,\"items\":%s,\"createdAt\":\"2026-03-01T09:30:00Z\"}"
                            .formatted(items));
        }

        @Test
        void isRefusedWhenANumberIsMissing() {
            refuses(
                    "OrderCancelledEvent",
                    "{\"orderId\":5,\"reason\":\"late\",\"cancelledAt\":\"2026-03-01T09:30:00Z\"}");
        }

        @Test
        void isNullWhenATextIsMissing() {
            assertThat(read("OrderStatusChangedEvent", "{\"orderId\":5}"))
                    .isEqualTo(new OrderStatusChangedEvent(5, null, null, null));
        }
    }

    @Nested
    class ABody {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "hello",
                    "17",
                    "\"\"",
                    "[]",
                    "true",
                    "{",
                    "{\"orderId\":5,}",
                    "{'orderId':5}",
                    "\uFEFF"
                })
        void isRefusedWhenItIsNoObject(String body) {
            refuses("OrderCreatedEvent", body);
        }

        @Test
        void isRefusedWhenMoreFollows() {
            refuses("UserPersonalDataErasedEvent", "{\"userId\":3,\"erasedAt\":\"2026-03-01T09:30:00Z\"} {}");
        }

        @Test
        void isRefusedWhenItIsNotUtf8() {
            byte[] body = "{\"userId\":3,\"erasedAt\":\"2026-03-01T09:30:00Z\",\"x\":\"?\"}".getBytes(UTF_8);
            body[body.length - 3] = (byte) 0xff;

            assertThatThrownBy(() -> serializer.deserialize(
                            new SimpleSerializedObject<>(body, byte[].class, "UserPersonalDataErasedEvent", "1.0")))
                    .isInstanceOf(SerializationException.class);
        }

        static Stream<String> towers() {
            String lists = "[".repeat(1_000_000) + "]".repeat(1_000_000);
            return Stream.of(
                    lists,
                    "{\"userId\":3,\"x\":" + lists + "}",
                    "{\"userId\":".repeat(1_000_000),
                    "{\"items\":" + lists + "}");
        }

        @ParameterizedTest
        @MethodSource("towers")
        @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void isRefusedWhenItIsNestedWithoutBound(String body) {
            for (String name : List.of("UserPersonalDataErasedEvent", "OrderCreatedEvent", METADATA)) {
                refuses(name, body);
            }
        }

        @Test
        @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void isRefusedWhenAnUnknownFieldHoldsAHugeNumber() {
            assertThatThrownBy(() -> erasedWith(",\"x\":" + "9".repeat(1_000_000)))
                    .isInstanceOf(SerializationException.class);
        }
    }

    @Nested
    class Null {

        @Test
        void isWrittenAndReadAsTheEmptyType() {
            SerializedObject<byte[]> nothing = serializer.serialize(null, byte[].class);

            assertThat(nothing.getType()).isEqualTo(SimpleSerializedType.emptyType());
            assertThat(again(serializer, nothing)).isNull();
            assertThat(serializer.typeForClass(null)).isEqualTo(SimpleSerializedType.emptyType());
            assertThat(serializer.typeForClass(Void.class)).isEqualTo(SimpleSerializedType.emptyType());
            assertThat(serializer.typeForClass(void.class)).isEqualTo(SimpleSerializedType.emptyType());
            assertThat(serializer.classForType(SimpleSerializedType.emptyType()))
                    .isEqualTo(Void.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"OrderCreatedEvent", METADATA})
        void isNoValueOfAnyOtherType(String name) {
            assertThatThrownBy(() -> read(name, "null"))
                    .isInstanceOf(SerializationException.class)
                    .hasMessage("null in place of " + name);
        }
    }

    @Nested
    class Metadata {

        @Test
        void isReadAsItWasWritten() {
            MetaData metadata =
                    MetaData.with("locale", "vi").and("reason", "hỏng \"một\"").and("none", null);

            SerializedObject<byte[]> written = serializer.serialize(metadata, byte[].class);

            assertThat(written.getType().getName()).isEqualTo(METADATA);
            assertThat(written.getType().getRevision()).isNull();
            assertThat(again(serializer, written)).isEqualTo(metadata);
        }

        @Test
        void mayBeEmpty() {
            SerializedObject<String> written = serializer.serialize(MetaData.emptyInstance(), String.class);

            assertThat(written.getData()).isEqualTo("{}");
            assertThat(again(serializer, written)).isEqualTo(MetaData.emptyInstance());
        }

        @Test
        void isUnderstoodByEverySerializer() {
            ClosedMapSerializer other =
                    ClosedMapSerializer.of(Map.of(Basket.class, new SerializedTypeName("Basket", "1")));

            assertThat(again(other, other.serialize(MetaData.with("a", "b"), byte[].class)))
                    .isEqualTo(MetaData.with("a", "b"));
        }
    }

    @Test
    void writesAndReadsPrivateStateOfClassesThatAreNoRecords() {
        ClosedMapSerializer other = ClosedMapSerializer.of(Map.of(Basket.class, new SerializedTypeName("Basket", "1")));

        SerializedObject<byte[]> written = other.serialize(new Basket(new BigDecimal("0.10")), byte[].class);

        assertThat(new String(written.getData(), UTF_8)).isEqualTo("{\"total\":0.10}");
        assertThat(((Basket) again(other, written)).total).isEqualTo(new BigDecimal("0.10"));
    }

    private static final class Basket {

        private BigDecimal total;

        @SuppressWarnings("unused")
        private Basket() {}

        private Basket(BigDecimal total) {
            this.total = total;
        }

        @SuppressWarnings("unused")
        public String getSummary() {
            return "no state";
        }
    }

    private static final class Trap {

        static {
            Flag.initialised = true;
        }

        private static final class Flag {

            private static boolean initialised;
        }
    }
}
