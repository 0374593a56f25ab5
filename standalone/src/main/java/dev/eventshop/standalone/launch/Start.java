package dev.eventshop.standalone.launch;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that starts in a thread of its own, and can be stopped whether it is up already or not. */
final class Start<T extends AutoCloseable> {

    private static final Logger LOG = LoggerFactory.getLogger(Start.class);

    private final String name;
    private final Duration patience;
    private final CompletableFuture<T> up = new CompletableFuture<>();
    private final Thread starter;

    /**
     * @param name     for a person
     * @param patience how long it may take to stop
     */
    Start(String name, Duration patience, Callable<T> action) {
        this.name = name;
        this.patience = patience;
        this.starter = new Thread(() -> run(action), "start " + name);
        starter.start();
    }

    private void run(Callable<T> action) {
        try {
            up.complete(action.call());
        } catch (Throwable failure) {
            LOG.info("{} did not start.", name, failure);
            up.completeExceptionally(failure);
        }
    }

    String name() {
        return name;
    }

    CompletableFuture<T> up() {
        return up;
    }

    /** @return when it is stopped; a start that is not through yet is given up and not waited for */
    CompletableFuture<@Nullable Void> stopIfUp() {
        if (up.isDone()) {
            return stop();
        }
        starter.interrupt();
        return CompletableFuture.completedFuture(null);
    }

    /** @return when it is stopped, after its start if need be, or has taken longer than it may */
    CompletableFuture<@Nullable Void> stop() {
        return CompletableFuture.runAsync(this::closeWhenUp, this::inDaemon)
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(this::giveUp);
    }

    /** With the class loader of the thread that calls; those of the common pool have another one. */
    private void inDaemon(Runnable task) {
        Thread thread = new Thread(task, "stop " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void closeWhenUp() {
        T running;
        try {
            running = up.join();
        } catch (CompletionException failedToStart) {
            return;
        }
        try {
            running.close();
            LOG.info("{} is stopped.", name);
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly.", name, e);
        }
    }

    private @Nullable Void giveUp(Throwable timeout) {
        LOG.warn("{} did not stop within {} s.", name, patience.toSeconds());
        return null;
    }
}
