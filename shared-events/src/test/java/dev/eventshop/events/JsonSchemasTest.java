package dev.eventshop.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class JsonSchemasTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V7);

    static List<EventType> publicEvents() {
        return EventRegistry.published();
    }

    static String fileOf(EventType type) {
        return type.name() + "-" + type.revision() + ".schema.json";
    }

    private static String text(EventType type) {
        try (InputStream file = JsonSchemasTest.class.getResourceAsStream("schemas/" + fileOf(type))) {
            assertThat(file).as("schema of %s", type.name()).isNotNull();
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode schema(EventType type) {
        return JSON.readTree(text(type));
    }

    private static ObjectNode golden(EventType type) {
        return (ObjectNode) JSON.readTree(new Golden(type.name(), type.revision()).json());
    }

    private static Set<ValidationMessage> problems(EventType type, String json) {
        SchemaValidatorsConfig config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        JsonSchema schema = SCHEMAS.getSchema(text(type), config);
        return schema.validate(json, InputFormat.JSON);
    }

    private static EventType event(String name) {
        return EventRegistry.named(name).orElseThrow();
    }

    @Test
    void areThereForExactlyThePublicEvents() throws Exception {
        try (Stream<Path> files =
                Files.list(Path.of(JsonSchemasTest.class.getResource("schemas").toURI()))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            publicEvents().stream().map(JsonSchemasTest::fileOf).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("publicEvents")
    void areSchemasThemselves(EventType type) {
        JsonSchema metaschema = SCHEMAS.getSchema(SchemaLocation.of(SchemaId.V7));

        assertThat(metaschema.validate(text(type), InputFormat.JSON)).isEmpty();
        assertThat(schema(type).get("$schema").asString()).isEqualTo(SchemaId.V7);
    }

    @ParameterizedTest
    @MethodSource("publicEvents")
    void areNamedAfterTheEventAndItsRevision(EventType type) {
        JsonNode schema = schema(type);

        assertThat(schema.get("$id").asString())
                .isEqualTo("urn:eventshop:events:" + type.name() + ":" + type.revision());
        assertThat(schema.get("title").asString()).isEqualTo(type.name());
        assertThat(schema.get("description").asString()).isNotBlank();
    }

    @Nested
    class AFieldOfTheSchema {

        static List<EventType> publicEvents() {
            return JsonSchemasTest.publicEvents();
        }

        @ParameterizedTest
        @MethodSource("publicEvents")
        void isAComponentOfTheRecordInItsPlaceAndOfItsType(EventType type) {
            holds(schema(type), type.javaClass(), type.personalFields());
        }

        private void holds(JsonNode schema, Class<?> record, Set<String> personalFields) {
            List<String> names = Stream.of(record.getRecordComponents())
                    .map(RecordComponent::getName)
                    .toList();
            assertThat(schema.get("type").asString()).isEqualTo("object");
            assertThat(schema.get("properties").propertyNames()).containsExactlyElementsOf(names);
            assertThat(schema.get("required")).extracting(JsonNode::asString).containsExactlyElementsOf(names);
            for (RecordComponent component : record.getRecordComponents()) {
                JsonNode property = schema.get("properties").get(component.getName());
                assertThat(property.get("description").asString()).isNotBlank();
                if (personalFields.contains(component.getName())) {
                    assertThat(property.get("type"))
                            .extracting(JsonNode::asString)
                            .containsExactly("string", "null");
                } else {
                    holds(property, component);
                }
            }
        }

        private void holds(JsonNode property, RecordComponent component) {
            String type = property.get("type").asString();
            if (component.getType() == int.class) {
                int least = component.getName().endsWith("Stock") ? 0 : 1;
                assertThat(type).isEqualTo("integer");
                assertThat(property.get("minimum").intValue()).isEqualTo(least);
                assertThat(property.get("maximum").intValue()).isEqualTo(Integer.MAX_VALUE);
            } else if (component.getType() == BigDecimal.class) {
                assertThat(type).isEqualTo("number");
                assertThat(property.get("minimum").intValue()).isZero();
            } else if (component.getType() == Instant.class) {
                assertThat(type).isEqualTo("string");
                assertThat(property.get("format").asString()).isEqualTo("date-time");
                assertThat(property.get("pattern").asString()).endsWith("Z$");
            } else if (component.getType() == List.class) {
                assertThat(type).isEqualTo("array");
                assertThat(property.get("minItems").intValue()).isEqualTo(1);
                holds(
                        property.get("items"),
                        (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0],
                        Set.of());
            } else {
                assertThat(component.getType()).isEqualTo(String.class);
                assertThat(type).isEqualTo("string");
            }
        }

        @Test
        void namesTheStatusesOfAnOrder() {
            JsonNode properties = schema(event("OrderStatusChangedEvent")).get("properties");
            List<String> statuses =
                    Stream.of(OrderStatus.values()).map(OrderStatus::name).toList();

            assertThat(properties.get("oldStatus").get("enum"))
                    .extracting(JsonNode::asString)
                    .containsExactlyElementsOf(statuses);
            assertThat(properties.get("newStatus").get("enum"))
                    .extracting(JsonNode::asString)
                    .containsExactlyElementsOf(statuses);
        }

        @Test
        void tellsPersonalData() {
            assertThat(publicEvents().stream()
                            .flatMap(type -> schema(type).get("properties").properties().stream()
                                    .filter(field -> field.getValue()
                                            .get("description")
                                            .asString()
                                            .contains("Personal data"))
                                    .map(field -> type.name() + "." + field.getKey())))
                    .containsExactly("UserRegisteredEvent.email", "UserRegisteredEvent.fullName");
        }
    }

    @Nested
    class AnEvent {

        static List<EventType> publicEvents() {
            return JsonSchemasTest.publicEvents();
        }

        @ParameterizedTest
        @MethodSource("publicEvents")
        void isValidInItsGoldenForm(EventType type) {
            assertThat(problems(type, new Golden(type.name(), type.revision()).json()))
                    .isEmpty();
        }

        @ParameterizedTest
        @MethodSource("publicEvents")
        void isValidWithMoreFields(EventType type) {
            assertThat(problems(type, golden(type).put("addedLater", 1).toString()))
                    .isEmpty();
        }

        /** Each field, nested ones too: without it, and with a value of each JSON type that it has not. */
        static Stream<Arguments> spoiledFields() {
            List<Arguments> cases = new ArrayList<>();
            for (EventType type : JsonSchemasTest.publicEvents()) {
                ObjectNode event = golden(type);
                event.propertyNames().forEach(field -> spoil(type, "", field, cases));
                event.at("/items/0").propertyNames().forEach(field -> spoil(type, "/items/0", field, cases));
            }
            return cases.stream();
        }

        private static void spoil(EventType type, String parent, String field, List<Arguments> cases) {
            ObjectNode without = golden(type);
            JsonNode value = ((ObjectNode) without.at(parent)).remove(field);
            cases.add(Arguments.of(type.name(), parent + "/" + field + " missing", parent, without.toString()));
            for (String other : List.of("null", "true", "17", "1.5", "\"text\"", "{}", "[]", "[17]")) {
                JsonNode spoiled = JSON.readTree(other);
                boolean erased = spoiled.isNull() && type.personalFields().contains(field);
                if (!erased && !fits(field, value, spoiled)) {
                    ObjectNode event = golden(type);
                    ((ObjectNode) event.at(parent)).set(field, spoiled);
                    String path = parent + "/" + field;
                    cases.add(Arguments.of(type.name(), path + " = " + other, path, event.toString()));
                }
            }
        }

        private static boolean fits(String field, JsonNode value, JsonNode other) {
            if (value.isString()) {
                return other.isString() && !field.endsWith("At") && !field.endsWith("Status");
            }
            return value.isIntegralNumber() && other.isIntegralNumber() || value.isBigDecimal() && other.isNumber();
        }

        @ParameterizedTest(name = "{0}: {1}")
        @MethodSource("spoiledFields")
        void isInvalidWithASpoiledField(String name, String what, String place, String json) {
            assertThat(problems(event(name), json))
                    .as(what)
                    .isNotEmpty()
                    .allSatisfy(problem ->
                            assertThat(problem.getInstanceLocation().toString()).startsWith(place));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                OrderCreatedEvent           | /orderId              | 0
                OrderCreatedEvent           | /userId               | -3
                OrderCreatedEvent           | /totalAmount          | -0.01
                OrderCreatedEvent           | /totalAmount          | "12.50"
                OrderCreatedEvent           | /items                | []
                OrderCreatedEvent           | /items/0/productId    | -17
                OrderCreatedEvent           | /items/0/quantity     | 0
                OrderCreatedEvent           | /items/1/quantity     | 1.5
                OrderCreatedEvent           | /items/1/unitPrice    | -1
                OrderCreatedEvent           | /createdAt            | "2026-03-01T09:30:15"
                OrderCreatedEvent           | /createdAt            | "2026-03-01T09:30:15+00:00"
                OrderCreatedEvent           | /createdAt            | "2026-03-01 09:30:15Z"
                OrderCreatedEvent           | /createdAt            | "2026-03-01T09:30Z"
                OrderCreatedEvent           | /createdAt            | "2026-03-01"
                OrderCreatedEvent           | /createdAt            | 1772357415
                OrderStatusChangedEvent     | /orderId              | -5
                OrderStatusChangedEvent     | /orderId              | 2147483648
                OrderStatusChangedEvent     | /newStatus            | "LOST"
                OrderStatusChangedEvent     | /oldStatus            | "pending"
                OrderStatusChangedEvent     | /changedAt            | "2026-03-01T16:30:15+07:00"
                OrderCancelledEvent         | /orderId              | 0
                OrderCancelledEvent         | /cancelledAt          | "yesterday"
                OrderCompletedEvent         | /totalAmount          | -1
                OrderCompletedEvent         | /completedAt          | "2026-13-01T09:30:15Z"
                ProductStockUpdatedEvent    | /productId            | -1
                ProductStockUpdatedEvent    | /oldStock             | -1
                ProductStockUpdatedEvent    | /newStock             | -1
                ProductStockUpdatedEvent    | /updatedAt            | "2026-02-30T09:30:15Z"
                UserRegisteredEvent         | /userId               | 0
                UserRegisteredEvent         | /registeredAt         | ""
                UserPersonalDataErasedEvent | /userId               | -3
                UserPersonalDataErasedEvent | /erasedAt             | "2026-03-01T09:30:15z"
                """)
        void isInvalidOutsideOfItsFieldsRange(String name, String field, String value) {
            EventType type = event(name);
            ObjectNode event = golden(type);
            int slash = field.lastIndexOf('/');
            ((ObjectNode) event.at(field.substring(0, slash))).set(field.substring(slash + 1), JSON.readTree(value));

            assertThat(problems(type, event.toString()))
                    .isNotEmpty()
                    .allSatisfy(
                            problem -> assertThat(problem.getInstanceLocation()).hasToString(field));
        }

        @ParameterizedTest
        @CsvSource({"0", "0.00", "12.50", "1e3", "9007199254740993.01"})
        void mayHaveAnyAmountThatIsNotNegative(String amount) {
            EventType type = event("OrderCompletedEvent");
            ObjectNode event = golden(type).put("totalAmount", new BigDecimal(amount));

            assertThat(problems(type, event.toString())).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"2026-03-01T09:30:00Z", "2026-03-01T09:30:15.1Z", "2026-03-01T09:30:15.123456789Z"})
        void mayHaveMomentsOfAnyPrecision(String moment) {
            EventType type = event("UserPersonalDataErasedEvent");

            assertThat(problems(type, golden(type).put("erasedAt", moment).toString()))
                    .isEmpty();
        }
    }
}
