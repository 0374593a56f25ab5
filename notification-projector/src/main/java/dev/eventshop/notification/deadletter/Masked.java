package dev.eventshop.notification.deadletter;

import static dev.eventshop.notification.person.Person.MASKED;
import static java.util.stream.Collectors.joining;

import dev.eventshop.events.registry.EventRegistry;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Dead letters without what may tell of somebody. A message that could not be handled can have anything anywhere, so what
 * is shown is what is known to be none: the plain fields of the queue's event that are not personal, headers of the contract,
 * what errors have in common, and the classes and lines of stack traces.
 */
final class Masked {

    private static final String OF_THE_CONTRACT = "axon-message-";
    private static final String OF_THE_TRACE = "traceparent";

    private static final Pattern FRAME = Pattern.compile(
            "\\s+(?:at [\\w.$/@<>-]+\\([\\w.$:<> -]*\\)|\\.\\.\\. \\d+ (?:more|common frames omitted))");
    private static final String CLASS = "[\\w$]+(?:\\.[\\w$]+)+";
    private static final Pattern THROWN = Pattern.compile("(" + CLASS + ")(?::.*)?");
    private static final Pattern CAUSE = Pattern.compile("(\\s*(?:Caused by|Suppressed): " + CLASS + ")(?::.*)?");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Masked() {}

    /** @param pattern what its error has in common with others */
    static DeadLetterDetails of(DeadLetterDetails details, String pattern) {
        return new DeadLetterDetails(
                of(details.entry(), pattern), headers(details.headers()), stackTrace(details.stackTrace()));
    }

    /** @param pattern what its error has in common with others */
    static DeadLetterEntry of(DeadLetterEntry entry, String pattern) {
        return new DeadLetterEntry(
                entry.id(),
                entry.queue(),
                entry.messageId(),
                entry.routingKey(),
                entry.type(),
                entry.errorClass(),
                pattern,
                entry.firstFailedAt(),
                entry.lastFailedAt(),
                entry.attempts(),
                body(entry.queue(), entry.body()));
    }

    /** @param body null once it can't be read any more */
    static @Nullable String body(String queue, @Nullable String body) {
        if (body == null) {
            return null;
        }
        Set<String> shown = impersonalFields(queue);
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                for (String field : List.copyOf(object.propertyNames())) {
                    if (!shown.contains(field) || object.get(field).isContainer()) { // which may hold anything
                        object.put(field, MASKED);
                    }
                }
                return JSON.writeValueAsString(object);
            }
        } catch (JacksonException unreadable) {
            return MASKED;
        }
        return MASKED;
    }

    private static Set<String> impersonalFields(String queue) {
        return EventRegistry.published().stream()
                .filter(type -> queue.equals(type.publicKey()))
                .flatMap(type -> Arrays.stream(type.javaClass().getRecordComponents())
                        .map(RecordComponent::getName)
                        .filter(field -> !type.personalFields().contains(field)))
                .collect(Collectors.toSet());
    }

    private static @Nullable Map<String, String> headers(@Nullable Map<String, String> headers) {
        if (headers == null) {
            return null;
        }
        Map<String, String> shown = new TreeMap<>(headers);
        shown.replaceAll(
                (name, value) -> name.startsWith(OF_THE_CONTRACT) || name.endsWith(OF_THE_TRACE) ? value : MASKED);
        return shown;
    }

    /** Lines that are neither a class nor a place are words of an error. */
    static @Nullable String stackTrace(@Nullable String trace) {
        if (trace == null) {
            return null;
        }
        List<String> lines = trace.lines().toList();
        return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                .map(i -> line(lines.get(i), i == 0 ? THROWN : CAUSE))
                .filter(Objects::nonNull)
                .collect(joining("\n"));
    }

    private static @Nullable String line(String line, Pattern thrown) {
        if (FRAME.matcher(line).matches()) {
            return line;
        }
        Matcher matcher = thrown.matcher(line);
        return matcher.matches() ? matcher.group(1) : null;
    }
}
