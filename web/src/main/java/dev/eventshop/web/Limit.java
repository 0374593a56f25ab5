package dev.eventshop.web;

import org.jspecify.annotations.Nullable;

/**
 * How many items a page may have, from the query parameter {@code limit}.
 *
 * <p>A controller takes it as a parameter of this type, without an annotation.
 */
public record Limit(int value) {

    public static final String PARAMETER = "limit";
    public static final int MAX = 200;
    public static final int DEFAULT = 50;

    public Limit {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("limit " + value);
        }
    }

    /**
     * @param text as received; the default when null
     * @param max  largest page, up to {@value #MAX}
     * @throws ProblemException 422
     */
    public static Limit parse(@Nullable String text, int max) {
        if (text == null) {
            return new Limit(Math.min(DEFAULT, max));
        }
        if (text.matches("[1-9][0-9]{0,2}") && Integer.parseInt(text) <= max) {
            return new Limit(Integer.parseInt(text));
        }
        throw Problems.invalid(PARAMETER, "must be an integer from 1 to " + max);
    }

    /** What to ask the database for, to know whether another page follows. */
    public int plusOne() {
        return value + 1;
    }
}
