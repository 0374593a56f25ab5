package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;

class PatientMigrationTest {

    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Flyway flyway = mock(Flyway.class);

    private static FlywayException failure(String sqlState) {
        return new FlywayException("a script failed", new SQLException("canceling statement", sqlState));
    }

    @Test
    void goesOnWhenTheTablesAreFree() {
        when(flyway.migrate()).thenThrow(failure("55P03"), failure("55P03")).thenReturn(mock(MigrateResult.class));

        new PatientMigration(Duration.ofMinutes(1), PAUSE).migrate(flyway);

        verify(flyway, times(3)).migrate();
    }

    @Test
    void endsInOneSentenceWhenTheyStayInUse() {
        when(flyway.migrate()).thenThrow(failure("55P03"));

        assertThatThrownBy(() -> new PatientMigration(Duration.ZERO, PAUSE).migrate(flyway))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a backup or a long transaction");
    }

    @Test
    void repeatsNothingElse() {
        FlywayException other = failure("42601");
        when(flyway.migrate()).thenThrow(other);

        assertThatThrownBy(() -> new PatientMigration(Duration.ofMinutes(1), PAUSE).migrate(flyway))
                .isSameAs(other);
        verify(flyway, times(1)).migrate();
    }
}
