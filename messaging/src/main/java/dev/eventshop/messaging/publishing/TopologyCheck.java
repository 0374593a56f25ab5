package dev.eventshop.messaging.publishing;

import dev.eventshop.messaging.Topology;
import dev.eventshop.messaging.TopologyMismatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Declares the topology when the application starts, which fails when the broker has something else under one of the
 * names. A broker that is away, or slow to answer, holds up nothing: it is asked again before it is used.
 */
final class TopologyCheck implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TopologyCheck.class);

    /** Before anything is consumed or published. */
    private static final int PHASE = Integer.MIN_VALUE / 2;

    private static final long ATMOST_SECONDS = 5;

    private final Topology topology;
    private volatile boolean running;

    TopologyCheck(Topology topology) {
        this.topology = topology;
    }

    @Override
    public void start() {
        running = true;
        CompletableFuture<Void> declared = new CompletableFuture<>();
        ConfirmChannel.thread("topology", () -> {
                    try {
                        topology.declare();
                        declared.complete(null);
                    } catch (RuntimeException e) {
                        declared.completeExceptionally(e);
                    }
                })
                .start();
        try {
            declared.get(ATMOST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopologyMismatch mismatch) {
                throw mismatch;
            }
            LOG.warn("The broker can't be used yet: {}", String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            LOG.warn("The broker has not answered within {} s", ATMOST_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
