package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFailuresTest {

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08006", "53300", "57P01", "57014", "40001", "40P01", "55P03"})
    void ofStatesThatPassAreUnavailability(String state) {
        assertThat(DatabaseFailures.isUnavailable(new IllegalStateException(new SQLException("x", state))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42501", "23505", "22P05", "XX000"})
    void ofOtherStatesAreDefects(String state) {
        assertThat(DatabaseFailures.isUnavailable(new SQLException("x", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"25P04", "08006"})
    void ofAConnectionInUseAreToldApart(String state) {
        SQLException closed = new SQLException("x", state);

        assertThat(DatabaseFailures.isConnectionLost(new IllegalStateException(closed)))
                .isTrue();
        assertThat(DatabaseFailures.isConnectionLost(new SQLTransientConnectionException("none to be had", closed)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"57014", "08001", "23505"})
    void ofOtherKindsLeaveTheConnection(String state) {
        assertThat(DatabaseFailures.isConnectionLost(new SQLException("x", state)))
                .isFalse();
    }

    @Test
    void ofThePoolAreUnavailability() {
        assertThat(DatabaseFailures.isUnavailable(new RuntimeException(new SQLTransientConnectionException("timeout"))))
                .isTrue();
    }

    @Test
    void areOfTheDatabaseOnly() {
        assertThat(DatabaseFailures.isUnavailable(new RuntimeException(new ConnectException("refused"))))
                .isFalse();
        assertThat(DatabaseFailures.isUnavailable(new SQLException("no state"))).isFalse();
    }

    @Test
    void withACycleOfCausesEnd() {
        Exception first = new Exception("first");
        first.initCause(new Exception("second", first));

        assertThat(DatabaseFailures.isUnavailable(first)).isFalse();
    }
}
