package dev.eventshop.command.forwarding;

import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is stored against what the broker has confirmed. The forwarder's position moves only over what is confirmed and
 * routed, so the events up to it are.
 *
 * @param head  of the store, up to which was counted
 * @param types the public events, by type
 * @param first of them that is not confirmed; null when all are
 */
public record Reconciliation(
        Position head, List<OfType> types, @Nullable StoredEvent first) {

    /** How many events of a type there are. */
    public record OfType(String type, long stored, long confirmed) {}
}
