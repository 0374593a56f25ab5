package dev.eventshop.messaging.subscribing;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.LongString;
import dev.eventshop.messaging.MessageContext;
import dev.eventshop.messaging.TraceParent;
import dev.eventshop.messaging.inbox.FailedAttempts;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A message in hand: taken from its queue, and not acknowledged yet. One thread at a time works on it. */
final class Delivery {

    private final Unacknowledged unacknowledged;
    private final long tag;
    private final String routingKey;
    private final AMQP.BasicProperties properties;
    private final byte[] body;
    private final @Nullable String traceId;
    private int failures;
    private @Nullable Instant firstFailedAt;
    private int outages;
    private int pauses;
    private long handledBefore;

    /** @param unacknowledged messages of its channel, to which it is added */
    Delivery(Unacknowledged unacknowledged, ReceivedProperties received, byte[] body) {
        this.unacknowledged = unacknowledged;
        this.tag = received.envelope().getDeliveryTag();
        unacknowledged.add(tag); // before anything else: those behind it must not be acknowledged together with it
        this.routingKey = received.envelope().getRoutingKey();
        this.properties = received.properties();
        this.body = body;
        Map<String, Object> headers = properties.getHeaders();
        this.traceId = headers == null ? null : TraceParent.traceId(headers.get(TraceParent.HEADER));
    }

    AMQP.BasicProperties properties() {
        return properties;
    }

    String routingKey() {
        return routingKey;
    }

    byte[] body() {
        return body;
    }

    /** @return whether it can still be acknowledged; otherwise it is in its queue again */
    boolean isOpen() {
        return unacknowledged.isOpen();
    }

    /** When that fails, the message comes again, and the inbox drops it. */
    void acknowledge() {
        unacknowledged.acknowledge(List.of(tag));
    }

    /** Acknowledges all of them; those of one channel at once. */
    static void acknowledge(Collection<Delivery> deliveries) {
        deliveries.stream()
                .collect(Collectors.groupingBy(
                        delivery -> delivery.unacknowledged,
                        Collectors.mapping(delivery -> delivery.tag, Collectors.toList())))
                .forEach(Unacknowledged::acknowledge);
    }

    /** @return failures in this process, including now */
    FailedAttempts countFailure(Instant now) {
        Instant first = firstFailedAt == null ? now : firstFailedAt;
        firstFailedAt = first;
        return new FailedAttempts(++failures, first);
    }

    /**
     * @param handled messages that have had their effect so far
     * @return how often this message has met a database that was away or held up, including now
     */
    int countOutage(long handled) {
        if (outages == 0) {
            handledBefore = handled;
        }
        return ++outages;
    }

    /** @return how often this message has met a database that was away or held up */
    int outages() {
        return outages;
    }

    /** @return how often this message has met something else that was away, including now */
    int countPause() {
        return ++pauses;
    }

    /**
     * @param handled messages that have had their effect so far
     * @return whether others had theirs since this message has met the first outage, or since this was true the last time
     */
    boolean othersWereHandled(long handled) {
        boolean others = handled > handledBefore;
        handledBefore = handled;
        return others;
    }

    /** @return null for none */
    @Nullable
    String traceId() {
        return traceId;
    }

    MessageContext context(String messageId) {
        Map<String, Object> headers = new HashMap<>();
        if (properties.getHeaders() != null) {
            properties.getHeaders().forEach((name, value) -> headers.put(name, plain(value)));
        }
        boolean replay = Boolean.parseBoolean(String.valueOf(headers.get(MessageContext.REPLAY)));
        return new MessageContext(messageId, replay, Collections.unmodifiableMap(headers));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof LongString text) {
            return text.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Delivery::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> converted = new HashMap<>();
            map.forEach((key, element) -> converted.put(key, plain(element)));
            return Collections.unmodifiableMap(converted);
        }
        return value;
    }

    @Override
    public String toString() {
        return Quoted.text(properties.getMessageId());
    }
}
