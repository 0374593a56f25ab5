package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.DependencyUnavailable;
import dev.eventshop.messaging.PermanentFailure;
import dev.eventshop.messaging.RetryPolicy;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What a failed attempt tells about the next one. */
enum Failure {
    /** The message is at fault, and stays so. */
    PERMANENT,

    /** The database is away, for this message as for any other. */
    OUTAGE,

    /**
     * The database is there, and did not get to it: a lock of somebody else's, slow storage. As a rule for this message as
     * for any other.
     */
    HELD_UP,

    /** Something else that the handler needs is away, for this message as for any other. */
    UNAVAILABLE,

    /** The next attempt may do. */
    TRANSIENT;

    /** SQLSTATE classes: connection exception, insufficient resources, system error. */
    private static final Set<String> OUTAGE_CLASSES = Set.of("08", "53", "58");

    /** The server shuts down, crashed, is not up yet, or was told to drop the connection; or is a replica now. */
    private static final Set<String> OUTAGE_STATES = Set.of("57P01", "57P02", "57P03", "57P05", "25006");

    /**
     * PostgreSQL's states (appendix A of its manual): a serialization that failed, a deadlock, a lock that was not to be
     * had, and the timeouts of statements, of idle transactions and of transactions.
     */
    private static final Set<String> HELD_UP_STATES = Set.of("40001", "40P01", "55P03", "57014", "25P03", "25P04");

    static Failure of(Throwable error, RetryPolicy policy) {
        if (error instanceof TransactionSystemException rollback && rollback.getApplicationException() != null) {
            Failure before = of(rollback.getApplicationException(), policy);
            if (before != TRANSIENT) {
                return before;
            }
        }
        List<Throwable> chain = chain(error);
        if (error instanceof IllegalArgumentException
                || chain.stream().anyMatch(cause -> cause instanceof PermanentFailure || policy.isPermanent(cause))) {
            return PERMANENT;
        }
        if (chain.stream().anyMatch(DependencyUnavailable.class::isInstance)) {
            return UNAVAILABLE;
        }
        List<SQLException> sql = chain.stream()
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .toList();
        boolean outage = chain.stream().anyMatch(Failure::isNoConnection)
                || sql.isEmpty() && chain.stream().anyMatch(DataAccessResourceFailureException.class::isInstance)
                || sql.stream().anyMatch(Failure::tellsOutage)
                // A pool tells without a state that the connection has been closed under a transaction.
                || error instanceof TransactionException && sql.stream().anyMatch(cause -> cause.getSQLState() == null);
        if (outage) {
            return OUTAGE;
        }
        return sql.stream().anyMatch(Failure::tellsHeldUp) ? HELD_UP : TRANSIENT;
    }

    /** @return whether it is the database's, unless it meets one message alone */
    boolean isOfTheDatabase() {
        return this == OUTAGE || this == HELD_UP;
    }

    private static List<Throwable> chain(Throwable error) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    private static boolean isNoConnection(Throwable error) {
        return error instanceof CannotCreateTransactionException || error instanceof CannotGetJdbcConnectionException;
    }

    private static boolean tellsHeldUp(SQLException error) {
        return error instanceof SQLTimeoutException
                || error.getSQLState() != null && HELD_UP_STATES.contains(error.getSQLState());
    }

    private static boolean tellsOutage(SQLException error) {
        String state = error.getSQLState();
        return error instanceof SQLTransientConnectionException
                || error instanceof SQLNonTransientConnectionException
                || error instanceof SQLRecoverableException
                || state != null
                        && (OUTAGE_STATES.contains(state)
                                || state.length() == 5 && OUTAGE_CLASSES.contains(state.substring(0, 2)));
    }
}
