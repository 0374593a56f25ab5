package dev.eventshop.web;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which events a read must have seen, and how long it may wait for them: the headers {@code Min-Event-Position} and
 * {@code Prefer: wait=<seconds>} (RFC 7240, 4.3).
 *
 * <p>A controller takes it as a parameter of this type, without an annotation.
 *
 * @param position as the write has returned it, not parsed yet; null when the read need not wait
 * @param patience longest time to wait, not above {@link #LONGEST}
 */
public record ReadAfter(@Nullable String position, Duration patience) {

    public static final String MIN_EVENT_POSITION = "Min-Event-Position";
    public static final String PREFER = "Prefer";
    public static final Duration DEFAULT = Duration.ofSeconds(5);

    /** More is not refused, but not granted either: a preference may be ignored. */
    public static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Pattern WAIT = Pattern.compile("(?i)wait\\s*=\\s*\"?([0-9]{1,9})\"?(\\s*;.*)?");

    /**
     * @param minEventPosition as received, null when missing
     * @param prefer           as received, several headers joined by commas; null when missing
     * @throws ProblemException 422 on the header that is malformed
     */
    public static ReadAfter parse(@Nullable String minEventPosition, @Nullable String prefer) {
        if (minEventPosition != null && (minEventPosition.isBlank() || minEventPosition.length() > 200)) {
            throw invalidPosition();
        }
        return new ReadAfter(minEventPosition == null ? null : minEventPosition.strip(), patience(prefer));
    }

    /** For a position that {@link #position} holds and that is none. */
    public static ProblemException invalidPosition() {
        return Problems.invalid(MIN_EVENT_POSITION, "must be the Event-Position of a write");
    }

    private static Duration patience(@Nullable String prefer) {
        if (prefer == null) {
            return DEFAULT;
        }
        for (String preference : prefer.split(",", -1)) {
            String stripped = preference.strip();
            if (!stripped.matches("(?i)wait([\\s=;].*)?")) {
                continue;
            }
            Matcher wait = WAIT.matcher(stripped);
            if (!wait.matches()) {
                throw Problems.invalid(PREFER, "wait must be a number of seconds");
            }
            Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
            return asked.compareTo(LONGEST) > 0 ? LONGEST : asked; // the first one counts (RFC 7240, 2)
        }
        return DEFAULT;
    }
}
