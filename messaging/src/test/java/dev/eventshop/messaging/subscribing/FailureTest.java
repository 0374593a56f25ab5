package dev.eventshop.messaging.subscribing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.DependencyUnavailable;
import dev.eventshop.messaging.PermanentFailure;
import dev.eventshop.messaging.RetryPolicy;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.InputMismatchException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class FailureTest {

    private static final class Broken extends RuntimeException implements PermanentFailure {
        private static final long serialVersionUID = 1L;
    }

    private static final class Away extends RuntimeException implements DependencyUnavailable {
        private static final long serialVersionUID = 1L;
    }

    private static final RetryPolicy POLICY = new RetryPolicy(
            5,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
            Set.of("java.util.NoSuchElementException", "java.lang.ArithmeticException"));

    static Stream<Throwable> permanent() {
        return Stream.of(
                new ArithmeticException(),
                new IllegalStateException(new ArithmeticException()),
                new InputMismatchException(), // whose parent is named
                new Broken(),
                new RuntimeException(new IllegalStateException(new Broken())),
                new IllegalArgumentException(),
                new NumberFormatException(),
                rollbackFailed(new Broken()));
    }

    static Stream<Throwable> outages() {
        return Stream.of(
                new CannotCreateTransactionException("no", sql("28P01")),
                new CannotGetJdbcConnectionException("no"),
                new DataAccessResourceFailureException("no"),
                new DataAccessResourceFailureException("no", sql("08006")),
                new RuntimeException(new TransactionSystemException("commit", sql("08003"))),
                new UncategorizedSQLException("", "", sql("57P01")),
                new UncategorizedSQLException("", "", sql("57P03")),
                new UncategorizedSQLException("read-only", "", sql("25006")),
                new UncategorizedSQLException("disk full", "", sql("53100")),
                new IllegalStateException(new SQLTransientConnectionException("pool")),
                new TransactionSystemException("rollback", new SQLException("Connection is closed")),
                rollbackFailed(new IllegalStateException(sql("08006"))));
    }

    static Stream<Throwable> heldUp() {
        return Stream.of(
                new QueryTimeoutException("statement timeout", sql("57014")),
                new CannotAcquireLockException("deadlock", sql("40P01")),
                new CannotAcquireLockException("could not serialize", sql("40001")),
                new UncategorizedSQLException("lock timeout", "", sql("55P03")),
                new UncategorizedSQLException("idle in transaction", "", sql("25P03")),
                new UncategorizedSQLException("transaction timeout", "", sql("25P04")),
                new IllegalStateException(new SQLTimeoutException("of a driver")),
                rollbackFailed(new IllegalStateException(sql("57014"))));
    }

    static Stream<Throwable> temporary() {
        return Stream.of(
                new IllegalStateException(),
                new OutOfMemoryError(),
                new RuntimeException(new IllegalArgumentException()),
                new DataIntegrityViolationException("twice", sql("23505")),
                new DataAccessResourceFailureException("row too long for the index", sql("54000")),
                new UncategorizedSQLException("no state", "", new SQLException("of a driver")),
                rollbackFailed(new IllegalStateException()));
    }

    private static SQLException sql(String state) {
        return new SQLException("", state);
    }

    private static TransactionSystemException rollbackFailed(RuntimeException before) {
        TransactionSystemException failure = new TransactionSystemException("rollback", sql("99999"));
        failure.initApplicationException(before);
        return failure;
    }

    @ParameterizedTest
    @MethodSource("permanent")
    void isPermanent(Throwable error) {
        assertThat(Failure.of(error, POLICY)).isEqualTo(Failure.PERMANENT);
    }

    @Test
    void isADependencyThatIsAway() {
        assertThat(Failure.of(new IllegalStateException(new Away()), POLICY)).isEqualTo(Failure.UNAVAILABLE);
        assertThat(Failure.of(new RuntimeException(new Broken().initCause(new Away())), POLICY))
                .isEqualTo(Failure.PERMANENT);
    }

    @ParameterizedTest
    @MethodSource("outages")
    void isAnOutage(Throwable error) {
        assertThat(Failure.of(error, POLICY)).isEqualTo(Failure.OUTAGE);
    }

    @ParameterizedTest
    @MethodSource("heldUp")
    void isADatabaseThatIsHeldUp(Throwable error) {
        assertThat(Failure.of(error, POLICY)).isEqualTo(Failure.HELD_UP);
    }

    @Test
    void isAnOutageWhenTheConnectionIsLostAsWell() {
        SQLException both = sql("25P04");
        both.initCause(sql("08006"));
        assertThat(Failure.of(new IllegalStateException(both), POLICY)).isEqualTo(Failure.OUTAGE);
    }

    @ParameterizedTest
    @MethodSource("temporary")
    void isTransient(Throwable error) {
        assertThat(Failure.of(error, POLICY)).isEqualTo(Failure.TRANSIENT);
    }
}
