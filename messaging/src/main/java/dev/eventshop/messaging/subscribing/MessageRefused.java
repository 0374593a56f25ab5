package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.PermanentFailure;

/** A message is not what the queue is for, so that it is not even read. */
final class MessageRefused extends RuntimeException implements PermanentFailure {

    private static final long serialVersionUID = 1L;

    MessageRefused(String message) {
        super(message);
    }
}
