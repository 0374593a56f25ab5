package dev.eventshop.standalone.console;

import java.io.Console;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** How far something is. On a terminal it is one line that changes; elsewhere a line for each tenth. */
public final class Progress implements AutoCloseable {

    private static final int WIDTH = 30;

    private final PrintWriter out;
    private final boolean terminal;
    private final String what;
    private final int total;
    private int done;
    private int shownTenths;

    /** @param total how many steps there are; at least 1 */
    public Progress(PrintWriter out, String what, int total) {
        this(out, isTerminal(System.console()), what, total);
    }

    /** From Java 22 on there is a console without a terminal as well. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null || Runtime.version().feature() < 22) {
            return console != null;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    Progress(PrintWriter out, boolean terminal, String what, int total) {
        this.out = out;
        this.terminal = terminal;
        this.what = what;
        this.total = total;
        show();
    }

    public void step() {
        done++;
        show();
    }

    private void show() {
        int tenths = done * 10 / total;
        if (terminal) {
            int filled = done * WIDTH / total;
            out.print("\r" + what + " [" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + done + "/" + total);
            out.flush();
        } else if (tenths > shownTenths) {
            out.println(what + " " + done + "/" + total);
            out.flush();
        }
        shownTenths = tenths;
    }

    /** Ends the line. */
    @Override
    public void close() {
        if (terminal) {
            out.println();
            out.flush();
        }
    }
}
