package dev.eventshop.standalone.console;

/** What the process tells its caller when it ends. */
public final class ExitCode {

    public static final int OK = 0;

    /** A check found something wrong, or the start failed for a reason without a code of its own. */
    public static final int FAILED = 1;

    /** An option, or a setting, that makes no sense. */
    public static final int USAGE = 2;

    public static final int PORT_TAKEN = 3;

    public static final int DATA_FOLDER = 4;

    /** A server that was named can't be used. */
    public static final int SERVER = 5;

    private ExitCode() {}
}
