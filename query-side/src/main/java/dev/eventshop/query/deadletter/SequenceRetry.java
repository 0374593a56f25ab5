package dev.eventshop.query.deadletter;

import dev.eventshop.events.registry.UnknownTypeException;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.query.projection.EventRetry;
import dev.eventshop.query.projection.EventRetry.Failure;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.query.projection.Slot;
import dev.eventshop.query.projection.Slots;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Applies what is set apart of one aggregate to the live slot, in order, up to the first that can't be applied.
 *
 * <p>While something is set apart, the processor sets apart what comes after it. So nothing of the aggregate is applied by
 * anybody else meanwhile; and what a batch sets apart after this has found nothing more is a sequence of its own, and
 * soon done.
 */
final class SequenceRetry {

    private static final Logger log = LoggerFactory.getLogger(SequenceRetry.class);

    private static final int PAGE = 100;

    /** Readers of the store's tail wait for whoever has written something and not committed it. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofMillis(50);

    private static final String LOCK = """
            select true from dead_sequence
            where projection = ? and aggregate_id = ? and next_attempt_at <= clock_timestamp()
            for update skip locked""";

    /** A replay leaves out what is set apart when it comes to it, so nothing may be applied beside it. */
    private static final String REPLAYED = """
            select exists (select from replay where projection = ? and state in ('QUEUED', 'RUNNING', 'SWITCHING'))""";

    private static final String LETTERS = """
            select id, sequence_number, state from dead_letter
            where projection = ? and aggregate_id = ? and state <> 'PASSED' order by sequence_number limit ?""";

    private static final String FAILED = """
            update dead_letter set error_class = ?, error = ?, stack_trace = ?, attempts = attempts + 1
            where id = ? returning attempts""";

    private static final String LATER = """
            update dead_sequence set next_attempt_at = clock_timestamp()
                + least(cast(? as interval) * power(2, least(?, 30)), cast(? as interval)) * (0.9 + 0.2 * random())
            where projection = ? and aggregate_id = ?""";

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final EventLog events;
    private final StoredEventMessages messages;
    private final ProjectionFlags flags;
    private final Slots slots;
    private final QueryProperties.DeadLetters properties;

    SequenceRetry(
            JdbcClient jdbc,
            TransactionOperations transactions,
            EventLog events,
            StoredEventMessages messages,
            ProjectionFlags flags,
            Slots slots,
            QueryProperties.DeadLetters properties) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.events = events;
        this.messages = messages;
        this.flags = flags;
        this.slots = slots;
        this.properties = properties;
    }

    /**
     * Makes a step if one is due, and nobody else is at it. What goes wrong is written down, and the sequence is due again
     * after a pause, so that it does not hold up the others.
     *
     * @throws RuntimeException when that can't be written down either
     */
    void run(Projection projection, String aggregateId) {
        try {
            boolean more = true;
            while (more) {
                more = Boolean.TRUE.equals(transactions.execute(status -> step(projection, aggregateId)));
            }
        } catch (RuntimeException | Error e) {
            transactions.executeWithoutResult(status -> putOff(projection.name(), aggregateId, Failure.of(e)));
            log.warn("{} can't try the events of {} again, and puts them off", projection.name(), aggregateId, e);
        }
    }

    private void putOff(String projection, String aggregateId, Failure failure) {
        boolean mine = jdbc.sql(LOCK)
                .params(projection, aggregateId)
                .query(Boolean.class)
                .optional()
                .isPresent();
        if (mine) {
            letters(projection, aggregateId, 1).forEach(first -> failed(first, failure, projection, aggregateId));
        }
    }

    private List<Letter> letters(String projection, String aggregateId, int most) {
        return jdbc.sql(LETTERS)
                .params(projection, aggregateId, most)
                .query((row, number) -> new Letter(
                        row.getLong(1), row.getLong(2), row.getString(3).equals("DISCARDED")))
                .list();
    }

    /** @return whether there may be more to do */
    private boolean step(Projection projection, String aggregateId) {
        String name = projection.name();
        if (jdbc.sql(LOCK)
                .params(name, aggregateId)
                .query(Boolean.class)
                .optional()
                .isEmpty()) {
            return false;
        }
        Optional<Slot> live = flags.holdLive(projection);
        if (live.isEmpty()
                || jdbc.sql(REPLAYED).param(name).query(Boolean.class).single()) {
            return false;
        }
        List<Letter> letters = letters(name, aggregateId, PAGE);
        if (letters.isEmpty()) {
            jdbc.sql("delete from dead_sequence where projection = ? and aggregate_id = ?")
                    .params(name, aggregateId)
                    .update();
            return false;
        }
        return apply(letters, projection, aggregateId, slots.retry(projection, live.get()));
    }

    private boolean apply(List<Letter> letters, Projection projection, String aggregateId, EventRetry retry) {
        long end = System.nanoTime() + LONGEST_TRANSACTION.toNanos();
        for (Letter letter : letters) {
            Optional<Failure> failure = apply(letter, aggregateId, retry);
            if (failure.isPresent()) {
                failed(letter, failure.get(), projection.name(), aggregateId);
                return false;
            }
            jdbc.sql(
                            letter.discarded()
                                    ? "update dead_letter set state = 'PASSED' where id = ?"
                                    : "delete from dead_letter where id = ?")
                    .param(letter.id())
                    .update();
            if (System.nanoTime() - end >= 0) {
                break;
            }
        }
        return true;
    }

    private Optional<Failure> apply(Letter letter, String aggregateId, EventRetry retry) {
        Optional<StoredEvent> stored = events.event(aggregateId, letter.sequenceNumber());
        if (stored.isEmpty()) {
            return Optional.empty(); // of a store from before a restore
        }
        if (letter.discarded()) {
            return retry.pass(stored.get());
        }
        List<TrackedEventMessage<?>> readable;
        try {
            readable = messages.messages(List.of(stored.get())).toList();
        } catch (UnknownTypeException newer) { // the projection was taken back to an older version of the code
            return Optional.of(Failure.of(newer));
        }
        return apply(readable, retry);
    }

    /** Upcasters may make several events of a stored one, or none. */
    private static Optional<Failure> apply(List<TrackedEventMessage<?>> events, EventRetry retry) {
        Optional<Failure> failure = Optional.empty();
        for (TrackedEventMessage<?> event : events) {
            failure = retry.apply((DomainEventMessage<?>) event);
            if (failure.isPresent()) {
                break;
            }
        }
        return failure;
    }

    private void failed(Letter letter, Failure failure, String projection, String aggregateId) {
        Integer attempts = jdbc.sql(FAILED)
                .params(failure.errorClass(), failure.error(), failure.stackTrace(), letter.id())
                .query(Integer.class)
                .single();
        jdbc.sql(LATER)
                .params(
                        properties.firstRetry().toMillis() + " milliseconds",
                        attempts - 1,
                        properties.longestRetry().toMillis() + " milliseconds",
                        projection,
                        aggregateId)
                .update();
    }

    private record Letter(long id, long sequenceNumber, boolean discarded) {}
}
