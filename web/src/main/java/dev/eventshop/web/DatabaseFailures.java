package dev.eventshop.web;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.function.Predicate;

/** Tells a database that can't be reached, or not in time, from a defect. */
public final class DatabaseFailures {

    private static final String TRANSACTION_TIMEOUT = "25P04";
    private static final String CONNECTION_FAILURE = "08006";

    /**
     * What HikariCP 7.0 says, without a state, to who goes on with a connection that it has given up after a failure: a
     * rollback does, and its failure hides the first one (Spring 7.0, where it is JPA's).
     */
    private static final String GIVEN_UP = "Connection is closed";

    /** PostgreSQL's states (appendix A of its manual): what a later attempt can get past. */
    private static final Set<String> TRANSIENT = Set.of(
            "40001", // serialization_failure
            "40P01", // deadlock_detected
            "55P03", // lock_not_available
            "57014", // query_canceled: the statement timeout
            "25P03", // idle_in_transaction_session_timeout
            TRANSACTION_TIMEOUT,
            "57P01", // admin_shutdown
            "57P02", // crash_shutdown
            "57P03", // cannot_connect_now
            "57P05", // idle_session_timeout
            "25006"); // read_only_sql_transaction: a standby, during a failover

    private DatabaseFailures() {}

    /** @return whether the database refused or lost the connection, timed out, or asks to try again */
    public static boolean isUnavailable(Throwable failure) {
        return isCausedBy(failure, DatabaseFailures::isUnavailable);
    }

    /**
     * @return whether the database closed the connection while it was used, as it does when a transaction takes too long
     *     as a whole; the driver may find the connection closed before it reads why
     */
    public static boolean isConnectionLost(Throwable failure) {
        return isCausedBy(
                        failure,
                        sql -> TRANSACTION_TIMEOUT.equals(sql.getSQLState())
                                || CONNECTION_FAILURE.equals(sql.getSQLState()))
                && !isCausedBy(failure, SQLTransientConnectionException.class::isInstance);
    }

    private static boolean isCausedBy(Throwable failure, Predicate<SQLException> condition) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 50; depth++) {
            if (cause instanceof SQLException sql && condition.test(sql)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isUnavailable(SQLException failure) {
        String state = failure.getSQLState();
        return failure instanceof SQLTransientConnectionException // also the pool's timeout
                || failure instanceof SQLNonTransientConnectionException
                || failure instanceof SQLRecoverableException
                || failure instanceof SQLTimeoutException
                || (state == null && GIVEN_UP.equals(failure.getMessage()))
                || (state != null && (state.startsWith("08") || state.startsWith("53") || TRANSIENT.contains(state)));
    }
}
