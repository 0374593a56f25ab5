package dev.eventshop.command.forwarding;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an instance knows of its own forwarding.
 *
 * @param forwarding    whether it forwards; false while another instance does, or while it fails
 * @param lastConfirmAt when the broker last confirmed messages of this instance; null before the first
 * @param messages      how many messages were confirmed for this instance
 * @param error         why it does not get on; null while it does, or while another instance forwards
 */
record ForwarderState(
        boolean forwarding,
        @Nullable Instant lastConfirmAt,
        long messages,
        @Nullable String error) {

    static final ForwarderState INITIAL = new ForwarderState(false, null, 0, null);

    ForwarderState forwarded(int confirmed, Instant now) {
        return new ForwarderState(true, confirmed > 0 ? now : lastConfirmAt, messages + confirmed, null);
    }

    /** Everything is forwarded. */
    ForwarderState waiting() {
        return forwarding ? this : new ForwarderState(true, lastConfirmAt, messages, null);
    }

    ForwarderState standby() {
        return new ForwarderState(false, lastConfirmAt, messages, null);
    }

    ForwarderState failed(String reason) {
        return new ForwarderState(false, lastConfirmAt, messages, reason);
    }
}
