package dev.eventshop.standalone.console;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Why a command can't do what it was asked for. The message is one sentence for a person: it is all that is shown. */
public final class Refused extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** @param exitCode one of {@link ExitCode} */
    public Refused(int exitCode, String sentence) {
        this(exitCode, sentence, null);
    }

    /** @param exitCode one of {@link ExitCode} */
    public Refused(int exitCode, String sentence, @Nullable Throwable cause) {
        super(sentence.strip().replaceAll("\\s+", " "), cause); // causes tell theirs in many lines
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
