package dev.eventshop.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcOperations;

class ProjectionsTest {

    private final Semaphore reads = new Semaphore(0);
    private final CountDownLatch asked = new CountDownLatch(1);

    /** Stands in for a database that answers slowly. */
    private JdbcOperations slow() {
        return (JdbcOperations) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JdbcOperations.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("query")) {
                        reads.release();
                        asked.await();
                    }
                    return method.getReturnType() == int.class ? 0 : null;
                });
    }

    private JdbcOperations withoutMemory() {
        return (JdbcOperations) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JdbcOperations.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("query")) {
                        reads.release();
                        throw new OutOfMemoryError("full");
                    }
                    return method.getReturnType() == int.class ? 0 : null;
                });
    }

    @Test
    void lookOnceMoreWhenTheyAreToldToWhileTheyLook() throws InterruptedException {
        Projections projections = projections(slow());
        projections.start();
        try {
            assertThat(reads.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            projections.look();
            asked.countDown();

            assertThat(reads.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            projections.stop();
        }
    }

    @Test
    void lookAgainAfterAnError() throws InterruptedException {
        Projections projections = projections(withoutMemory());
        projections.start();
        try {
            assertThat(reads.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            projections.look();

            assertThat(reads.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            projections.stop();
        }
    }

    private static Projections projections(JdbcOperations jdbc) {
        Duration never = Duration.ofDays(1);
        QueryProperties properties = new QueryProperties(
                1,
                never,
                1,
                1,
                never,
                never,
                never,
                never,
                never,
                never,
                new QueryProperties.Replays(1, never, 1, 1, never),
                new QueryProperties.DeadLetters(never, never, never));
        return new Projections(
                List.of(),
                new ProjectionFlags(jdbc),
                new Instances(jdbc, "me", Duration.ofSeconds(1), Map.of()),
                name -> List.of(),
                properties);
    }
}
