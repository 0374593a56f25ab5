package dev.eventshop.command.dispatch;

import dev.eventshop.events.registry.SerializedTypeName;

/**
 * One kind of aggregate that takes commands.
 *
 * @param rootClass        the aggregate
 * @param name             what its type and its snapshots are called where they are stored
 * @param snapshotRevision revision of its stored state; a new one whenever its fields change, and snapshots of another
 *     one are ignored
 */
public record AggregateType<T>(Class<T> rootClass, String name, String snapshotRevision) {

    /** @return what a snapshot of it is stored under */
    public SerializedTypeName storedName() {
        return new SerializedTypeName(name, snapshotRevision);
    }
}
