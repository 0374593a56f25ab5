package dev.eventshop.command.forwarding;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far forwarding has come, whichever instance does it.
 *
 * @param position      every public event up to it is confirmed and routed
 * @param lagEvents     stored events behind that position, internal ones included
 * @param lagSeconds    age of the oldest of them, 0 when there is none
 * @param lastConfirmAt when the broker last confirmed messages of this instance; null before the first
 * @param brokerUp      whether this instance reaches the broker
 * @param error         why this instance does not get on; null while it does, or while another instance forwards
 */
public record ForwarderStatus(
        String position,
        long lagEvents,
        long lagSeconds,
        @Nullable Instant lastConfirmAt,
        boolean brokerUp,
        @Nullable String error) {}
