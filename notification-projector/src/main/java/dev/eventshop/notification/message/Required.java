package dev.eventshop.notification.message;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Checks fields of a message against the contract. A message that breaks it can't be handled, however often it is
 * tried, so each check throws {@link InvalidMessage}, which leads to the dead-letter queue at once.
 */
public final class Required {

    /** Longest text that is taken from a message; the contract names no limit, and no name is longer. */
    private static final int LONGEST_TEXT = 10_000;

    private Required() {}

    public static void positive(String field, int value) {
        if (value <= 0) {
            throw new InvalidMessage(field + " must be positive, is " + value);
        }
    }

    public static void notNegative(String field, int value) {
        if (value < 0) {
            throw new InvalidMessage(field + " must not be negative, is " + value);
        }
    }

    public static void present(String field, @Nullable Object value) {
        if (value == null) {
            throw new InvalidMessage(field + " is missing");
        }
    }

    public static void noneMissing(String field, @Nullable Collection<?> values) {
        if (values == null || values.isEmpty()) {
            throw new InvalidMessage(field + " is missing or empty");
        }
        for (Object value : values) {
            if (value == null) {
                throw new InvalidMessage(field + " has a gap");
            }
        }
    }

    public static void text(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new InvalidMessage(field + " is missing or blank");
        }
        if (value.length() > LONGEST_TEXT) {
            throw new InvalidMessage(field + " is longer than " + LONGEST_TEXT + " characters");
        }
        if (value.indexOf('\0') >= 0) {
            throw new InvalidMessage(field + " contains a null character");
        }
    }

    /** @return the constant with that name */
    public static <E extends Enum<E>> E constant(String field, Class<E> type, @Nullable String name) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw new InvalidMessage(field + " is none of the contract's values");
    }
}
