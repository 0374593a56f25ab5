package dev.eventshop.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    private Path temporary;

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void isMadeForItsOwnerAlone() throws Exception {
        Path path = temporary.resolve("a/b");
        try (DataFolder folder = DataFolder.open(path)) {
            assertThat(folder.path()).isEqualTo(path).isDirectory();
            assertThat(mode(path)).isEqualTo("rwx------");
            assertThat(mode(path.resolve("eventshop.lock"))).isEqualTo("rw-------");
        }
    }

    @Test
    void isOpenedAgainWithWhatIsInIt() {
        try (DataFolder folder = DataFolder.open(temporary)) {
            folder.write("file", "text");
        }
        try (DataFolder folder = DataFolder.open(temporary)) {
            assertThat(folder.read("file")).isEqualTo("text");
        }
    }

    @Test
    void isRefusedWhenItIsAFile() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.DATA_FOLDER))
                .hasMessageContaining(file + " is no folder");
    }

    @Test
    void isRefusedWithoutAName() {
        assertThatThrownBy(() -> DataFolder.open(Path.of("")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("name of the data folder is empty");
    }

    @Test
    void isRefusedWhenItCannotBeMade() {
        // Nobody can make a folder there, not even root.
        assertThatThrownBy(() -> DataFolder.open(Path.of("/proc/eventshop")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("/proc/eventshop can't be made");
    }

    @Test
    void isInUseByNobodyWhenThereIsNone() {
        assertThat(DataFolder.isInUse(temporary.resolve("nothing"))).isFalse();
    }

    @Nested
    class AFile {

        @Test
        void isReplacedForItsOwnerAlone() throws Exception {
            try (DataFolder folder = DataFolder.open(temporary)) {
                folder.write("file", "one");
                folder.write("file", "two");

                assertThat(folder.read("file")).isEqualTo("two");
                assertThat(mode(temporary.resolve("file"))).isEqualTo("rw-------");
                assertThat(temporary.resolve("file.new")).doesNotExist();
            }
        }

        @Test
        void isNullWhenItIsMissing() {
            try (DataFolder folder = DataFolder.open(temporary)) {
                assertThat(folder.read("nothing")).isNull();
            }
        }
    }
}
