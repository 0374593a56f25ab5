package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No event is skipped, however late its transaction commits. What else is at stake: {@link StockEngineIT}. */
class LateCommitIT {

    private TestStore store;

    @BeforeEach
    void start() {
        store = TestStore.create();
        store.monitor.start();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @ParameterizedTest(name = "{0} behind, open for {1} s, reader {2} s behind")
    @CsvSource({
        "1, 1, 0", "1, 1, 61", "1, 5, 0", "1, 5, 61",
        "100, 1, 0", "100, 1, 61", "100, 5, 0", "100, 5, 61",
        "20000, 1, 0", "20000, 1, 61", "20000, 5, 0", "20000, 5, 61"
    })
    void isSeenByEveryReader(int behind, int open, int age) throws Exception {
        LateCommit.Result result = LateCommit.run(subject(), behind, Duration.ofSeconds(open), Duration.ofSeconds(age));

        assertThat(result.read()).containsExactlyInAnyOrderElementsOf(result.written());
        assertThat(result.read()).startsWith(result.written().get(0), result.older(), result.late());
        assertThat(result.readBeforeCommit()).isEqualTo(2);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0} behind, open for 65 s, reader {1} s behind")
    @CsvSource({"1, 0", "100, 61", "20000, 0"})
    void isSeenByEveryReaderAfterMoreThanAMinute(int behind, int age) throws Exception {
        isSeenByEveryReader(behind, 65, age);
    }

    private LateCommit.Subject subject() {
        return new LateCommit.Subject() {
            @Override
            public void inTransaction(Runnable work) {
                store.transactions.executeWithoutResult(status -> work.run());
            }

            @Override
            public void append(List<? extends DomainEventMessage<?>> events) {
                store.engine.appendEvents(events);
            }

            @Override
            public BlockingStream<TrackedEventMessage<?>> openStream() {
                return store.store.openStream(null);
            }

            @Override
            public boolean readersPass() {
                return false;
            }
        };
    }
}
