package dev.eventshop.command.dispatch;

import dev.eventshop.eventstore.Position;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a command: what its sender expects, what was loaded for it, and what came of it. It travels in the
 * command's metadata, inside this JVM only; everything happens on one thread.
 */
final class Attempt {

    private static final String KEY = Attempt.class.getName();

    private final Expected expected;
    private final Consumer<Outcome> beforeCommit;
    private @Nullable Loaded loaded;
    private @Nullable Stored stored;

    Attempt(Expected expected, Consumer<Outcome> beforeCommit) {
        this.expected = expected;
        this.beforeCommit = beforeCommit;
    }

    <C> CommandMessage<C> addTo(CommandMessage<C> command) {
        return command.andMetaData(Map.of(KEY, this));
    }

    /** @return the attempt that a unit of work belongs to; null when the command was not sent through {@link Commands} */
    static @Nullable Attempt of(UnitOfWork<?> unitOfWork) {
        Message<?> message = unitOfWork.root().getMessage();
        return message == null ? null : (Attempt) message.getMetaData().get(KEY);
    }

    Expected expected() {
        return expected;
    }

    void loaded(Loaded aggregate) {
        this.loaded = aggregate;
    }

    @Nullable
    Loaded loaded() {
        return loaded;
    }

    void stored(long version, Position position) {
        this.stored = new Stored(version, position);
    }

    /** @param result what the handler returned */
    void beforeCommit(@Nullable Object result) {
        beforeCommit.accept(outcome(result));
    }

    /** @param result what the handler returned */
    Outcome outcome(@Nullable Object result) {
        Stored known = Objects.requireNonNull(stored, "neither events nor an aggregate");
        return new Outcome(result, known.version(), known.position());
    }

    /**
     * @param aggregateId which aggregate
     * @param version     sequence number of the last event that was loaded
     * @param fromCache   whether the state came from the cache, and so may be behind the store
     * @param aggregate   the aggregate itself
     */
    record Loaded(String aggregateId, long version, boolean fromCache, Aggregate<?> aggregate) {

        /** @return whether the aggregate has applied events since */
        boolean changed() {
            return aggregate.version() != version;
        }
    }

    /**
     * @param version  sequence number of the aggregate's last event after the command
     * @param position its position
     */
    private record Stored(long version, Position position) {}
}
