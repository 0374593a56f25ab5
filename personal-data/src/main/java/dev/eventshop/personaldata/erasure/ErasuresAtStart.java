package dev.eventshop.personaldata.erasure;

import dev.eventshop.personaldata.key.PersonKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Destroys the keys of all who are on the list, before the service answers or works: a backup may have brought them back. */
public final class ErasuresAtStart implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ErasuresAtStart.class);

    private final ErasureList list;
    private final PersonKeys keys;
    private volatile boolean running;

    public ErasuresAtStart(ErasureList list, PersonKeys keys) {
        this.list = list;
        this.keys = keys;
    }

    @Override
    public void start() {
        long again = list.all().stream()
                .filter(erasure -> keys.destroyAgain(erasure.person(), erasure.at()))
                .count();
        if (again > 0) {
            log.warn("{} persons were erased again, whose keys had come back.", again);
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before anything that reads or writes personal data. */
    @Override
    public int getPhase() {
        return -900;
    }
}
