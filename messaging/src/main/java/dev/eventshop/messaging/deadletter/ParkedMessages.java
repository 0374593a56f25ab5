package dev.eventshop.messaging.deadletter;

/** Where dead letters are kept once they are taken out of their queues. With a bean of this type, they are. */
public interface ParkedMessages {

    /**
     * Keeps a message for good; it is acknowledged afterwards. The same message may come again, when a process dies in
     * between: it is to be kept once.
     *
     * @throws RuntimeException when it could not be kept; it stays in its queue, and comes again
     */
    void keep(ParkedMessage message);

    /**
     * Tries whether messages can be kept, and leaves nothing behind. Asked before any is taken out of its queue: a broker
     * may count how often a message has come back, and drop it.
     *
     * @throws RuntimeException when none can be at the moment
     */
    void probe();
}
