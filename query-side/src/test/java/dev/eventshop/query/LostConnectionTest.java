package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.web.DatabaseFailures;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class LostConnectionTest {

    /** The failure of the rollback hides that of the statement. */
    @Test
    void isUnavailabilityAlsoWhereItsRollbackFails() throws SQLException {
        Connection lost = mock(Connection.class);
        when(lost.createStatement()).thenThrow(new SQLException("terminated", "08006"));
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(new SingleConnectionDataSource(lost, true));
        try (pool;
                Connection connection = pool.getConnection()) {
            assertThatThrownBy(connection::createStatement).hasMessage("terminated");

            Throwable ofRollback = catchThrowable(connection::rollback);

            assertThat(ofRollback).isNotNull();
            assertThat(DatabaseFailures.isUnavailable(new RuntimeException(ofRollback)))
                    .isTrue();
        }
    }
}
