package dev.eventshop.standalone.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupWriterTest {

    @TempDir
    private Path folder;

    private Path target;

    @BeforeEach
    void name() {
        target = folder.resolve("shop.zip");
    }

    @Test
    void refusesASecondWriterAndLeavesTheFirstOneItsFile() throws IOException {
        try (BackupWriter first = new BackupWriter(target)) {
            assertThatThrownBy(() -> new BackupWriter(target))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("another backup is being written");
            first.publish();
        }
        assertThat(folder).isDirectoryContaining(file -> file.equals(target));
    }

    @Test
    void refusesAFileThatGotItsNameMeanwhile() throws IOException {
        Files.writeString(target, "of somebody else");
        assertThatThrownBy(() -> new BackupWriter(target))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("is there already; a backup overwrites nothing");
        assertThat(target).hasContent("of somebody else");
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(target);
        }
    }
}
