package dev.eventshop.events.registry;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/** Moments in the form in which events are written, {@code 2026-03-01T10:00:00.123456Z}: a large part of what is read. */
final class WrittenInstant {

    private static final int FRACTION = 20;
    private static final int DIGITS_OF_NANOS = 9;
    private static final int SECONDS_OF_A_DAY = 86_400;

    private WrittenInstant() {}

    /**
     * @return the same as {@link Instant#parse}, which decides about every other form, and is several times slower
     * @throws java.time.format.DateTimeParseException as that
     */
    static Instant parse(String text) {
        int end = text.length() - 1;
        boolean hasFraction = end > FRACTION && end <= FRACTION + DIGITS_OF_NANOS && text.charAt(FRACTION - 1) == '.';
        if ((end == FRACTION - 1 || hasFraction)
                && text.charAt(end) == 'Z'
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':') {
            int year = number(text, 0, 4);
            int month = number(text, 5, 7);
            int day = number(text, 8, 10);
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            int second = number(text, 17, 19);
            int nanos = hasFraction ? nanos(text, end) : 0;
            if ((year | month | day | hour | minute | second | nanos) >= 0 && hour < 24 && minute < 60 && second < 60) {
                try {
                    long days = LocalDate.of(year, month, day).toEpochDay();
                    return Instant.ofEpochSecond(days * SECONDS_OF_A_DAY + (hour * 60 + minute) * 60 + second, nanos);
                } catch (DateTimeException noSuchDay) {
                    return Instant.parse(text);
                }
            }
        }
        return Instant.parse(text);
    }

    private static int nanos(String text, int end) {
        int nanos = number(text, FRACTION, end);
        for (int digits = end - FRACTION; digits < DIGITS_OF_NANOS; digits++) {
            nanos *= 10; // a negative one stays negative
        }
        return nanos;
    }

    /** @return negative when not all of these are digits */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
