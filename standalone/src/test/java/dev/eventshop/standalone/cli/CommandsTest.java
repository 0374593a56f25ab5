package dev.eventshop.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.issuer.IssuerFolder;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    @TempDir
    private Path temporary;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Commands.commandLine(new UserSettings(List.of()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private List<String> errors() {
        return err.toString().lines().toList();
    }

    @Nested
    class AToken {

        private void makeIssuer() {
            try (DataFolder folder = DataFolder.open(temporary)) {
                IssuerFolder.open(folder, "http://127.0.0.1:8080");
            }
        }

        private String claims() {
            String[] parts = out.toString().strip().split("\\.");
            assertThat(parts).hasSize(3);
            return new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        }

        @ParameterizedTest
        @ValueSource(strings = {"operator", "staff", "customer"})
        void isAllThatIsPrinted(String role) {
            makeIssuer();
            assertThat(run("token", role, "--data", temporary.toString())).isEqualTo(ExitCode.OK);
            assertThat(out.toString().lines()).hasSize(1);
            assertThat(err.toString()).isEmpty();
            assertThat(claims())
                    .contains("\"sub\":\"" + role + "\"", "\"roles\":[\"" + role + "\"]", "\"aud\":\"eventshop\"");
        }

        @Test
        void isAboutWhomItIsAskedFor() {
            makeIssuer();
            assertThat(run("token", "customer", "--subject", "lan", "--data", temporary.toString()))
                    .isEqualTo(ExitCode.OK);
            assertThat(claims()).contains("\"sub\":\"lan\"");
        }

        @Test
        void isAboutSomebody() {
            makeIssuer();

            assertThat(run("token", "customer", "--subject", "", "--data", temporary.toString()))
                    .isEqualTo(ExitCode.USAGE);
        }

        @Test
        void needsARole() {
            makeIssuer();
            assertThat(run("token", "--data", temporary.toString())).isEqualTo(ExitCode.USAGE);
            assertThat(run("token", "admin", "--data", temporary.toString())).isEqualTo(ExitCode.USAGE);
            assertThat(errors()).contains("The role must be operator, staff or customer, not \"admin\"");
            assertThat(out.toString()).isEmpty();
        }

        @Test
        void needsAnIssuer() {
            assertThat(run("token", "operator", "--data", temporary.toString())).isEqualTo(ExitCode.FAILED);
            assertThat(errors())
                    .containsExactly("The embedded issuer was never started in " + temporary.toAbsolutePath() + ".");
        }
    }

    @Nested
    class Help {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "start",
                    "issuer",
                    "token",
                    "check",
                    "test-events",
                    "replay",
                    "republish",
                    "reconcile",
                    "backup",
                    "restore"
                })
        void isThereForEachCommand(String command) {
            assertThat(run(command, "--help")).isEqualTo(ExitCode.OK);
            assertThat(out.toString()).contains("Usage: eventshop " + command).contains("--data=<dir>");
        }

        @Test
        void listsCommandsAndExitCodes() {
            assertThat(run("--help")).isEqualTo(ExitCode.OK);
            assertThat(out.toString())
                    .contains(
                            "start",
                            "issuer",
                            "token",
                            "check",
                            "test-events",
                            "replay",
                            "republish",
                            "reconcile",
                            "backup",
                            "restore",
                            "Exit codes:")
                    .contains("3          a port is taken");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "--help",
                    "start --help",
                    "issuer --help",
                    "token --help",
                    "check --help",
                    "test-events --help",
                    "replay --help",
                    "republish --help",
                    "reconcile --help",
                    "backup --help",
                    "restore --help"
                })
        void fitsAScreenOf80Columns(String arguments) {
            run(arguments.split(" "));
            assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "start --version", "check -V"})
    void tellTheVersion(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("Eventshop ");
    }

    @ParameterizedTest
    @CsvSource({
        "bogus, bogus",
        "start --dmeo, --dmeo",
        "start leftover, leftover",
        "check --data, --data",
        "test-events --timeout soon, soon",
        "test-events --timeout 0, --timeout",
        "replay, <projection>",
        "replay --cancel x, --cancel",
        "replay --list --cancel 1, --list",
        "republish, <queue>",
        "republish order.created --list, --list",
        "republish order.created --from yesterday, yesterday",
        "republish order.created --to 2026-13-01, 2026-13-01",
        "republish order.created --rate fast, --rate",
        "reconcile leftover, leftover",
        "backup, --to",
        "restore, --from",
        "restore --from x --adopt, --adopt",
    })
    void areRefusedWithTwoLinesWhenTheyMakeNoSense(String arguments, String culprit) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(culprit).doesNotContain("\tat ");
        assertThat(errors()).hasSizeLessThanOrEqualTo(3).last().asString().contains("--help");
    }

    @Nested
    class WithoutARunningSystem {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "check",
                    "test-events",
                    "replay --list",
                    "replay --cancel 1",
                    "replay order-summary",
                    "republish --list",
                    "republish order.created --from 1-7431-99 --to 2026-01-31T12:00:00+07:00 --type OrderCreatedEvent",
                    "republish order.created --from 2026-01-31 --aggregate order-17 --rate 5 --dry-run",
                    "reconcile"
                })
        void failWithOneSentence(String command) {
            assertThat(run((command + " --data " + temporary).split(" "))).isEqualTo(ExitCode.FAILED);
            assertThat(errors()).singleElement().asString().contains("Nothing runs in " + temporary);
        }

        @Test
        void failWhenAProcessThatWasKilledHasLeftItsFiles() throws Exception {
            Files.writeString(temporary.resolve("eventshop.lock"), "1");
            Files.writeString(temporary.resolve("endpoints.json"), "{}");

            assertThat(run("check", "--data", temporary.toString())).isEqualTo(ExitCode.FAILED);
            assertThat(errors()).singleElement().asString().contains("Nothing runs");
        }
    }

    @Nested
    class ABackup {

        private Path data() {
            return temporary.resolve("data");
        }

        private void assertRefused(String sentence, int code, String... arguments) {
            assertThat(run(arguments)).isEqualTo(code);
            assertThat(errors()).singleElement().asString().contains(sentence);
        }

        @Test
        void needsADatabase() {
            assertRefused(
                    "it has no database", ExitCode.FAILED, "backup", "--to", "x.zip", "--data", temporary.toString());
            assertThat(temporary).isEmptyDirectory();
        }

        @Test
        void isNotRestoredWithoutItsFile() {
            Path file = temporary.resolve("no.zip");
            assertRefused(
                    "There is no file " + file,
                    ExitCode.USAGE,
                    "restore",
                    "--from",
                    file.toString(),
                    "--data",
                    data().toString());
            assertThat(data()).doesNotExist();
        }

        @Test
        void isNotRestoredFromAnythingElse() throws Exception {
            Path file = Files.writeString(temporary.resolve("some.zip"), "some text");
            assertRefused(
                    "is no backup", ExitCode.USAGE, "restore", "--from", file.toString(), "--data", data().toString());
            assertThat(data()).doesNotExist();
        }
    }

    @Test
    void refuseADataFolderThatIsAFile() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThat(run("start", "--data", file.toString())).isEqualTo(ExitCode.DATA_FOLDER);
        assertThat(errors()).singleElement().asString().contains(file + " is no folder");
    }
}
