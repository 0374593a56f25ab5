package dev.eventshop.messaging.deadletter;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.QueueDefinition;
import dev.eventshop.messaging.publishing.Publication;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that can't be handled, and why.
 *
 * @param queue         that it was taken from
 * @param routingKey    that it came to the queue with
 * @param properties    as it was received
 * @param body          as it was received
 * @param error         what the last attempt ended with
 * @param attempts      how often it was tried
 * @param firstFailedAt when the first attempt failed
 * @param lastFailedAt  when the last attempt failed
 */
public record DeadLetter(
        String queue,
        String routingKey,
        AMQP.BasicProperties properties,
        byte[] body,
        Throwable error,
        int attempts,
        Instant firstFailedAt,
        Instant lastFailedAt) {

    private static final int LONGEST_MESSAGE = 1000;
    private static final int LONGEST_STACK_TRACE = 8000;

    /** Persistent. */
    private static final int DELIVERY_MODE = 2;

    /** The message as it is, with headers that tell what happened. */
    Publication publication() {
        Map<String, Object> headers = new HashMap<>();
        if (properties.getHeaders() != null) {
            headers.putAll(properties.getHeaders());
        }
        return publication(headers);
    }

    /** The message without the headers that it came with: together with ours they may be more than a frame holds. */
    Publication publicationWithoutItsHeaders() {
        return publication(new HashMap<>(Map.of("x-original-headers", "dropped, since they were too large")));
    }

    private Publication publication(Map<String, Object> headers) {
        // What these say is done by the broker: copies to other queues, a login to be checked, a time to vanish at.
        putAside(headers, "x-original-cc", headers.remove("CC"));
        putAside(headers, "x-original-bcc", headers.remove("BCC"));
        putAside(headers, "x-original-user-id", properties.getUserId());
        putAside(headers, "x-original-expiration", properties.getExpiration());
        headers.put("x-error-class", error.getClass().getName());
        headers.put("x-error-message", bounded(String.valueOf(error.getMessage()), LONGEST_MESSAGE));
        headers.put("x-error-stacktrace", bounded(stackTrace(), LONGEST_STACK_TRACE));
        headers.put("x-original-queue", queue);
        headers.put("x-original-routing-key", routingKey);
        headers.put("x-first-failed-at", firstFailedAt.toString());
        headers.put("x-last-failed-at", lastFailedAt.toString());
        headers.put("x-attempts", attempts);
        AMQP.BasicProperties changed = properties
                .builder()
                .headers(headers)
                .userId(null)
                .expiration(null)
                .deliveryMode(DELIVERY_MODE)
                .build();
        return new Publication(QueueDefinition.deadLetterQueue(queue), true, changed, body);
    }

    private static void putAside(Map<String, Object> headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.put(name, value.toString());
        }
    }

    private String stackTrace() {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String bounded(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "...";
    }
}
