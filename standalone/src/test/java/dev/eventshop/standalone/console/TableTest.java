package dev.eventshop.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void isAsWideAsTheLongestOfEachColumn() {
        Table table = new Table();
        table.row("a", "1", "x");
        table.row("longer", "1000");
        StringWriter text = new StringWriter();
        table.printTo(new PrintWriter(text, true));

        assertThat(text.toString().lines()).containsExactly("a       1     x", "longer  1000");
    }
}
