package dev.eventshop.standalone.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Lets warnings and errors through to the console while the system runs. Until then, and when it stops, what goes wrong
 * is told in one sentence, and the rest is in the log file.
 *
 * <p>Made by Logback, by its class name.
 */
public final class ConsoleFilter extends Filter<ILoggingEvent> {

    private static volatile boolean open;

    static void open(boolean wanted) {
        open = wanted;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return open && event.getLevel().isGreaterOrEqual(Level.WARN) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
