package dev.eventshop.query.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.eventstore.Position;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayViewTest {

    private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void knowsNoProgressWhileItIsQueued() {
        ReplayView view = view(ReplayState.QUEUED, 0, null, null);

        assertThat(view.percent()).isZero();
        assertThat(view.total()).isNull();
        assertThat(view.remainingSeconds()).isNull();
    }

    @Test
    void estimatesTheRest() {
        ReplayView view = view(ReplayState.RUNNING, 250, 1_000L, 100L);

        assertThat(view.percent()).isEqualTo(25);
        assertThat(view.remainingSeconds()).isEqualTo(8);
    }

    @Test
    void isNotAtAHundredBeforeItIsComplete() {
        assertThat(view(ReplayState.RUNNING, 1_000, 1_000L, 100L).percent()).isEqualTo(99);
        assertThat(view(ReplayState.COMPLETED, 1_000, 1_000L, 100L).percent()).isEqualTo(100);
        assertThat(view(ReplayState.COMPLETED, 0, 0L, 0L).percent()).isEqualTo(100);
    }

    @Test
    void tellsWhatKeepsARunningOneFromGettingOn() {
        assertThat(ReplayView.of(replay(ReplayState.RUNNING, 1, 2L, 1L), "no row")
                        .error())
                .isEqualTo("no row");
        assertThat(ReplayView.of(replay(ReplayState.COMPLETED, 2, 2L, 1L), "no row")
                        .error())
                .isNull();
    }

    private static ReplayView view(ReplayState state, long processed, @Nullable Long total, @Nullable Long rate) {
        return ReplayView.of(replay(state, processed, total, rate), null);
    }

    private static Replay replay(ReplayState state, long processed, @Nullable Long total, @Nullable Long rate) {
        return new Replay(
                1,
                "order-summary",
                ReplayMode.IN_PLACE,
                null,
                state,
                "anonymous",
                T0,
                T0,
                null,
                null,
                null,
                total,
                Position.START,
                T0,
                processed,
                rate,
                null,
                1,
                null,
                0);
    }
}
