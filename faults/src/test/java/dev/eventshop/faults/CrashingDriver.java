package dev.eventshop.faults;

import dev.eventshop.testing.ObservedDriver;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Stops a thread for ever at the {@link CrashPoint} and says so, for somebody who kills the process then. */
public final class CrashingDriver extends ObservedDriver {

    /** What it prints when the point is reached. */
    static final String REACHED = "This is the point.";

    private static final String POINT = "eventshop.faults.point";
    private static final String SEED = "eventshop.faults.seed";

    /** How often the point is passed before. */
    private static final AtomicInteger LEFT = new AtomicInteger(1 + new Random(Long.getLong(SEED, 0)).nextInt(20));

    /** @return options of a JVM that is to crash there */
    static List<String> options(CrashPoint point, long seed) {
        return List.of(
                "-Dspring.datasource.driver-class-name=" + CrashingDriver.class.getName(),
                "-D" + POINT + "=" + point,
                "-D" + SEED + "=" + seed);
    }

    @Override
    protected Observer observer() {
        return new Crashing(CrashPoint.valueOf(System.getProperty(POINT)));
    }

    private static final class Crashing implements Observer {

        private final CrashPoint point;
        private final StringBuilder transaction = new StringBuilder();

        Crashing(CrashPoint point) {
            this.point = point;
        }

        @Override
        public void executing(String sql, List<Object> parameters) {
            transaction.append(sql).append('\n');
            check(CrashPoint.Moment.BEFORE_STATEMENT, sql);
        }

        @Override
        public void executed(String sql) {
            check(CrashPoint.Moment.AFTER_STATEMENT, sql);
        }

        @Override
        public void ending(String how) {
            if (how.equals("commit")) {
                check(CrashPoint.Moment.BEFORE_COMMIT, transaction.toString());
            }
        }

        @Override
        public void ended(String how) {
            String ended = transaction.toString();
            transaction.setLength(0);
            if (how.equals("commit")) {
                check(CrashPoint.Moment.AFTER_COMMIT, ended);
            }
        }

        private void check(CrashPoint.Moment moment, String statements) {
            if (!point.isReached(moment, statements) || LEFT.decrementAndGet() > 0) {
                return;
            }
            System.out.println(REACHED);
            while (true) {
                LockSupport.park(); // whatever happens: this thread goes no further
            }
        }
    }
}
