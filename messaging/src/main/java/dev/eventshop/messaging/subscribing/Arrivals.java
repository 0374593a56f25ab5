package dev.eventshop.messaging.subscribing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Messages that have come and that nobody works on yet: no more than the consumers prefetch, as long as those go that are
 * in their queue again.
 */
final class Arrivals {

    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private boolean closed;

    synchronized void add(Delivery delivery) {
        waiting.add(delivery);
        notifyAll();
    }

    /**
     * Waits for a message, and not for any more.
     *
     * @return what is there, oldest first; empty when there will be none any more
     */
    synchronized List<Delivery> take(int atMost) throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        List<Delivery> taken = new ArrayList<>(atMost);
        while (!closed && !waiting.isEmpty() && taken.size() < atMost) {
            taken.add(waiting.remove());
        }
        return taken;
    }

    /** Lets go what can't be acknowledged any more: it comes again. */
    synchronized void dropLost() {
        waiting.removeIf(delivery -> !delivery.isOpen());
    }

    /** What waits is let go. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
