package dev.eventshop.command.dispatch;

import dev.eventshop.events.registry.EventMetadata;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * What a command comes of, as its events tell it.
 *
 * @param correlationId identifier of the message at the start of the chain; null when the command starts one
 * @param traceParent   W3C trace context, as in the header {@code traceparent}; null for none
 */
public record Cause(
        @Nullable String correlationId, @Nullable String traceParent) {

    /** What the service does by itself. */
    public static final Cause NONE = new Cause(null, null);

    /** @param metaData of the event that the command is sent for */
    public static Cause of(MetaData metaData) {
        return new Cause(
                (String) metaData.get(EventMetadata.CORRELATION_ID), (String) metaData.get(EventMetadata.TRACE_PARENT));
    }

    Map<String, String> asMetaData() {
        Map<String, String> metaData = new HashMap<>();
        if (correlationId != null) {
            metaData.put(EventMetadata.CORRELATION_ID, correlationId);
        }
        if (traceParent != null) {
            metaData.put(EventMetadata.TRACE_PARENT, traceParent);
        }
        return metaData;
    }
}
