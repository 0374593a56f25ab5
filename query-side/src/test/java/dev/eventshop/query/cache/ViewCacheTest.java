package dev.eventshop.query.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ViewCacheTest {

    private static final Duration TTL = Duration.ofMillis(800);

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger view = new AtomicInteger(1);
    private final CacheProperties properties = new CacheProperties(TTL, 10, "");
    private final ViewCache<Integer> cache =
            new ViewCache<>("test", new ProcessStore<>(properties, now::get), TTL, now::get, new SimpleMeterRegistry());

    private int read(boolean fresh) {
        return cache.find("1", fresh, () -> Optional.of(view.get())).orElseThrow();
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
