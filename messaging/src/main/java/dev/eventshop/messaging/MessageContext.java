package dev.eventshop.messaging;

import java.util.Map;

/**
 * What a message tells besides its body.
 *
 * @param messageId identifies the message however often it is sent
 * @param replay    whether it is history sent again (header {@code x-replay})
 * @param headers   as the sender has set them, texts as {@link String}; not to be trusted, immutable
 */
public record MessageContext(String messageId, boolean replay, Map<String, Object> headers) {}
