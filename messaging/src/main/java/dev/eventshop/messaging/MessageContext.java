package dev.eventshop.messaging;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a message tells besides its body.
 *
 * @param messageId identifies the message however often it is sent
 * @param replay    whether it is history sent again (header {@value #REPLAY})
 * @param headers   as the sender has set them, texts as {@link String}; not to be trusted, immutable
 */
public record MessageContext(String messageId, boolean replay, Map<String, Object> headers) {

    /** Header that is {@code true} on history that is sent again, and missing on everything else. */
    public static final String REPLAY = "x-replay";

    /** @return the trace that the message belongs to, by its header {@code traceparent}; null for none */
    public @Nullable String traceId() {
        return TraceParent.traceId(headers.get(TraceParent.HEADER));
    }
}
