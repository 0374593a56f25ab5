package dev.eventshop.notification.deadletter;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.messaging.deadletter.ParkedMessage;
import dev.eventshop.notification.person.Person;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whom a message is about, as far as its body tells, whether it keeps the contract or not.
 *
 * @param person  the keys' name of the one person that it names; empty when it names none, or several
 * @param anybody whether it names nobody, and may be about somebody all the same: it can't be read, or has more in it than
 *                an event of its queue that tells of no persons
 */
record About(Optional<String> person, boolean anybody) {

    private static final String USER_ID = "userId";

    static About of(ParkedMessage message) {
        Set<Integer> users = new TreeSet<>();
        Set<String> fields = new TreeSet<>();
        boolean readable = read(message.body(), users, fields);
        if (users.size() == 1) {
            return new About(users.stream().map(Person::named).findFirst(), false);
        }
        Set<String> known = impersonalFields(message.queue());
        boolean impersonal = readable && users.isEmpty() && !known.isEmpty() && known.containsAll(fields);
        return new About(Optional.empty(), !impersonal);
    }

    /** @return whether it is one object of JSON to its end */
    private static boolean read(byte[] body, Set<Integer> users, Set<String> fields) {
        try (JsonParser parser = JsonMapper.shared().createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                fields.add(field);
                parser.nextToken();
                if (field.equals(USER_ID)) {
                    positive(parser).ifPresent(users::add);
                }
                parser.skipChildren();
            }
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (JacksonException unreadable) {
            return false;
        }
    }

    private static OptionalInt positive(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() == JsonParser.NumberType.INT
                && parser.getIntValue() > 0) {
            return OptionalInt.of(parser.getIntValue());
        }
        return OptionalInt.empty();
    }

    /** @return the fields of the queue's event; none when it tells of persons, or there is no such event */
    private static Set<String> impersonalFields(String queue) {
        return EventRegistry.published().stream()
                .filter(type ->
                        queue.equals(type.publicKey()) && type.personalFields().isEmpty())
                .flatMap(type -> Arrays.stream(type.javaClass().getRecordComponents()))
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
    }
}
