package dev.eventshop.query.replay;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.query.projection.AppliedPositions;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.query.projection.Slot;
import dev.eventshop.web.DatabaseFailures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
 *   <li>The projection is paused: all instances let go of its segments.
 *   <li>When they have, one transaction claims all segments, empties the tables, sets the tokens to the beginning and
 *       ends the pause. Whoever still works on a segment keeps the claim from being made; whoever has lost one, and does
 *       not know, can't commit.
 *   <li>The processors do their usual work until they have applied what was in the store at the start.
 * </ol>
 */
final class InPlaceReplay {

    private static final Logger log = LoggerFactory.getLogger(InPlaceReplay.class);

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
        if (replay.resetAt() == null) {
            reset(replay);
        } else {
            follow(replay);
        }
    }

    private void reset(Replay replay) {
        Projection projection = projections.named(replay.projection()).orElseThrow();
        transactions.executeWithoutResult(status -> {
            if (replays.lockForReset(replay.id())) { // else it is emptied, or about to be
                flags.pause(projection.name());
            }
        });
        projections.look();
        if (!isReset(replay, projection)) {
            giveUpWhenLate(replay);
        }
    }

    private boolean isReset(Replay replay, Projection projection) {
        try {
            return Boolean.TRUE.equals(transactions.execute(status -> {
                if (!replays.lockForReset(replay.id())) {
                    return true; // another instance is at it
                }
                String name = projection.name();
                int[] segments = tokens.fetchSegments(name);
                for (int segment : segments) {
                    tokens.fetchToken(name, segment);
                }
                Slot live = flags.liveSlot(name);
                SlotTables.empty(jdbc, projection, live);
                for (int segment : segments) {
                    tokens.storeToken(Position.START, name, segment);
                    tokens.releaseClaim(name, segment);
                }
                flags.countReset(name);
                flags.resume(name);
                replays.resetDone(replay.id());
                return true;
            }));
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
        Instant started = replay.startedAt();
        if (started == null || Duration.between(started, clock.instant()).compareTo(properties.pauseTimeout()) < 0) {
            return;
        }
        transactions.executeWithoutResult(status -> {
            if (replays.fail(replay.id(), "Not all instances let go of the projection, or its tables stayed locked.")) {
                flags.resume(replay.projection());
                log.warn("Replay {} of {} failed: it could not be paused.", replay.id(), replay.projection());
            }
        });
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
}
