package dev.eventshop.query.replay;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplayRunnerTest {

    @Test
    void goesOnAfterAnError() {
        Duration often = Duration.ofMillis(5);
        Replays replays = mock();
        when(replays.active()).thenThrow(new OutOfMemoryError("full"));
        ReplayRunner runner = new ReplayRunner(
                replays,
                mock(InPlaceReplay.class),
                mock(SideBySideReplay.class),
                mock(IdleSlots.class),
                mock(Projections.class),
                mock(ProjectionFlags.class),
                mock(EventLog.class),
                new QueryProperties.Replays(1, often, 1, 1, often));

        runner.start();
        try {
            verify(replays, timeout(10_000).atLeast(3)).active();
        } finally {
            runner.stop();
        }
    }
}
