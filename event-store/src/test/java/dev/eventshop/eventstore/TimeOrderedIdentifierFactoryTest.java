package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.common.IdentifierFactory;
import org.junit.jupiter.api.Test;

class TimeOrderedIdentifierFactoryTest {

    @Test
    void isTheOneThatAxonTakes() {
        assertThat(IdentifierFactory.getInstance()).isInstanceOf(TimeOrderedIdentifierFactory.class);
    }

    @Test
    void makesVersionSeven() {
        long before = Instant.now().toEpochMilli();

        UUID id = UUID.fromString(IdentifierFactory.getInstance().generateIdentifier());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isBetween(before, before + 60_000);
    }

    @Test
    void ascends() {
        List<String> ids = Stream.generate(IdentifierFactory.getInstance()::generateIdentifier)
                .limit(100_000)
                .toList();

        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void ascendsWhenTheClockIsSetBack() {
        UUID now = TimeOrderedIdentifierFactory.next(System.currentTimeMillis());
        UUID setBack = TimeOrderedIdentifierFactory.next(System.currentTimeMillis() - 3_600_000);

        assertThat(setBack.toString()).isGreaterThan(now.toString());
    }

    @Test
    void givesNoneTwiceToManyThreads() {
        List<String> ids = IntStream.range(0, 50_000)
                .parallel()
                .mapToObj(i -> new TimeOrderedIdentifierFactory().generateIdentifier())
                .toList();

        assertThat(ids).doesNotHaveDuplicates();
    }
}
