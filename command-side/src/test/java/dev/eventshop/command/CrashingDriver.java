package dev.eventshop.command;

import dev.eventshop.testing.ObservedDriver;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops a thread for ever when it is at the {@link CrashPoint}, and says so, for somebody who kills the process then.
 * And it makes permits fail now and then, so that steps are parked.
 */
public final class CrashingDriver extends ObservedDriver {

    static final String POINT = "eventshop.test.crash-point";
    static final String SEED = "eventshop.test.seed";

    /** What it prints when the point is reached. */
    static final String REACHED = "This is the point.";

    private static final int ONE_FAILS_IN = 25;
    private static final String TIMEOUT = "57014";

    private static final Random RANDOM = new Random(Long.getLong(SEED, 0));

    /** How often the point is still passed; not reached as long as it is not armed. */
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

    /** From now on the point counts. */
    static void arm() {
        LEFT.set(1 + RANDOM.nextInt(5));
    }

    @Override
    protected Observer observer() {
        String name = System.getProperty(POINT);
        return name == null ? new Observer() {} : new Crashing(CrashPoint.valueOf(name));
    }

    private static final class Crashing implements Observer {

        private final CrashPoint point;
        private final StringBuilder transaction = new StringBuilder();

        Crashing(CrashPoint point) {
            this.point = point;
        }

        @Override
        public void executing(String sql, List<Object> parameters) throws SQLException {
            if (sql.startsWith("delete from command_side.reservation_permit")
                    && !CrashPoint.onThreadOf("db-scheduler")
                    && RANDOM.nextInt(ONE_FAILS_IN) == 0) {
                throw new SQLException("the statement takes too long", TIMEOUT);
            }
            transaction.append(sql).append(parameters).append('\n');
        }

        @Override
        public void ending(String how) {
            if (how.equals("commit") && point.isBefore(transaction.toString())) {
                reached();
            }
        }

        @Override
        public void ended(String how) {
            String ended = transaction.toString();
            transaction.setLength(0);
            if (how.equals("commit") && point.isAfter(ended)) {
                reached();
            }
        }

        private static void reached() {
            if (LEFT.decrementAndGet() > 0) {
                return;
            }
            System.out.println(REACHED);
            while (true) {
                LockSupport.park(); // whatever happens: this thread goes no further
            }
        }
    }
}
