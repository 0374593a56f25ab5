package dev.eventshop.query.replay;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Rebuilds projections in their idle slots, each in a thread of its own, while readers and processors go on with the live
 * ones. Of several instances one builds; when it dies another one goes on where it was.
 */
final class SideBySideReplay {

    private final Function<Replay, SlotBuild> builds;
    private final Map<Long, SlotBuild> running = new ConcurrentHashMap<>();

    SideBySideReplay(Function<Replay, SlotBuild> builds) {
        this.builds = builds;
    }

    /**
     * Lets this instance build, if it does not and no other one does.
     *
     * @param ended is called when it has, but for what has to be tried again: that has time
     */
    void step(Replay replay, Runnable ended) {
        if (running.containsKey(replay.id())) {
            return;
        }
        SlotBuild build = builds.apply(replay);
        if (build.lease()) {
            running.put(replay.id(), build);
            try {
                new Thread(() -> run(build, replay.id(), ended), "replay-" + replay.id()).start();
            } catch (Throwable e) { // no thread is to be had; when the lease has ended, it is looked for again
                running.remove(replay.id());
                throw e;
            }
        }
    }

    private void run(SlotBuild build, long id, Runnable ended) {
        boolean isOver = false;
        try {
            isOver = build.run();
        } finally {
            running.remove(id);
        }
        if (isOver) {
            ended.run();
        }
    }

    /** Returns when this instance builds nothing any more, or after a while. */
    void stop() {
        running.values().forEach(SlotBuild::stop);
        running.values().forEach(SlotBuild::awaitEnd);
    }
}
