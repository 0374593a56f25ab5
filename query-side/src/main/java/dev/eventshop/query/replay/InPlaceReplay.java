package dev.eventshop.query.replay;

import dev.eventshop.eventstore.AggregatePage;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.query.projection.AppliedPositions;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.web.DatabaseFailures;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Empties a view and lets its processor fill it again. Goes on by steps that any instance can make at any time; where it
 * stands is in the database, so a crash interrupts nothing but the step.
 *
 * <ol>
 *   <li>The projection is paused: all instances let go of its segments. Where readers see what newer code has made,
 *       this and the next step are for instances that have it; when none is alive, the replay fails, and nothing is
 *       emptied.
 *   <li>When they have, one transaction claims all segments, empties the tables, sets the tokens to the beginning and
 *       ends the pause. Whoever still works on a segment keeps the claim from being made; whoever has lost one, and does
 *       not know, can't commit.
 *   <li>With {@code from}, that transaction empties nothing, and sets the tokens to just before the first event of any
 *       aggregate that has an event behind {@code from}. The rows of those are deleted then, in short transactions that
 *       make sure that the pause lasts, and it ends after them; no processor gets a claim while it does. What the
 *       processors apply again to other rows changes nothing. Where a token is ahead of the store, the replay fails: rows
 *       may have what was lost, of aggregates that have no event behind {@code from} any more.
 *   <li>The processors do their usual work until they have applied what was in the store at the start.
 * </ol>
 */
final class InPlaceReplay {

    private static final Logger log = LoggerFactory.getLogger(InPlaceReplay.class);

    /** Events that are looked at in one statement for what has changed. */
    private static final int PAGE = 1_000;

    /** Rows that are deleted in one transaction, which holds back the tail of the event store. */
    private static final int ROWS = 500;

    /** How long a step deletes, while others wait for theirs. */
    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(500);

    private final Replays replays;
    private final Projections projections;
    private final ProjectionFlags flags;
    private final AppliedPositions positions;
    private final TokenStore tokens;
    private final EventLog events;
    private final JdbcOperations jdbc;
    private final TransactionOperations transactions;
    private final Clock clock;
    private final QueryProperties.Replays properties;

    /** How far this instance has deleted, by replays; whoever begins anew finds nothing to delete, and is quick. */
    private final Map<Long, Position> deleted = new HashMap<>();

    InPlaceReplay(
            Replays replays,
            Projections projections,
            ProjectionFlags flags,
            AppliedPositions positions,
            TokenStore tokens,
            EventLog events,
            JdbcOperations jdbc,
            TransactionOperations transactions,
            Clock clock,
            QueryProperties.Replays properties) {
        this.replays = replays;
        this.projections = projections;
        this.flags = flags;
        this.positions = positions;
        this.tokens = tokens;
        this.events = events;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
        this.properties = properties;
    }

    /** Makes the next step, if one can be made now. */
    void step(Replay replay) {
        Projection projection = projections.named(replay.projection()).orElseThrow();
        if (replay.resetAt() == null) {
            reset(replay, projection);
        } else if (projections.isOutdated(projection)) {
            endWhenAbandoned(replay, projection);
        } else if (replay.from() != null && flags.isPaused(replay.projection())) {
            deleteRows(replay, replay.from());
        } else {
            follow(replay);
        }
    }

    private void reset(Replay replay, Projection projection) {
        transactions.executeWithoutResult(status -> {
            if (lockForReset(replay, projection)) {
                flags.pause(projection.name());
            }
        });
        projections.look();
        if (isReset(replay, projection)) {
            projections.look();
        } else {
            giveUpWhenLate(replay);
        }
    }

    /**
     * What older code empties it doesn't fill again: its processors leave the view alone.
     *
     * @return whether this instance is to empty the view; then nobody else can until the caller's transaction ends
     */
    private boolean lockForReset(Replay replay, Projection projection) {
        if (!replays.lockForReset(replay.id())) {
            return false; // it is emptied, or about to be
        }
        if (!projections.isOutdated(projection)) {
            return true;
        }
        if (!projections.isServed(projection)) {
            fail(
                    replay,
                    "Readers see what a newer release has made, and no instance of it is running: the view would stay"
                            + " empty. It is as it was; replay it side by side.");
        }
        return false;
    }

