package dev.eventshop.messaging;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The trace that a piece of work belongs to, in each line that its thread logs until the end: {@value #KEY}. */
public final class LoggedTrace implements AutoCloseable {

    /** Key in the MDC, the one that Spring Boot's log formats know. */
    public static final String KEY = "traceId";

    private final @Nullable String outer;

    private LoggedTrace(@Nullable String traceId) {
        this.outer = MDC.get(KEY);
        set(traceId);
    }

    /** @param traceId null for work that belongs to none */
    public static LoggedTrace of(@Nullable String traceId) {
        return new LoggedTrace(traceId);
    }

    @Override
    public void close() {
        set(outer);
    }

    private static void set(@Nullable String traceId) {
        if (traceId == null) {
            MDC.remove(KEY);
        } else {
            MDC.put(KEY, traceId);
        }
    }
}
