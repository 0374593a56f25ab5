package dev.eventshop.web;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;

/**
 * Migrates, and waits for tables that somebody reads, a backup for example, without keeping everybody else waiting
 * behind it for long: each attempt ends after the {@code lock_timeout} of the migrations' connections, as far as it got.
 */
final class PatientMigration implements FlywayMigrationStrategy {

    static final Duration PATIENCE = Duration.ofMinutes(2);
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PatientMigration.class);

    /** Of PostgreSQL. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Duration patience;
    private final Duration pause;

    PatientMigration(Duration patience, Duration pause) {
        this.patience = patience;
        this.pause = pause;
    }

    /** @throws IllegalStateException when the tables were in use for all that time; a later start may help */
    @Override
    public void migrate(Flyway flyway) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                if (!isLocked(e)) {
                    throw e;
                }
                if (System.nanoTime() >= deadline) {
                    throw new IllegalStateException(
                            "The tables can't be migrated, since others have used them for %d s: a backup or a long transaction, see pg_stat_activity; start again when it has ended."
                                    .formatted(patience.toSeconds()),
                            e);
                }
                if (!told) {
                    LOG.warn(
                            "A migration waits up to {} s for tables that others are using, a backup for example.",
                            patience.toSeconds());
                    told = true;
                }
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for tables", e);
            }
        }
    }

    private static boolean isLocked(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
