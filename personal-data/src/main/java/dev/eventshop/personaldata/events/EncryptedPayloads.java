package dev.eventshop.personaldata.events;

import static java.util.stream.Collectors.toCollection;

import dev.eventshop.eventstore.NewPayload;
import dev.eventshop.eventstore.PayloadProtection;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.personaldata.key.CorruptDataException;
import dev.eventshop.personaldata.key.PersonKey;
import dev.eventshop.personaldata.key.PersonKeys;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Encrypts the personal fields of events in the event store. In place of the text stands an object with one field,
 * {@code sealed}; a reader gets the text back, or null when the person was erased. Text that was stored in the clear
 * stays readable.
 *
 * <p>The keys of all persons of a page are read with one query, and of a page without personal data with none.
 */
public final class EncryptedPayloads implements PayloadProtection {

    /** Shown in place of personal data that was not asked for. */
    public static final String MASKED = "[masked]";

    /** Shown in place of the personal data of somebody who was erased. */
    public static final String ERASED = "[erased]";

    /** Shown in place of personal data that was changed in the database, or moved. */
    public static final String UNREADABLE = "[unreadable]";

    private static final String SEALED = "sealed";

    private final PersonalFields fields;
    private final PersonKeys keys;
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** @param keys where the event store is */
    public EncryptedPayloads(PersonalFields fields, PersonKeys keys) {
        this.fields = fields;
        this.keys = keys;
    }

    @Override
    public List<NewPayload> conceal(List<NewPayload> payloads) {
        List<String> persons = payloads.stream()
                .filter(payload -> !fields.of(payload.type()).isEmpty())
                .map(NewPayload::aggregateId)
                .toList();
        if (persons.isEmpty()) {
            return payloads;
        }
        Map<String, PersonKey> known = keys.create(persons);
        List<NewPayload> concealed = new ArrayList<>(payloads.size());
        for (NewPayload payload : payloads) {
            concealed.add(payload.with(changed(
                    payload.aggregateId(),
                    payload.type(),
                    payload.json(),
                    (field, value) -> value.isString()
                            ? seal(known.get(payload.aggregateId()), payload.type(), field, value)
                            : value)));
        }
        return concealed;
    }

    /** Nothing is kept of somebody who was erased. */
    private @Nullable JsonNode seal(@Nullable PersonKey key, String type, String field, JsonNode value) {
        return key == null
                ? null
                : json.createObjectNode()
                        .put(
                                SEALED,
                                Base64.getEncoder().encodeToString(key.seal(value.asString(), place(type, field))));
    }

    @Override
    public List<Revealed> revealEach(List<StoredEvent> page) {
        Set<String> persons = persons(page);
        if (persons.isEmpty()) {
            return page.stream().map(Revealed::of).toList();
        }
        Map<String, RuntimeException> broken = new HashMap<>();
        Map<String, PersonKey> known = known(persons, broken);
        return page.stream().map(event -> revealed(event, known, broken)).toList();
    }

    private Revealed revealed(StoredEvent event, Map<String, PersonKey> known, Map<String, RuntimeException> broken) {
        RuntimeException failure = fields.of(event.type()).isEmpty() ? null : broken.get(event.aggregateId());
        if (failure != null) {
            return new Revealed(event, failure);
        }
        try {
            return Revealed.of(opened(
                    event,
                    known,
                    (key, stored, field, value) -> value.isObject() ? open(key, stored.type(), field, value) : value));
        } catch (RuntimeException e) {
            return new Revealed(event, e);
        }
    }

    /** @param broken gets those whose keys can't be unwrapped; each is looked for alone then */
    private Map<String, PersonKey> known(Set<String> persons, Map<String, RuntimeException> broken) {
        try {
            return keys.find(persons);
        } catch (CorruptDataException one) {
            Map<String, PersonKey> known = new HashMap<>();
            for (String person : persons) {
                try {
                    known.putAll(keys.find(List.of(person)));
                } catch (CorruptDataException e) {
                    broken.put(person, e);
                }
            }
            return known;
        }
    }

    /**
     * As {@link #reveal}, for people to read: what is missing is told apart.
     *
     * @param personalData whether they are to see it; {@link #MASKED} otherwise
     * @return payloads with a text in each personal field that has, or had, one
     */
    public List<StoredEvent> show(List<StoredEvent> page, boolean personalData) {
        return opened(page, (key, event, field, value) -> {
            if (key == null && !value.isString()) {
                return json.getNodeFactory().stringNode(ERASED);
            }
            if (value.isNull()) {
                return value;
            }
            return personalData
                    ? legible(key, event, field, value)
                    : json.getNodeFactory().stringNode(MASKED);
        });
    }

    private @Nullable JsonNode legible(@Nullable PersonKey key, StoredEvent event, String field, JsonNode value) {
        try {
            return value.isObject() ? open(key, event.type(), field, value) : value;
        } catch (CorruptDataException | IllegalArgumentException e) {
            return json.getNodeFactory().stringNode(UNREADABLE);
        }
    }

    private List<StoredEvent> opened(List<StoredEvent> page, Opening opening) {
        Set<String> persons = persons(page);
        if (persons.isEmpty()) {
            return page;
        }
        Map<String, PersonKey> known = keys.find(persons);
        return page.stream().map(event -> opened(event, known, opening)).toList();
    }

    private Set<String> persons(List<StoredEvent> page) {
        return page.stream()
                .filter(event -> !fields.of(event.type()).isEmpty())
                .map(StoredEvent::aggregateId)
                .collect(toCollection(TreeSet::new));
    }

    private StoredEvent opened(StoredEvent event, Map<String, PersonKey> known, Opening opening) {
        return event.withPayload(changed(
                event.aggregateId(),
                event.type(),
                event.payload(),
                (field, value) -> opening.open(known.get(event.aggregateId()), event, field, value)));
    }

    private @Nullable JsonNode open(@Nullable PersonKey key, String type, String field, JsonNode value) {
        if (key == null) {
            return null;
        }
        byte[] sealed = Base64.getDecoder().decode(value.path(SEALED).asString());
        return json.getNodeFactory().stringNode(key.open(sealed, place(type, field)));
    }

    private static String place(String type, String field) {
        return type + "." + field;
    }

    private String changed(
            String aggregateId, String type, String payload, BiFunction<String, JsonNode, @Nullable JsonNode> change) {
        var personal = fields.of(type);
        if (personal.isEmpty()) {
            return payload;
        }
        if (!(json.readTree(payload) instanceof ObjectNode object)) {
            throw new IllegalArgumentException("the payload of " + type + " of " + aggregateId + " is no JSON object");
        }
        for (String field : personal) {
            JsonNode value = object.get(field);
            if (value != null) {
                object.set(field, change.apply(field, value)); // null becomes JSON's
            }
        }
        return json.writeValueAsString(object);
    }

    private interface Opening {

        @Nullable
        JsonNode open(@Nullable PersonKey key, StoredEvent event, String field, JsonNode value);
    }
}
