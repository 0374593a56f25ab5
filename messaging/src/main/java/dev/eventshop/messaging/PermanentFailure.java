package dev.eventshop.messaging;

/**
 * Marks exceptions of subscribed methods that no further attempt can help: the message goes to the dead letters at
 * once. It counts as a cause of another exception, too.
 */
public interface PermanentFailure {}
