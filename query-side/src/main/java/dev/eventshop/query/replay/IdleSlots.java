package dev.eventshop.query.replay;

import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.Slot;
import dev.eventshop.web.DatabaseFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Empties the slots that replays have begun to fill which were cancelled, or failed: whoever built them may be dead. What
 * is not done at once is done the next time, by any instance.
 */
final class IdleSlots {

    private static final Logger log = LoggerFactory.getLogger(IdleSlots.class);

    private final Replays replays;
    private final Projections projections;
    private final ProjectionFlags flags;
    private final JdbcOperations jdbc;
    private final TransactionOperations transactions;

    IdleSlots(
            Replays replays,
            Projections projections,
            ProjectionFlags flags,
            JdbcOperations jdbc,
            TransactionOperations transactions) {
        this.replays = replays;
        this.projections = projections;
        this.flags = flags;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    void clear() {
        replays.toBeCleared().forEach(name -> projections.named(name).ifPresent(this::clear));
    }

    /** A replay that was asked for meanwhile empties the slot itself, and what is in it later is its own. */
    private void clear(Projection projection) {
        try {
            transactions.executeWithoutResult(status -> {
                SlotTables.waitShortly(jdbc);
                Slot live = flags.holdAgainstReplays(projection.name());
                if (!replays.isBuilt(projection.name())) {
                    SlotTables.empty(jdbc, projection, live.other());
                    replays.cleared(projection.name());
                }
            });
        } catch (DataAccessException e) {
            if (!DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            log.debug("The idle slot of {} is left as it is for now", projection.name(), e);
        }
    }
}
