package dev.eventshop.messaging;

import java.util.Set;

/**
 * What becomes of messages of one queue that fail.
 *
 * @param attempts        how often a message is tried in all; at least 1
 * @param backoff         pauses between the attempts
 * @param permanentErrors names of classes of exceptions that no further attempt can help, besides those of
 *                        {@link Subscribe}; subclasses and causes count
 */
public record RetryPolicy(int attempts, Backoff backoff, Set<String> permanentErrors) {

    public RetryPolicy {
        permanentErrors = Set.copyOf(permanentErrors);
    }

    /** @return whether the error is one of those that are permanent by name; no class is looked up */
    public boolean isPermanent(Throwable error) {
        for (Class<?> type = error.getClass(); type != null; type = type.getSuperclass()) {
            if (permanentErrors.contains(type.getName())) {
                return true;
            }
        }
        return false;
    }
}
