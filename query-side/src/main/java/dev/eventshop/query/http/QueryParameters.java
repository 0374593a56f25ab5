package dev.eventshop.query.http;

import dev.eventshop.web.Problems;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks query parameters; what is wrong is 422 with the parameter's name. */
public final class QueryParameters {

    /** What PostgreSQL's {@code timestamptz} and four digits of a year can both hold. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private QueryParameters() {}

    /** @return null for none */
    public static @Nullable Integer positive(String name, @Nullable String text) {
        return number(name, text, 1);
    }

    /** @return null for none */
    public static @Nullable Integer notNegative(String name, @Nullable String text) {
        return number(name, text, 0);
    }

    private static @Nullable Integer number(String name, @Nullable String text, int least) {
        if (text == null) {
            return null;
        }
        if (text.matches("0|[1-9][0-9]{0,9}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= Integer.MAX_VALUE) {
                return (int) number;
            }
        }
        throw Problems.invalid(name, "must be an integer from " + least + " to " + Integer.MAX_VALUE);
    }

    /** @return null for none */
    public static <E extends Enum<E>> @Nullable E constant(String name, Class<E> type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(text))
                .findFirst()
                .orElseThrow(() -> Problems.invalid(
                        name,
                        "must be one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(Enum::name)
                                        .collect(Collectors.joining(", "))));
    }

    /** @return the text, one of those allowed; the first of them when it is null */
    public static String oneOf(String name, List<String> allowed, @Nullable String text) {
        if (text == null) {
            return allowed.get(0);
        }
        if (!allowed.contains(text)) {
            throw Problems.invalid(name, "must be one of " + String.join(", ", allowed));
        }
        return text;
    }

    /** @return false for none */
    public static boolean isTrue(String name, @Nullable String text) {
        return oneOf(name, List.of("false", "true"), text).equals("true");
    }

    /**
     * @param text ISO-8601 with a time zone, or a date, which means its beginning in UTC
     * @return null for none
     */
    public static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant instant = text.matches("\\d{4}-\\d{2}-\\d{2}")
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
                return instant;
            }
        } catch (DateTimeParseException notIso) {
            // refused below
        }
        throw Problems.invalid(
                name, "must be an ISO-8601 instant with a time zone, such as 2026-01-31T12:00:00Z, or a date");
    }

    /** Refuses a period that ends before it begins; an empty one is none's mistake. */
    public static void ordered(@Nullable Instant from, @Nullable Instant to) {
        if (from != null && to != null && to.isBefore(from)) {
            throw Problems.invalid("to", "must not be before from");
        }
    }

    /**
     * @param longest most characters
     * @return the text without surrounding space; null for none or an empty one
     */
    public static @Nullable String text(String name, @Nullable String text, int longest) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (text.length() > longest) {
            throw Problems.invalid(name, "must have at most " + longest + " characters");
        }
        if (!isWhole(text)) {
            throw Problems.invalid(name, "must not contain NUL or halves of characters");
        }
        return text.strip();
    }

    private static boolean isWhole(String text) {
        return text.codePoints()
                .noneMatch(point -> point == 0 || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
