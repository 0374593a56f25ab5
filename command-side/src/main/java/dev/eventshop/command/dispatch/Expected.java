package dev.eventshop.command.dispatch;

import java.util.OptionalInt;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the sender of a command asks of the aggregate that it is for. Checked when the aggregate is loaded, so not by a
 * command that creates one.
 *
 * @param version says of a version whether the aggregate may be at it
 * @param owner   number of the user whom the aggregate has to belong to, if it belongs to anybody; empty when none will
 *                do. Asked in the command's transaction, and only when needed. Null when it does not matter
 */
public record Expected(LongPredicate version, @Nullable Supplier<OptionalInt> owner) {

    /** No matter which version, no matter whose. */
    public static final Expected ANYTHING = new Expected(version -> true, null);

    /** The owner is checked first: who may not know of the aggregate must not learn its version. */
    void check(String aggregateId, long aggregateVersion, Object root) {
        if (owner != null && root instanceof OwnedByUser owned && owner.get().orElse(0) != owned.owner()) {
            throw new NotOwned(aggregateId);
        }
        if (!version.test(aggregateVersion)) {
            throw new VersionMismatch(aggregateId, aggregateVersion);
        }
    }
}
