package dev.eventshop.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StackTraceTest {

    private static final StackTraceElement HANDLER = frame("Handler", 3);
    private static final StackTraceElement MAIN = frame("Main", 9);

    private static StackTraceElement frame(String type, int line) {
        return new StackTraceElement("shop." + type, "run", type + ".java", line);
    }

    private static <T extends Throwable> T at(T failure, StackTraceElement... frames) {
        failure.setStackTrace(frames);
        return failure;
    }

    @Test
    void beginsWithTheInnermostCauseAndLeavesOutWhatItHasInCommon() {
        Exception cause = at(new IllegalArgumentException("ada@example.com"), frame("Table", 1), HANDLER, MAIN);
        Exception failure = at(new IllegalStateException("ada@example.com", cause), frame("Handler", 4), MAIN);

        assertThat(StackTrace.of(failure)).isEqualTo("""
                java.lang.IllegalArgumentException
                \tat shop.Table.run(Table.java:1)
                \tat shop.Handler.run(Handler.java:3)
                Wrapped by: java.lang.IllegalStateException
                \tat shop.Handler.run(Handler.java:4)
                \tat shop.Main.run(Main.java:9)
                """);
    }

    @Test
    void isBoundedWithManyFramesAndManyCauses() {
        Exception failure = at(new IllegalArgumentException(), MAIN);
        for (int i = 0; i < 500; i++) {
            failure = at(new IllegalStateException(failure), HANDLER, MAIN);
        }
        StackTraceElement[] frames = new StackTraceElement[1_000];
        Arrays.fill(frames, MAIN);

        assertThat(StackTrace.of(failure)).startsWith("java.lang.IllegalArgumentException");
        assertThat(StackTrace.of(failure).lines()).hasSizeLessThan(40);
        assertThat(StackTrace.of(at(new IllegalStateException(), frames))).hasSize(8_003);
    }
}
