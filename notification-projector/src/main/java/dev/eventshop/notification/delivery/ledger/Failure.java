package dev.eventshop.notification.delivery.ledger;

import org.jspecify.annotations.Nullable;

/**
 * Why an email was not delivered.
 *
 * @param summary in words of ours, and numbers: nothing of a person can be in it, whatever a mail server says
 * @param said    what was said to it, null for nothing; it may quote the person, and is stored like what is theirs
 */
public record Failure(String summary, @Nullable String said) {

    /** @return a failure that nobody has said anything to */
    public static Failure of(String summary) {
        return new Failure(summary, null);
    }

    /** Without what was said. */
    @Override
    public String toString() {
        return summary;
    }
}
