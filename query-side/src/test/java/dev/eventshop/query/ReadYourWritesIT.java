package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.Position;
import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadYourWritesIT {

    private static TestDatabase database;
    private static EventWriter events;
    private static RunningQuerySide query;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        query = RunningQuerySide.on(database, "eventshop.query.longest-wait=3s");
        String position = events.user(1, "first@example.com");
        query.get("/api/users/1", "Min-Event-Position", position, "Prefer", "wait=10")
                .expect(200);
    }

    @AfterAll
    static void stop() {
        query.close();
        events.close();
        database.close();
    }

    @Test
    void aWriteIsSeenByTheReadThatNamesIt() {
        for (int i = 1; i <= 100; i++) {
            String position = events.order(i, 1, T0, item(1, 1, "1.00"));
            query.get("/api/orders/" + i, "Min-Event-Position", position).expect(200);
        }
    }

    @Test
    void aViewThatTheEventDoesNotConcernIsNotWaitedForLong() {
        // the order's segments and the other projections get nothing to do, and must still pass the position
        for (int i = 0; i < 20; i++) {
            String position = events.user(100 + i, "u" + i + "@example.com");
            long begin = System.nanoTime();
            query.get("/api/orders", "Min-Event-Position", position).expect(200);
            query.get("/api/products", "Min-Event-Position", position).expect(200);
            query.get("/api/statistics/sales", "Min-Event-Position", position).expect(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void theTailOfLatencyIsShort() {
        long[] micros = new long[200];
        for (int i = 0; i < micros.length; i++) {
            long begin = System.nanoTime();
            String position = events.order(1_000 + i, 1, T0, item(1, 1, "1.00"));
            query.get("/api/orders/" + (1_000 + i), "Min-Event-Position", position)
                    .expect(200);
            micros[i] = (System.nanoTime() - begin) / 1_000;
        }
        Arrays.sort(micros);
        System.out.printf(
                "append, wait, read over HTTP: median %d us, p95 %d us, max %d us%n",
                micros[100], micros[190], micros[199]);

        assertThat(micros[100]).isLessThan(200_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/products",
                "/api/products/1",
                "/api/products/1/stock-history",
                "/api/orders",
                "/api/orders/1",
                "/api/orders/1/history",
                "/api/users/1",
                "/api/users/1/orders",
                "/api/statistics/sales"
            })
    void aPositionThatIsNotReachedInTimeIsAnsweredWith503(String path) {
        Position head = events.log().head();
        String beyond = new Position(head.epoch(), head.transactionId() + 1_000_000, 1).toString();
        long begin = System.nanoTime();

        Answer answer = query.get(path, "Min-Event-Position", beyond, "Prefer", "wait=0");

        assertThat(answer.expect(503).code()).isEqualTo("POSITION_NOT_REACHED");
        assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void theWaitIsAsLongAsAskedForButBounded() {
        Position head = events.log().head();
        String beyond = new Position(head.epoch(), head.transactionId() + 1_000_000, 1).toString();

        assertThat(seconds(beyond, "wait=1")).isBetween(1L, 2L);
        assertThat(seconds(beyond, "wait=60")).isBetween(3L, 4L);
    }

    private static long seconds(String position, String prefer) {
        long begin = System.nanoTime();
        query.get("/api/orders", "Min-Event-Position", position, "Prefer", prefer)
                .expect(503);
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    }

    @Test
    void aReadThatCameBeforeTheWriteIsVisibleWakesUpWhenItIs() throws Exception {
        String last = events.order(5_000, 1, T0, item(1, 1, "1.00"));
        Position position = Position.parse(last);
        // the next transaction of the cluster, whatever it is, is behind that one
        String later = new Position(position.epoch(), position.transactionId(), position.globalIndex() + 1).toString();
        List<CompletableFuture<Answer>> waiting = List.of(
                query.getAsync("/api/orders/5001", "Min-Event-Position", later, "Prefer", "wait=3"),
                query.getAsync("/api/orders/5001/history", "Min-Event-Position", later, "Prefer", "wait=3"));

        events.order(5_001, 1, T0, item(1, 1, "1.00"));

        for (CompletableFuture<Answer> answer : waiting) {
            answer.get(5, TimeUnit.SECONDS).expect(200);
        }
    }

    @Test
    void waitingLeavesThreadsToTheOthers() throws Exception {
        try (RunningQuerySide small = RunningQuerySide.on(
                database,
                "eventshop.query.waiting-reads=5",
                "eventshop.query.longest-wait=20s",
                "spring.threads.virtual.enabled=false",
                "server.tomcat.threads.max=10")) {
            Position head = events.log().head();
            String beyond = new Position(head.epoch(), head.transactionId() + 1_000_000, 1).toString();
            List<CompletableFuture<Answer>> reads = IntStream.range(0, 20)
                    .mapToObj(i -> small.getAsync("/api/orders", "Min-Event-Position", beyond, "Prefer", "wait=20"))
                    .toList();

            await().atMost(Duration.ofSeconds(10))
                    .until(() ->
                            reads.stream().filter(CompletableFuture::isDone).count() == 15);
            small.get("/api/orders?limit=1").expect(200);

            assertThat(reads.stream().filter(read -> !read.isDone())).hasSize(5);
            for (CompletableFuture<Answer> read : reads) {
                assertThat(read.get(30, TimeUnit.SECONDS).expect(503).code()).isEqualTo("POSITION_NOT_REACHED");
            }
        }
    }

    @Test
    void waitingHoldsNoConnection() throws Exception {
        Position head = events.log().head();
        String beyond = new Position(head.epoch(), head.transactionId() + 1_000_000, 1).toString();
        List<CompletableFuture<Answer>> waiting = IntStream.range(0, 60)
                .mapToObj(i -> query.getAsync("/api/orders", "Min-Event-Position", beyond, "Prefer", "wait=3"))
                .toList();

        for (int i = 0; i < 50; i++) {
            query.get("/api/orders?limit=1").expect(200);
        }

        for (CompletableFuture<Answer> answer : waiting) {
            answer.get(10, TimeUnit.SECONDS).expect(503);
        }
    }
}
