package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecentEventsTest {

    private final RecentEvents recent = new RecentEvents(at(10));

    private static Position at(long index) {
        return new Position(1, index, index);
    }

    private static StoredEvent event(long index, String payload) {
        return new StoredEvent(
                at(index),
                UUID.randomUUID(),
                "product",
                "product-1",
                index,
                "stock-adjusted",
                null,
                Instant.EPOCH,
                payload,
                "{}");
    }

    private static List<StoredEvent> events(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(index -> event(index, "{}"))
                .toList();
    }

    private List<Long> after(long index, int limit) {
        return recent.after(at(index), limit).stream()
                .map(event -> event.position().globalIndex())
                .toList();
    }

    @Test
    void giveWhatFollows() {
        recent.add(events(11, 13));
        recent.add(events(14, 15));

        assertThat(after(10, 100)).containsExactly(11L, 12L, 13L, 14L, 15L);
        assertThat(after(13, 100)).containsExactly(14L, 15L);
        assertThat(after(11, 2)).containsExactly(12L, 13L);
    }

    @Test
    void giveNothingToReadersBeforeThem() {
        recent.add(events(11, 13));

        assertThat(after(9, 100)).isEmpty(); // there may be more between 9 and 10
    }

    @Test
    void giveNothingAtTheirEnd() {
        recent.add(events(11, 13));

        assertThat(after(13, 100)).isEmpty();
        assertThat(after(14, 100)).isEmpty();
    }

    @Test
    void forgetTheOldestOfMany() {
        recent.add(events(11, 2_015));

        assertThat(after(14, 1)).isEmpty();
        assertThat(after(15, 1)).containsExactly(16L);
        assertThat(after(15, 3_000)).hasSize(2_000);
    }

    @Test
    void forgetTheOldestOfLargeOnes() {
        String large = "x".repeat(1_500_000);
        recent.add(List.of(event(11, large), event(12, large), event(13, large)));

        assertThat(after(10, 100)).isEmpty();
        assertThat(after(11, 100)).containsExactly(12L, 13L);
    }

    @Test
    void keepNothingThatIsLargerThanAllOfThemMayBe() {
        recent.add(List.of(event(11, "x".repeat(5_000_000)), event(12, "{}")));

        assertThat(after(10, 100)).isEmpty();
        assertThat(after(11, 100)).containsExactly(12L);
    }

    @Test
    void leaveNoGapWhenTheySkip() {
        recent.add(events(11, 13));
        recent.skipTo(at(600));
        recent.add(events(601, 602));

        assertThat(after(10, 100)).isEmpty();
        assertThat(after(13, 100)).isEmpty();
        assertThat(after(600, 100)).containsExactly(601L, 602L);
    }
}
