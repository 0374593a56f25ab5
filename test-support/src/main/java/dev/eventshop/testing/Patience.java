package dev.eventshop.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Lets every test that waits for something wait longer than Awaitility's ten seconds, which a busy machine may need. One
 * that succeeds takes no longer by it.
 */
public final class Patience implements TestExecutionListener {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        Awaitility.setDefaultTimeout(LONG);
    }
}
