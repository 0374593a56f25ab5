package dev.eventshop.query.deadletter;

import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class DeadLetterRetriesTest {

    @Test
    void goOnAfterAnError() {
        Duration often = Duration.ofMillis(5);
        JdbcClient jdbc = mock();
        when(jdbc.sql(anyString())).thenThrow(new OutOfMemoryError("full"));
        DeadLetterRetries retries = new DeadLetterRetries(
                mock(SequenceRetry.class),
                jdbc,
                mock(Projections.class),
                new QueryProperties.DeadLetters(often, often, often));

        retries.start();
        try {
            verify(jdbc, timeout(10_000).atLeast(3)).sql(anyString());
        } finally {
            retries.stop();
        }
    }
}
