package dev.eventshop.personaldata.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.personaldata.erasure.ErasureList.Erasure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureListTest {

    private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    Path folder;

    @Test
    void keepsEachPersonOnceInOrderWithTheLastMoment() {
        ErasureList list = new ErasureList(folder.resolve("erasures"));
        assertThat(list.all()).isEmpty();

        list.add("user-2", T0);
        list.add("user-1", T0.plusSeconds(1));
        list.add("user-2", T0.plusSeconds(2));

        assertThat(new ErasureList(folder.resolve("erasures")).all())
                .containsExactly(new Erasure("user-2", T0.plusSeconds(2)), new Erasure("user-1", T0.plusSeconds(1)));
    }

    @Test
    void leavesOutALineThatACrashHasCutOff() throws IOException {
        ErasureList list = new ErasureList(folder.resolve("erasures"));
        list.add("user-1", T0);
        Files.writeString(folder.resolve("erasures"), "2026-03-01T10:00", StandardOpenOption.APPEND);

        assertThat(list.all()).containsExactly(new Erasure("user-1", T0));
    }

    @Test
    void goesOnBehindALineThatACrashHasCutOff() throws IOException {
        ErasureList list = new ErasureList(folder.resolve("erasures"));
        Files.writeString(folder.resolve("erasures"), "2026-03-01T10:00");

        list.add("user-1", T0);

        assertThat(list.all()).containsExactly(new Erasure("user-1", T0));
    }

    @Test
    void failsWhenItCantBeWritten() {
        ErasureList list = new ErasureList(folder.resolve("missing").resolve("erasures"));

        assertThatThrownBy(() -> list.add("user-1", T0)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void withoutAFileThereIsNone() {
        ErasureList none = new ErasureList(null);
        none.add("user-1", T0);

        assertThat(none.all()).isEmpty();
    }
}
