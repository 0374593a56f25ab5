package dev.eventshop.messaging;

import java.util.List;

/**
 * Publishes batches that the broker confirms. Before the first batch, and again after each failure, it declares the
 * {@link Topology}. Safe for use by several threads, which take turns.
 */
public interface ConfirmedPublisher {

    /**
     * Publishes the messages in their order, and waits until the broker has confirmed all of them, that is, has stored
     * what is persistent and has routed what is mandatory. Takes no longer than the time to connect and to declare
     * the topology, and {@code eventshop.messaging.confirm-timeout}.
     *
     * @throws PublicationFailed when not all of them are confirmed and routed. Those behind the prefix that it tells
     *                           may have been published nevertheless: who sends them again, sends some twice.
     */
    void publish(List<OutboundMessage> batch) throws PublicationFailed;
}
