package dev.eventshop.command;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ConcurrencyIT {

    private static TestDatabase database;
    private static RunningCommandSide one;
    private static RunningCommandSide other;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        one = RunningCommandSide.start(database);
        other = RunningCommandSide.start(database);
    }

    @AfterAll
    static void stop() {
        other.close();
        one.close();
        database.close();
    }

    @Nested
    class Registrations {

        @Test
        void ofOneAddressInMixedCaseSucceedOnce() throws Exception {
            List<Answer> answers = inParallel(50, i -> {
                String email = IntStream.range(0, "parallel@example.com".length())
                        .mapToObj(c -> {
                            String letter = "parallel@example.com".substring(c, c + 1);
                            return (c + i) % 3 == 0 ? letter.toUpperCase(Locale.ROOT) : letter;
                        })
                        .reduce("", String::concat);
                return (i % 2 == 0 ? one : other)
                        .post("/api/users", "{\"email\":\"" + email + "\",\"fullName\":\"Ada\"}");
            });

            assertThat(byStatus(answers)).isEqualTo(Map.of(201, 1L, 409, 49L));
            assertThat(answers.stream().filter(answer -> answer.status() == 409))
                    .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("EMAIL_TAKEN"));
        }
    }

    @Nested
    class OneInstance {

        @Test
        void letsEveryWriterSucceed() throws Exception {
            int product = one.product(0);

            List<Answer> answers = flatten(inParallel(32, i -> times(20, () -> one.adjust(product, 1))));

            assertThat(byStatus(answers)).isEqualTo(Map.of(204, 640L));
            assertThat(stockOf(product)).isEqualTo(640);
            assertStreamIsWhole("product-" + product, 641);
            assertThat(answers.stream().map(Answer::version).distinct()).hasSize(640);
        }
    }

    @Nested
    class TwoInstances {

        @Test
        void letEveryWriterSucceed() throws Exception {
            int product = one.product(0);

            List<Answer> answers = flatten(inParallel(
                    16, i -> times(25, () -> (i % 2 == 0 ? one : other).adjust(product, i % 4 < 2 ? 3 : 1))));

            assertThat(byStatus(answers)).isEqualTo(Map.of(204, 400L));
            assertThat(stockOf(product)).isEqualTo(800);
            assertStreamIsWhole("product-" + product, 401);
        }

        @Test
        void sellWhatThereIsAndNotMore() throws Exception {
            int product = one.product(100);

            List<Answer> answers =
                    flatten(inParallel(16, i -> times(15, () -> (i % 2 == 0 ? one : other).adjust(product, -1))));

            assertThat(byStatus(answers)).isEqualTo(Map.of(204, 100L, 422, 140L));
            assertThat(stockOf(product)).isZero();
            assertStreamIsWhole("product-" + product, 101);
        }

        @Test
        void doNotRefuseFromAStaleState() {
            int product = one.product(0);
            assertThat(one.adjust(product, -1).status()).isEqualTo(422);
            other.adjust(product, 5).expect(204);

            one.adjust(product, -5).expect(204);
        }

        @Test
        void doNotTakeAStaleStateForTheSame() {
            int product = one.product(5);
            other.takeStock(product, 0).expect(204);

            Answer taken = one.takeStock(product, 5).expect(204);

            assertThat(taken.version()).isEqualTo(2);
            assertThat(stockOf(product)).isEqualTo(5);
        }

        @Test
        void doNotCompareAPreconditionWithAStaleState() {
            int product = one.product(5);
            other.adjust(product, 1).expect(204);

            assertThat(one.adjust(product, 1, "If-Match", "\"0\"").status()).isEqualTo(412);

            other.adjust(product, 1).expect(204);
            one.adjust(product, 1, "If-Match", "\"2\"").expect(204);
        }

        @Test
        void neverGiveANumberTwice() throws Exception {
            List<Integer> ids = flatten(inParallel(8, i -> times(30, () -> (i % 2 == 0 ? one : other).product(1))));

            assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 0);
        }
    }

    private static long stockOf(int product) {
        List<StoredEvent> events = one.bean(EventLog.class).readStream("product-" + product, 0);
        String payload = events.get(events.size() - 1).payload();
        return Long.parseLong(payload.replaceAll(".*\"newStock\":(\\d+).*", "$1"));
    }

    private static void assertStreamIsWhole(String aggregateId, int events) {
        assertThat(one.bean(EventLog.class).readStream(aggregateId, 0))
                .extracting(StoredEvent::sequenceNumber)
                .containsExactlyElementsOf(LongStream.range(0, events).boxed().toList());
    }

    private static Map<Integer, Long> byStatus(List<Answer> answers) {
        return answers.stream().collect(groupingBy(Answer::status, counting()));
    }

    private static <T> List<T> times(int count, Callable<T> call) throws Exception {
        List<T> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(call.call());
        }
        return results;
    }

    private static <T> List<T> flatten(List<List<T>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    private static <T> List<T> inParallel(int threads, Numbered<T> call) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<T>> futures = IntStream.range(0, threads)
                    .mapToObj(i -> executor.submit(() -> {
                        start.await();
                        return call.call(i);
                    }))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }

    private interface Numbered<T> {
        T call(int number) throws Exception;
    }
}
