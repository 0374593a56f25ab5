package dev.eventshop.personaldata.key;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Brings all keys under the current master key, in the background and in small steps. Refuses to start when one of them
 * is wrapped with a master key that was not given. Several instances may do it at the same time.
 */
public final class KeyRotation implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(KeyRotation.class);
    private static final int STEP = 200;

    private final PersonKeys keys;
    private volatile @Nullable Thread thread;

    public KeyRotation(PersonKeys keys) {
        this.keys = keys;
    }

    @Override
    public void start() {
        keys.verify();
        keys.indexKey(); // made now if need be, and not within a writer's transaction, which would take two connections
        Thread started = new Thread(this::run, "key-rotation");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    private void run() {
        try {
            String last = "";
            boolean any = false;
            while (Thread.currentThread() == thread) {
                Optional<String> next = keys.rewrap(last, STEP);
                if (next.isEmpty()) {
                    if (any) {
                        log.info("All keys of persons are wrapped with the current master key.");
                    }
                    return;
                }
                any = true;
                last = next.get();
            }
        } catch (RuntimeException e) {
            log.warn("Not all keys of persons were wrapped with the current master key; the next start goes on.", e);
        }
    }

    @Override
    public void stop() {
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Before anything that reads or writes personal data. */
    @Override
    public int getPhase() {
        return -1_000;
    }
}
