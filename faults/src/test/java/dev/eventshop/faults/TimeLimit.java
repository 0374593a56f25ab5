package dev.eventshop.faults;

import java.util.concurrent.TimeUnit;

/** How long faults are injected, all together: {@code eventshop.faults.minutes} from the first one on. */
final class TimeLimit {

    private static final TimeLimit OF_THIS_RUN = new TimeLimit(Long.getLong("eventshop.faults.minutes", 720));

    private final long end;

    private TimeLimit(long minutes) {
        end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    }

    /** @return the same for all tests of this JVM */
    static TimeLimit ofThisRun() {
        return OF_THIS_RUN;
    }

    boolean isOver() {
        return System.nanoTime() - end > 0;
    }
}
