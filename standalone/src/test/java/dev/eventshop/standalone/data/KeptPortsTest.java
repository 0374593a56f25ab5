package dev.eventshop.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptPortsTest {

    @TempDir
    private Path temporary;

    private DataFolder folder;

    @BeforeEach
    void open() {
        folder = DataFolder.open(temporary);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    private int choose(OptionalInt wanted, int usual) {
        return new KeptPorts(folder).choose("amqp", "some.property", wanted, usual);
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static int free() throws IOException {
        try (ServerSocket socket = taken()) {
            return socket.getLocalPort();
        }
    }

    @Test
    void areTheUsualOnesAtFirst() throws Exception {
        int usual = free();
        assertThat(choose(OptionalInt.empty(), usual)).isEqualTo(usual);
    }

    @Test
    void areOthersWhenTheUsualOnesAreTakenAndStaySo() throws Exception {
        int chosen;
        int usual;
        try (ServerSocket other = taken()) {
            usual = other.getLocalPort();
            chosen = choose(OptionalInt.empty(), usual);
        }
        assertThat(chosen).isNotEqualTo(usual).isPositive();
        assertThat(choose(OptionalInt.empty(), usual)).isEqualTo(chosen);
    }

    @Test
    void areOthersWhenTheKeptOnesAreTaken() throws Exception {
        int kept = choose(OptionalInt.empty(), free());
        try (ServerSocket other = new ServerSocket(kept, 1, InetAddress.getLoopbackAddress())) {
            assertThat(choose(OptionalInt.empty(), other.getLocalPort()))
                    .isNotEqualTo(kept)
                    .isPositive();
        }
    }

    @Test
    void areThoseThatTheUserWants() throws Exception {
        choose(OptionalInt.empty(), free());
        int wanted = free();
        assertThat(choose(OptionalInt.of(wanted), free())).isEqualTo(wanted);
    }

    @Test
    void areRefusedWhenTheUserWantsOneThatIsTaken() throws Exception {
        try (ServerSocket other = taken()) {
            assertThatThrownBy(() -> choose(OptionalInt.of(other.getLocalPort()), 1))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.PORT_TAKEN))
                    .hasMessageContaining(Integer.toString(other.getLocalPort()))
                    .hasMessageContaining("some.property");
        }
    }

    @Test
    void areNoneThatAClientCouldTake() throws Exception {
        for (int i = 0; i < 50; i++) {
            int port = new KeptPorts(folder).choose("server" + i, "some.property", OptionalInt.of(0), 1);
            assertThat(port).isBetween(1024, 32_767);
        }
        assertThat(Files.readAllLines(temporary.resolve("ports.properties")).stream()
                        .map(line -> line.substring(line.indexOf('='))))
                .hasSize(50)
                .doesNotHaveDuplicates();
    }

    @Test
    void areAnyButStayTheSameWhenTheUserDoesNotCare() throws Exception {
        int usual = free();
        int chosen = choose(OptionalInt.of(0), usual);
        assertThat(chosen).isNotEqualTo(usual);
        assertThat(choose(OptionalInt.of(0), usual)).isEqualTo(chosen);
    }
}
