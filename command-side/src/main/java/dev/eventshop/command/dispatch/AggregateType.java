package dev.eventshop.command.dispatch;

/**
 * One kind of aggregate that takes commands.
 *
 * @param rootClass        the aggregate; its {@code @AggregateRoot} names the type that is stored
 * @param snapshotRevision revision of its stored state; a new one whenever its fields change their meaning, and
 *     snapshots of another one are ignored
 */
public record AggregateType<T>(Class<T> rootClass, String snapshotRevision) {}
