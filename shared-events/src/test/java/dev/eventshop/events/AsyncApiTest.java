package dev.eventshop.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonframework.messaging.Headers;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AsyncApiTest {

    private static final JsonNode DOCUMENT = read();

    private static JsonNode read() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (InputStream file = AsyncApiTest.class.getResourceAsStream("asyncapi.yaml")) {
            return JsonMapper.shared().valueToTree(new Yaml(new SafeConstructor(options)).load(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<EventType> publicEvents() {
        return EventRegistry.published();
    }

    private static Collection<Map.Entry<String, JsonNode>> channels() {
        return DOCUMENT.get("channels").properties();
    }

    private static Map.Entry<String, JsonNode> channel(EventType type) {
        List<Map.Entry<String, JsonNode>> found = channels().stream()
                .filter(channel -> channel.getValue().get("address").asString().equals(type.publicKey()))
                .toList();
        assertThat(found).as("channels of %s", type.name()).hasSize(1);
        return found.get(0);
    }

    private static JsonNode message(EventType type) {
        return DOCUMENT.at("/components/messages/" + type.name());
    }

    private static JsonNode headers() {
        return DOCUMENT.at("/components/schemas/Headers");
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::stringValue).toList();
    }

    @Nested
    class AnEventOfTheRegistry {

        static List<EventType> publicEvents() {
            return AsyncApiTest.publicEvents();
        }

        @ParameterizedTest
        @MethodSource("publicEvents")
        void hasAChannelOnTheExchangeWithItsRoutingKey(EventType type) {
            JsonNode channel = channel(type).getValue();

            assertThat(channel.at("/bindings/amqp/is").asString()).isEqualTo("routingKey");
            JsonNode exchange = channel.at("/bindings/amqp/exchange");
            assertThat(exchange.get("name").asString()).isEqualTo(EventRegistry.EXCHANGE);
            assertThat(exchange.get("type").asString()).isEqualTo("topic");
            assertThat(exchange.get("durable").booleanValue()).isTrue();
            assertThat(exchange.get("autoDelete").booleanValue()).isFalse();
        }

        @ParameterizedTest
        @MethodSource("publicEvents")
        void isTheOnlyMessageOfItsChannel(EventType type) {
            JsonNode messages = channel(type).getValue().get("messages");

            assertThat(messages.propertyNames()).containsExactly(type.name());
            assertThat(messages.get(type.name()).get("$ref").asString())
                    .isEqualTo("#/components/messages/" + type.name());
        }

        @ParameterizedTest
        @MethodSource("publicEvents")
        void isSentPersistentAndMandatory(EventType type) {
            String channel = "#/channels/" + channel(type).getKey();

            assertThat(DOCUMENT.get("operations")
                            .valueStream()
                            .filter(operation ->
                                    operation.at("/channel/$ref").asString().equals(channel)))
                    .singleElement()
                    .satisfies(operation -> {
                        assertThat(operation.get("action").asString()).isEqualTo("send");
                        assertThat(operation.at("/bindings/amqp/deliveryMode").intValue())
                                .isEqualTo(2);
                        assertThat(operation.at("/bindings/amqp/mandatory").booleanValue())
                                .isTrue();
                        assertThat(operation.get("summary"))
                                .isEqualTo(message(type).get("summary"));
                    });
        }

        @ParameterizedTest
        @MethodSource("publicEvents")
        void isDescribedByTheSchemaOfItsRevision(EventType type) {
            JsonNode payload = message(type).get("payload");
            String file = payload.at("/schema/$ref").asString();

            assertThat(file).isEqualTo("./schemas/" + type.name() + "-" + type.revision() + ".schema.json");
            JsonNode schema = JsonMapper.shared().readTree(AsyncApiTest.class.getResourceAsStream(file));
            assertThat(message(type).get("summary")).isEqualTo(schema.get("description"));
            assertThat(payload.get("schemaFormat").asString()).isEqualTo("application/schema+json;version=draft-07");
            assertThat(schema.get("$schema").asString()).isEqualTo("http://json-schema.org/draft-07/schema#");
        }

        @ParameterizedTest
        @MethodSource("publicEvents")
        void hasAMessageWithItsName(EventType type) {
            JsonNode message = message(type);

            assertThat(message.get("name").asString()).isEqualTo(type.name());
            assertThat(message.get("title").asString()).isEqualTo(type.name());
            assertThat(message.at("/bindings/amqp/messageType").asString()).isEqualTo(type.name());
            assertThat(message.get("contentType").asString()).isEqualTo("application/json");
            assertThat(message.at("/headers/$ref").asString()).isEqualTo("#/components/schemas/Headers");
        }
    }

    @Nested
    class TheDocument {

        @Test
        void hasNothingThatTheRegistryHasNot() {
            int events = publicEvents().size();

            assertThat(channels())
                    .extracting(channel -> channel.getValue().get("address").asString())
                    .containsExactlyInAnyOrderElementsOf(
                            publicEvents().stream().map(EventType::publicKey).toList());
            assertThat(DOCUMENT.at("/components/messages").propertyNames())
                    .containsExactlyInAnyOrderElementsOf(
                            publicEvents().stream().map(EventType::name).toList());
            assertThat(DOCUMENT.get("operations").propertyNames()).hasSize(events);
            assertThat(DOCUMENT.get("components").propertyNames()).containsExactly("messages", "schemas");
            assertThat(DOCUMENT.at("/components/schemas").propertyNames()).containsExactly("Headers");
        }

        @Test
        void tellsHowMessagesAreDelivered() {
            assertThat(DOCUMENT.at("/info/description").asString())
                    .contains(
                            EventRegistry.EXCHANGE,
                            "at least once",
                            "message_id is the key to drop duplicates by",
                            "Order is kept per aggregate",
                            "consumers ignore what they do not know",
                            ".dlq");
        }
    }

    /** As in the contract; the names of Axon's headers are those of its converter. */
    @Nested
    class AHeader {

        @Test
        void isOneOfTheContracts() {
            assertThat(headers().get("properties").propertyNames())
                    .containsExactlyInAnyOrder(
                            "axon-message-id",
                            "axon-message-type",
                            "axon-message-revision",
                            "axon-message-timestamp",
                            "axon-message-aggregate-type",
                            "axon-message-aggregate-id",
                            "axon-message-aggregate-seq",
                            "axon-metadata-locale",
                            "axon-metadata-correlationId",
                            "axon-metadata-causationId",
                            "traceparent",
                            "cloudEvents:id",
                            "cloudEvents:type",
                            "cloudEvents:source",
                            "cloudEvents:specversion",
                            "cloudEvents:time",
                            "cloudEvents:subject",
                            "x-replay");
        }

        @Test
        void isAlwaysThereUnlessItComesFromMetadataTracingOrAReplay() {
            assertThat(texts(headers().get("required")))
                    .containsExactlyInAnyOrderElementsOf(headers().get("properties").propertyNames().stream()
                            .filter(name -> name.startsWith("axon-message-") || name.startsWith("cloudEvents:"))
                            .toList());
        }

        @Test
        void isNamedAsAxonNamesIt() {
            assertThat(headers().get("properties").propertyNames())
                    .contains(
                            Headers.MESSAGE_ID,
                            Headers.MESSAGE_TYPE,
                            Headers.MESSAGE_REVISION,
                            Headers.MESSAGE_TIMESTAMP,
                            Headers.AGGREGATE_TYPE,
                            Headers.AGGREGATE_ID,
                            Headers.AGGREGATE_SEQ);
            assertThat(headers().get("properties").propertyNames().stream()
                            .filter(name -> name.startsWith(Headers.MESSAGE_METADATA + "-"))
                            .map(name -> name.substring(Headers.MESSAGE_METADATA.length() + 1)))
                    .containsExactlyInAnyOrderElementsOf(EventMetadata.PUBLISHED);
        }

        @Test
        void hasTheContractsValues() {
            assertThat(texts(headers().at("/properties/axon-message-aggregate-type/enum")))
                    .containsExactlyInAnyOrderElementsOf(Set.copyOf(EventRegistry.all().stream()
                            .map(EventType::aggregateType)
                            .toList()));
            assertThat(texts(headers().at("/properties/axon-metadata-locale/enum")))
                    .containsExactly("en", "vi");
            assertThat(headers().at("/properties/cloudEvents:specversion/const").stringValue())
                    .isEqualTo("1.0");
            assertThat(headers().at("/properties/x-replay/const").booleanValue())
                    .isTrue();
            assertThat(headers().get("properties").valueStream())
                    .allSatisfy(header ->
                            assertThat(header.get("description").stringValue()).isNotBlank());
        }

        @Test
        void standsBesideTheProperties() {
            assertThat(headers().get("description").stringValue())
                    .contains("message_id", "type", "content_type", "timestamp", "app_id", "delivery mode 2");
        }
    }

    /** What AsyncAPI 3.0.0 asks for, as far as this document uses it. */
    @Nested
    class TheSpecification {

        private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]+");

        private static void has(JsonNode object, Set<String> required, Set<String> optional) {
            assertThat(object.isObject()).isTrue();
            assertThat(object.propertyNames()).containsAll(required);
            assertThat(object.propertyNames()).allMatch(name -> required.contains(name) || optional.contains(name));
        }

        @Test
        void knowsAllFields() {
            has(
                    DOCUMENT,
                    Set.of("asyncapi", "info"),
                    Set.of("id", "servers", "defaultContentType", "channels", "operations", "components"));
            has(
                    DOCUMENT.get("info"),
                    Set.of("title", "version"),
                    Set.of("description", "termsOfService", "contact", "license", "tags", "externalDocs"));
            has(DOCUMENT.at("/info/license"), Set.of("name"), Set.of("url"));
            DOCUMENT.get("servers")
                    .forEach(server -> has(
                            server,
                            Set.of("host", "protocol"),
                            Set.of("protocolVersion", "pathname", "description", "title", "summary", "security")));
            DOCUMENT.get("channels").forEach(channel -> {
                has(channel, Set.of("address", "messages"), Set.of("title", "summary", "description", "bindings"));
                has(channel.at("/bindings/amqp"), Set.of("is", "exchange", "bindingVersion"), Set.of());
                has(
                        channel.at("/bindings/amqp/exchange"),
                        Set.of("name", "type", "durable", "autoDelete"),
                        Set.of("vhost"));
            });
            DOCUMENT.get("operations").forEach(operation -> {
                has(operation, Set.of("action", "channel"), Set.of("title", "summary", "description", "bindings"));
                has(
                        operation.at("/bindings/amqp"),
                        Set.of("bindingVersion"),
                        Set.of(
                                "expiration",
                                "userId",
                                "cc",
                                "priority",
                                "deliveryMode",
                                "mandatory",
                                "bcc",
                                "timestamp"));
            });
            DOCUMENT.at("/components/messages").forEach(message -> {
                has(
                        message,
                        Set.of("payload", "headers", "contentType", "name"),
                        Set.of("correlationId", "title", "summary", "description", "bindings"));
                has(message.get("payload"), Set.of("schemaFormat", "schema"), Set.of());
                has(message.at("/bindings/amqp"), Set.of("bindingVersion"), Set.of("contentEncoding", "messageType"));
            });
        }

        @Test
        void isVersion3() {
            assertThat(DOCUMENT.get("asyncapi").stringValue()).isEqualTo("3.0.0");
            assertThat(DOCUMENT.get("defaultContentType").stringValue()).isEqualTo("application/json");
            assertThat(DOCUMENT.findValuesAsString("bindingVersion")).containsOnly("0.3.0");
        }

        @Test
        void takesTextsForTexts() {
            Set<String> texts = Set.of(
                    "asyncapi",
                    "version",
                    "title",
                    "name",
                    "description",
                    "summary",
                    "address",
                    "host",
                    "protocol",
                    "protocolVersion",
                    "bindingVersion",
                    "contentType",
                    "messageType",
                    "schemaFormat",
                    "format",
                    "$ref");
            everyField(DOCUMENT, (name, value) -> {
                if (texts.contains(name)) {
                    assertThat(value.isString()).as("%s: %s", name, value).isTrue();
                }
            });
        }

        @Test
        void takesKeysWithoutSpecialCharacters() {
            for (String map :
                    List.of("/servers", "/channels", "/operations", "/components/messages", "/components/schemas")) {
                assertThat(DOCUMENT.at(map).propertyNames()).isNotEmpty().allMatch(KEY.asMatchPredicate());
            }
        }

        @Test
        void resolvesEveryReference() {
            List<String> references = new ArrayList<>();
            everyField(DOCUMENT, (name, value) -> {
                if (name.equals("$ref")) {
                    references.add(value.stringValue());
                }
            });

            assertThat(references).hasSize(publicEvents().size() * 4).allSatisfy(reference -> {
                if (reference.startsWith("#")) {
                    assertThat(DOCUMENT.at(reference.substring(1)).isObject()).isTrue();
                } else {
                    assertThat(AsyncApiTest.class.getResource(reference)).isNotNull();
                }
            });
        }

        @Test
        void wantsOperationsOnChannelsOfTheDocument() {
            assertThat(DOCUMENT.get("operations")
                            .valueStream()
                            .map(operation -> operation.at("/channel/$ref").asString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.of(channels())
                            .flatMap(Collection::stream)
                            .map(channel -> "#/channels/" + channel.getKey())
                            .toList());
        }

        private static void everyField(JsonNode node, BiConsumer<String, JsonNode> check) {
            node.properties().forEach(field -> {
                check.accept(field.getKey(), field.getValue());
                everyField(field.getValue(), check);
            });
            if (node.isArray()) {
                node.forEach(element -> everyField(element, check));
            }
        }
    }
}
