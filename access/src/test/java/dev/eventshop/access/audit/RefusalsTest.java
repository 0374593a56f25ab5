package dev.eventshop.access.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    @Test
    void areWrittenDownOneByOneUpToTheBoundOfTheAddress() {
        Refusals refusals = new Refusals(3, 10);

        for (int i = 0; i < 3; i++) {
            assertThat(refusals.count("10.0.0.1")).isEqualTo(OptionalInt.of(1));
        }
        assertThat(refusals.count("10.0.0.1")).isEmpty();
        assertThat(refusals.count("10.0.0.2")).isEqualTo(OptionalInt.of(1));
    }

    @Test
    void areCountedWhileTheyAreNotWrittenDown() {
        Refusals refusals = new Refusals(600, 10); // one each tenth of a second, when there are none left
        int written = 0;
        int calls = 0;
        OptionalInt last = OptionalInt.of(1);
        while (last.isPresent()) {
            written += last.isPresent() && calls > 0 ? last.getAsInt() : 0;
            last = refusals.count("10.0.0.1");
            calls++;
        }
        while (last.isEmpty()) {
            last = refusals.count("10.0.0.1");
            calls++;
        }

        assertThat(written + last.getAsInt()).isEqualTo(calls);
    }
}
