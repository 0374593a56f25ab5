package dev.eventshop.command.dispatch;

import dev.eventshop.eventstore.Position;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a command that succeeded. Known once its transaction is committed.
 *
 * @param result   what the handler returned; null when it returns nothing
 * @param version  sequence number of the aggregate's last event, also when the command added none
 * @param position position of that event or of a later one
 */
public record Outcome(@Nullable Object result, long version, Position position) {

    /** @return the handler's result, which is of that class */
    public <R> R resultAs(Class<R> type) {
        return type.cast(Objects.requireNonNull(result));
    }
}
