package dev.eventshop.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final CountDownLatch go = new CountDownLatch(1);

    private Start<AutoCloseable> waiting(Duration patience) {
        return new Start<>("thing", patience, () -> {
            go.await();
            return () -> closed.complete(Thread.currentThread().getName());
        });
    }

    @Test
    void isStoppedAfterItIsUp() {
        Start<AutoCloseable> start = waiting(LONG);
        CompletableFuture<?> stopped = start.stop();
        assertThat(stopped).isNotDone();

        go.countDown();

        assertThat(stopped).succeedsWithin(LONG);
        assertThat(closed).isCompletedWithValue("stop thing");
    }

    @Test
    void isGivenUpWhenItIsNotUp() {
        Start<AutoCloseable> start = waiting(LONG);

        assertThat(start.stopIfUp()).isCompleted();
        assertThat(start.up())
                .failsWithin(LONG)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void isNotWaitedForForEver() {
        assertThat(waiting(Duration.ofMillis(10)).stop()).succeedsWithin(60, TimeUnit.SECONDS);
        assertThat(closed).isNotDone();
    }

    @Test
    void isStoppedAtOnceWhenItHasFailed() {
        Start<AutoCloseable> start = new Start<>("thing", LONG, () -> {
            throw new IllegalStateException("no");
        });
        assertThat(start.stop()).succeedsWithin(LONG);
    }
}
