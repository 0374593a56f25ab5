package dev.eventshop.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.PortInUseException;

class StartFailureTest {

    private static final Path LOG = Path.of("/data/logs/eventshop.log");

    private static Refused explain(Throwable failure) {
        return StartFailure.explain("query-side", failure, LOG);
    }

    @Test
    void isWhatWasSaidAlready() {
        Refused refused = new Refused(ExitCode.SERVER, "No server.");
        assertThat(explain(new IllegalStateException(refused))).isSameAs(refused);
    }

    @Test
    void isSpringBootsOwnDescriptionInOneLine() {
        Refused refused = explain(new IllegalStateException(new PortInUseException(7000)));
        assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(refused)
                .hasMessage("query-side did not start: Web server failed to start. Port 7000 was already in use."
                        + " Details are in /data/logs/eventshop.log.");
    }

    @Test
    void isTheInnermostCauseOtherwise() {
        Throwable failure = new IllegalStateException("outer", new IllegalArgumentException("the\n  reason:"));
        assertThat(explain(failure)).hasMessageStartingWith("query-side did not start: the reason. Details");
    }

    @Test
    void isTheKindOfFailureWhenItSaysNothing() {
        assertThat(explain(new StackOverflowError()))
                .hasMessageStartingWith("query-side did not start: StackOverflowError. Details");
    }
}
