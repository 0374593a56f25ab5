package dev.eventshop.messaging;

/**
 * Marks exceptions of subscribed methods that say that something they need is away, for this message as for any other:
 * another service, for example. The consumer pauses, and tries the same message again; no attempt is counted. The
 * database needs no such mark. It counts as a cause of another exception, too.
 */
public interface DependencyUnavailable {}
