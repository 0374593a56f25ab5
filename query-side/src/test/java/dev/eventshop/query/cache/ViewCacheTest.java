package dev.eventshop.query.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViewCacheTest {

    private static final Duration TTL = Duration.ofMillis(800);

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger view = new AtomicInteger(1);
    private final CacheProperties properties = new CacheProperties(TTL, 10, "");
    private final ViewCache<Integer> cache =
            new ViewCache<>("test", new ProcessStore<>(properties, now::get), TTL, now::get, new SimpleMeterRegistry());

    private final ExecutorService readers = Executors.newFixedThreadPool(3);

    @AfterEach
    void stop() {
        readers.shutdownNow();
    }

    private int read(boolean fresh) {
        return cache.find("1", fresh, () -> Optional.of(view.get())).orElseThrow();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void pass(long millis) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void answersForAWhileWhatItHasReadBefore() {
        assertThat(read(false)).isEqualTo(1);
        view.set(2);
        pass(799);

        assertThat(read(false)).isEqualTo(1);
    }

    @Test
    void answersNothingOlder() {
        read(false);
        view.set(2);
        pass(800);

        assertThat(read(false)).isEqualTo(2);
    }

    @Test
    void countsFromBeforeTheViewWasAsked() {
        cache.find("1", false, () -> {
            pass(500);
            return Optional.of(1);
        });
        view.set(2);
        pass(300);

        assertThat(read(false)).isEqualTo(2);
    }

    @Test
    void keepsNoAnswerThatTookTooLong() {
        cache.find("1", false, () -> {
            pass(801);
            return Optional.of(1);
        });
        view.set(2);

        assertThat(read(false)).isEqualTo(2);
    }

    @Test
    void passesByForAReaderWhoHasWaitedForTheView() {
        read(false);
        view.set(2);

        assertThat(read(true)).isEqualTo(2);
        assertThat(read(false)).isEqualTo(2);
    }

    @Test
    void keepsNoOlderAnswerInPlaceOfANewerOne() throws Exception {
        CountDownLatch isRead = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Future<Optional<Integer>> slow = readers.submit(() -> cache.find("1", false, () -> {
            Optional<Integer> older = Optional.of(view.get());
            isRead.countDown();
            return await(mayEnd) ? older : Optional.empty();
        }));
        assertThat(await(isRead)).isTrue();
        view.set(2);
        Future<Integer> newer = readers.submit(() -> read(true));
        mayEnd.await(100, TimeUnit.MILLISECONDS); // it would be done by now, if it need not wait
        mayEnd.countDown();

        assertThat(slow.get()).contains(1);
        assertThat(newer.get()).isEqualTo(2);
        assertThat(read(false)).isEqualTo(2);
    }

    @Test
    void asksTheViewOnceForAllWhoWait() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        List<Future<Optional<Integer>>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(readers.submit(() -> cache.find("1", false, () -> {
                asked.incrementAndGet();
                return await(mayEnd) ? Optional.of(1) : Optional.empty();
            })));
        }
        mayEnd.await(100, TimeUnit.MILLISECONDS);
        mayEnd.countDown();

        for (Future<Optional<Integer>> answer : answers) {
            assertThat(answer.get()).contains(1);
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void letsNobodyWaitForLongerThanAnAnswerIsKept() throws Exception {
        CountDownLatch isAsked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Future<Optional<Integer>> hanging = readers.submit(() -> cache.find("1", false, () -> {
            isAsked.countDown();
            return await(mayEnd) ? Optional.of(1) : Optional.empty();
        }));
        assertThat(await(isAsked)).isTrue();
        view.set(2);

        assertThat(read(false)).isEqualTo(2);
        assertThat(hanging).isNotDone();
        mayEnd.countDown();
    }

    @Test
    void keepsNothingThatIsNotThere() {
        assertThat(cache.find("1", false, Optional::empty)).isEmpty();

        assertThat(read(false)).isEqualTo(1);
    }

    @Test
    void isNoOlderThanTheContractAllows() {
        assertThatThrownBy(() -> new CacheProperties(Duration.ofSeconds(1), 10, ""))
                .hasMessageContaining("eventshop.query.cache.ttl");
    }
}
