package dev.eventshop.events.registry;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.Map;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON serializer over a fixed map between names and classes. No class is ever looked up by a name that came from a
 * row or a message: a name outside the map is refused with {@link UnknownTypeException}, a class outside it with
 * {@link IllegalArgumentException}. So is the revision of an event that no upcaster has brought to today's: it was written
 * by newer code, and to read it as today's would be to make something up.
 *
 * <p>Decimals are plain numbers and keep their scale, instants are ISO-8601 in UTC, unknown fields are ignored. A value
 * of another type than its field's is refused, and so are numbers and nesting without bound. Instances are immutable and
 * safe to share.
 */
public final class ClosedMapSerializer extends Jackson3Serializer {

    /** Axon names serialized metadata after this class itself; it is the only such name that is understood. */
    private static final SerializedTypeName METADATA = new SerializedTypeName(MetaData.class.getName(), "");

    private final Map<Class<?>, SerializedTypeName> names;
    private final Map<String, Class<?>> classes;
    private final Map<String, ObjectReader> readers;
    private final boolean revisions;

    private ClosedMapSerializer(Builder builder, Map<Class<?>, SerializedTypeName> names, boolean revisions) {
        super(builder);
        this.revisions = revisions;
        this.names = Map.copyOf(names);
        this.classes = names.entrySet().stream()
                .collect(toUnmodifiableMap(entry -> entry.getValue().name(), Map.Entry::getKey));
        this.readers = classes.entrySet().stream()
                .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> getReader(entry.getValue())));
    }

    /** @return a serializer for exactly the events of the {@link EventRegistry}, in exactly its revisions */
    public static ClosedMapSerializer ofEvents() {
        return of(
                EventRegistry.all().stream()
                        .collect(toUnmodifiableMap(
                                EventType::javaClass, type -> new SerializedTypeName(type.name(), type.revision()))),
                true);
    }

    /**
     * @param names each class that may be written or read, and what it is called; names are unique
     * @return a serializer for exactly these classes, whatever the revision of what is read
     */
    public static ClosedMapSerializer of(Map<Class<?>, SerializedTypeName> names) {
        return of(names, false);
    }

    /**
     * @param names each class that may be written or read, and what it is called; names are unique
     * @return a serializer for exactly these classes, in exactly these revisions
     */
    public static ClosedMapSerializer ofExactly(Map<Class<?>, SerializedTypeName> names) {
        return of(names, true);
    }

    private static ClosedMapSerializer of(Map<Class<?>, SerializedTypeName> names, boolean revisions) {
        return new ClosedMapSerializer(
                Jackson3Serializer.builder().jsonMapperBuilderCustomizer(ClosedMapSerializer::customize),
                names,
                revisions);
    }

    private static void customize(JsonMapper.Builder mapper) {
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .changeDefaultVisibility(visibility -> visibility
                        .withFieldVisibility(Visibility.ANY)
                        .withGetterVisibility(Visibility.NONE)
                        .withIsGetterVisibility(Visibility.NONE));
        StrictScalars.configure(mapper);
    }

    /** @throws SerializationException also when the data is a JSON {@code null}, which no type is stored as */
    @Override
    public <S, T> T deserialize(SerializedObject<S> serializedObject) {
        T object = read(serializedObject);
        if (object == null && !SimpleSerializedType.emptyType().equals(serializedObject.getType())) {
            throw new SerializationException(
                    "null in place of " + serializedObject.getType().getName());
        }
        return object;
    }

    /** A text, as it comes from the store, is read by a reader that is made once, and is not copied before. */
    private <S, T> T read(SerializedObject<S> serializedObject) {
        ObjectReader reader = readers.get(serializedObject.getType().getName());
        if (reader == null || !(serializedObject.getData() instanceof String json)) {
            return super.deserialize(serializedObject);
        }
        classForType(serializedObject.getType());
        try {
            return reader.readValue(json);
        } catch (JacksonException e) {
            throw new SerializationException("Error while deserializing object", e);
        }
    }

    @Override
    public Class<?> classForType(SerializedType type) {
        if (SimpleSerializedType.emptyType().equals(type)) {
            return Void.class;
        }
        if (METADATA.name().equals(type.getName())) {
            return MetaData.class;
        }
        Class<?> known = classes.get(type.getName());
        if (known == null) {
            throw new UnknownTypeException("unknown type name \"" + type.getName() + "\"");
        }
        requireRevision(type, known);
        return known;
    }

    private void requireRevision(SerializedType type, Class<?> known) {
        SerializedTypeName name = names.get(known);
        if (revisions
                && name != null
                && type.getRevision() != null
                && !type.getRevision().equals(name.revision())) {
            throw new UnknownTypeException("unknown revision \"" + type.getRevision() + "\" of " + type.getName()
                    + ", which is at " + name.revision() + " here: the code is older than the data");
        }
    }

    @Override
    public SerializedType typeForClass(@Nullable @SuppressWarnings("rawtypes") Class type) {
        if (type == null || type == Void.class || type == Void.TYPE) {
            return SimpleSerializedType.emptyType();
        }
        if (type == MetaData.class) {
            return new SimpleSerializedType(METADATA.name(), null);
        }
        SerializedTypeName name = names.get(type);
        if (name == null) {
            throw new IllegalArgumentException(type.getName() + " has no name to be stored under");
        }
        return new SimpleSerializedType(name.name(), name.revision());
    }
}