    private boolean isReset(Replay replay, Projection projection) {
        try {
            return Boolean.TRUE.equals(transactions.execute(status -> {
                if (!lockForReset(replay, projection)) {
                    return true;
                }
                String name = projection.name();
                Map<Integer, Position> reached = new TreeMap<>();
                for (int segment : tokens.fetchSegments(name)) {
                    reached.put(
                            segment,
                            tokens.fetchToken(name, segment) instanceof Position position ? position : Position.START);
                }
                if (replay.from() != null && !reached.values().stream().allMatch(events::isKnown)) {
                    throw new AheadOfStore();
                }
                if (replay.from() == null) {
                    SlotTables.empty(jdbc, projection, flags.liveSlot(name));
                    flags.resume(name);
                }
                reached.forEach((segment, position) -> {
                    tokens.storeToken(replay.reached().isAfter(position) ? position : replay.reached(), name, segment);
                    tokens.releaseClaim(name, segment);
                });
                flags.countReset(name);
                replays.resetDone(replay.id());
                return true;
            }));
        } catch (AheadOfStore rolledBack) {
            fail(
                    replay,
                    "The view has events that the store does not have any more: an older backup was restored. A replay of a"
                            + " part would leave them in it; replay the whole.");
            return true;
        } catch (UnableToClaimTokenException claimed) {
            log.debug("Replay {} waits for {} to be let go", replay.id(), projection.name(), claimed);
            return false;
        } catch (DataAccessException failure) {
            if (!DatabaseFailures.isUnavailable(failure)) {
                throw failure;
            }
            log.debug("Replay {} waits for the tables of {}", replay.id(), projection.name(), failure);
            return false;
        }
    }

    private void giveUpWhenLate(Replay replay) {
        if (replays.hasBegunBefore(replay.id(), properties.pauseTimeout())) {
            fail(replay, "Not all instances let go of the projection, or its tables stayed locked.");
        }
    }

    /** Newer code has emptied the view and is gone; whoever has it goes on, as with any events, when it comes back. */
    private void endWhenAbandoned(Replay replay, Projection projection) {
        if (projections.isServed(projection)) {
            return;
        }
        transactions.executeWithoutResult(status -> {
            if (replays.abandon(
                    replay.id(), "The newer release that has emptied the view is gone: replay it side by side.")) {
                flags.resume(projection.name());
                log.warn("Replay {} of {} was abandoned by a newer release.", replay.id(), projection.name());
            }
        });
    }

    private void fail(Replay replay, String error) {
        transactions.executeWithoutResult(status -> {
            if (replays.fail(replay.id(), error)) {
                flags.resume(replay.projection());
                log.warn("Replay {} of {} failed: {}", replay.id(), replay.projection(), error);
            }
        });
    }

    private void deleteRows(Replay replay, Position from) {
        Position target = Objects.requireNonNull(replay.target());
        Projection projection = projections.named(replay.projection()).orElseThrow();
        Position reached = deleted.getOrDefault(replay.id(), from);
        long begin = System.nanoTime();
        try {
            while (target.isAfter(reached)) {
                if (System.nanoTime() - begin > STEP) {
                    return;
                }
                AggregatePage page = events.aggregates(reached, target, projection.aggregateTypes(), PAGE);
                if (!isDeleted(replay, projection, page.aggregateIds())) {
                    return; // another instance has deleted them all, and ended the pause
                }
                reached = page.end();
                deleted.put(replay.id(), reached);
            }
        } catch (DataAccessException failure) {
            if (!DatabaseFailures.isUnavailable(failure)) {
                throw failure;
            }
            log.debug("Replay {} waits for rows of {}", replay.id(), projection.name(), failure);
            return;
        }
        deleted.remove(replay.id());
        replays.resume(replay.id());
        projections.look();
        log.info("Replay {} makes anew what has changed of {} since {}.", replay.id(), projection.name(), from);
    }

    private boolean isDeleted(Replay replay, Projection projection, Set<String> aggregateIds) {
        Integer[] numbers =
                aggregateIds.stream().map(Projection::number).sorted().toArray(Integer[]::new);
        for (String table : projection.tables()) {
            int rows;
            do {
                rows = deleteSome(replay, projection, table, numbers);
            } while (rows == ROWS);
            if (rows < 0) {
                return false;
            }
        }
        return true;
    }

    /** @return how many; negative when the pause is over */
    private int deleteSome(Replay replay, Projection projection, String table, Integer[] numbers) {
        Integer rows = transactions.execute(status -> {
            SlotTables.waitShortly(jdbc);
            SlotTables.commitLazily(jdbc); // the end of the pause waits for the disk
            if (!replays.holdPaused(replay.id())) {
                return -1;
            }
            String name = flags.liveSlot(projection.name()).table(table);
            return jdbc.update(
                    "delete from " + name + " where ctid = any(array(select ctid from " + name + " where "
                            + projection.rows().key() + " = any(?) limit " + ROWS + "))",
                    (Object) numbers);
        });
        return rows == null ? -1 : rows;
    }

    private void follow(Replay replay) {
        Position target = replay.target();
        if (target == null || positions.isApplied(replay.projection(), target)) {
            replays.complete(replay.id());
            log.info("Replay {} of {} is complete.", replay.id(), replay.projection());
            return;
        }
        Position now = positions.reached(replay.projection());
        Position reached = now.isAfter(target) ? target : now;
        if (reached.isAfter(replay.reached())) {
            long more = events.countBetween(replay.reached(), reached);
            replays.progress(replay, reached, replay.processed() + more, Rate.after(replay, more, clock.instant()));
        }
    }

    /** A token is of an event that the store does not have. */
    private static final class AheadOfStore extends RuntimeException {

        private static final long serialVersionUID = 1L;

        AheadOfStore() {
            super(null, null, false, false);
        }
    }
}
