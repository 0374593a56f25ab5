package dev.eventshop.standalone.launch;

import dev.eventshop.embedded.DataFolderInUse;
import dev.eventshop.embedded.DataOfAnotherVersion;
import dev.eventshop.embedded.EmbeddedServerFailed;
import dev.eventshop.embedded.PortTaken;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** Tells in one sentence why something did not start. */
final class StartFailure {

    private static final String OLDER_DATA =
            " Make a backup with the Eventshop that has written it, and restore that with"
                    + " this one into a new data folder, as docs/operations.md says.";

    private StartFailure() {}

    /**
     * @param what did not start
     * @param log  where the details are
     */
    static Refused explain(String what, Throwable failure, Path log) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refused refused) {
                return refused;
            }
            if (cause instanceof DataOfAnotherVersion other) {
                return new Refused(ExitCode.DATA_FOLDER, sentence(other) + OLDER_DATA, failure);
            }
            if (cause instanceof EmbeddedServerFailed failed) {
                return new Refused(exitCode(failed), sentence(failed), failure);
            }
        }
        return new Refused(
                ExitCode.FAILED, what + " did not start: " + reason(failure) + " Details are in " + log + ".", failure);
    }

    private static int exitCode(EmbeddedServerFailed failed) {
        if (failed instanceof PortTaken) {
            return ExitCode.PORT_TAKEN;
        }
        return failed instanceof DataFolderInUse ? ExitCode.DATA_FOLDER : ExitCode.FAILED;
    }

    private static String reason(Throwable failure) {
        FailureAnalysis analysis = analysis(failure);
        if (analysis != null) {
            return closed(String.valueOf(analysis.getDescription()));
        }
        return sentence(rootCause(failure));
    }

    private static @Nullable FailureAnalysis analysis(Throwable failure) {
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, FailureHandler.handleMessage((message, e) -> {}));
        return analyzers.stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        return closed(message == null || message.isBlank() ? failure.getClass().getSimpleName() : message);
    }

    /** @return the text with a full stop */
    private static String closed(String text) {
        String stripped = text.strip();
        return stripped.matches("(?s).*[.!?]") ? stripped : stripped.replaceAll("[:;,]$", "") + ".";
    }
}
