package dev.eventshop.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter text = new StringWriter();

    private void run(boolean terminal, int steps) {
        try (Progress progress = new Progress(new PrintWriter(text), terminal, "Work", steps)) {
            for (int i = 0; i < steps; i++) {
                progress.step();
            }
        }
    }

    @Test
    void isALineForEachTenthInAFile() {
        run(false, 100);
        assertThat(text.toString().lines())
                .hasSize(10)
                .startsWith("Work 10/100")
                .endsWith("Work 100/100");
    }

    @Test
    void isALineForEachStepWhenThereAreFew() {
        run(false, 2);
        assertThat(text.toString().lines()).containsExactly("Work 1/2", "Work 2/2");
    }

    @Test
    void isOneLineThatChangesOnATerminal() {
        run(true, 3);
        assertThat(text.toString())
                .startsWith("\rWork [" + ".".repeat(30) + "] 0/3")
                .endsWith("\rWork [" + "#".repeat(30) + "] 3/3" + System.lineSeparator());
        assertThat(text.toString().lines().filter(line -> !line.isEmpty())).hasSizeGreaterThan(3);
    }
}
