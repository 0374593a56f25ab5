package dev.eventshop.messaging.deadletter;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.QueueDefinition;
import dev.eventshop.messaging.publishing.Publication;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

    static final String ORIGINAL_CC = "x-original-cc";
    static final String ORIGINAL_BCC = "x-original-bcc";
    static final String ORIGINAL_USER_ID = "x-original-user-id";
    static final String ORIGINAL_EXPIRATION = "x-original-expiration";
    static final String ORIGINAL_HEADERS = "x-original-headers";
    static final String ERROR_CLASS = "x-error-class";
    static final String ERROR_MESSAGE = "x-error-message";
    static final String STACK_TRACE = "x-error-stacktrace";
    static final String QUEUE = "x-original-queue";
    static final String ROUTING_KEY = "x-original-routing-key";
    static final String FIRST_FAILED_AT = "x-first-failed-at";
    static final String LAST_FAILED_AT = "x-last-failed-at";
    static final String ATTEMPTS = "x-attempts";

    /** All headers that a dead letter has more than its message. */
    static final Set<String> ADDED = Set.of(
            ORIGINAL_CC,
            ORIGINAL_BCC,
            ORIGINAL_USER_ID,
            ORIGINAL_EXPIRATION,
            ORIGINAL_HEADERS,
            ERROR_CLASS,
            ERROR_MESSAGE,
            STACK_TRACE,
            QUEUE,
            ROUTING_KEY,
            FIRST_FAILED_AT,
            LAST_FAILED_AT,
            ATTEMPTS);

    private static final int LONGEST_MESSAGE = 1000;
    private static final int LONGEST_STACK_TRACE = 8000;
    private static final int DEEPEST_CAUSE = 10;

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
        return publication(new HashMap<>(Map.of(ORIGINAL_HEADERS, "dropped, since they were too large")));
    }

    private Publication publication(Map<String, Object> headers) {
        // What these say is done by the broker: copies to other queues, a login to be checked, a time to vanish at.
        putAside(headers, ORIGINAL_CC, headers.remove("CC"));
        putAside(headers, ORIGINAL_BCC, headers.remove("BCC"));
        putAside(headers, ORIGINAL_USER_ID, properties.getUserId());
        putAside(headers, ORIGINAL_EXPIRATION, properties.getExpiration());
        headers.put(ERROR_CLASS, error.getClass().getName());
        headers.put(ERROR_MESSAGE, bounded(said(), LONGEST_MESSAGE));
        headers.put(STACK_TRACE, bounded(stackTrace(), LONGEST_STACK_TRACE));
        headers.put(QUEUE, queue);
        headers.put(ROUTING_KEY, routingKey);
        headers.put(FIRST_FAILED_AT, firstFailedAt.toString());
        headers.put(LAST_FAILED_AT, lastFailedAt.toString());
        headers.put(ATTEMPTS, attempts);
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

    /** By the error and by its causes, as far as they tell more: the outermost may only say that something failed. */
    private String said() {
        StringBuilder said = new StringBuilder();
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            if (said.indexOf(message) < 0) {
                said.append(said.isEmpty() ? "" : ": ").append(message);
            }
            cause = cause.getCause();
        }
        return said.toString();
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
