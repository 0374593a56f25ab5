package dev.eventshop.messaging.subscribing;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one channel that are in hand and not acknowledged yet. As many as possible are acknowledged at once,
 * which for a broker is as much work as one: all up to a number, when none of those is still in hand.
 */
final class Unacknowledged {

    private static final Logger LOG = LoggerFactory.getLogger(Unacknowledged.class);

    private final Channel channel;
    private final SortedSet<Long> tags = new TreeSet<>();

    /** @param channel of the client itself: one that reconnects would acknowledge something else */
    Unacknowledged(Channel channel) {
        this.channel = channel;
    }

    /** A message has come; the channel's messages are told in the order of their numbers. */
    synchronized void add(long tag) {
        tags.add(tag);
    }

    /** @return whether they can still be acknowledged; otherwise they are in their queue again */
    boolean isOpen() {
        return channel.isOpen();
    }

    /** When that fails, the messages come again, and the inbox drops them. */
    synchronized void acknowledge(Collection<Long> done) {
        SortedSet<Long> due = new TreeSet<>(done);
        due.retainAll(tags);
        tags.removeAll(due);
        long firstInHand = tags.isEmpty() ? Long.MAX_VALUE : tags.first();
        SortedSet<Long> together = due.headSet(firstInHand);
        try {
            if (!together.isEmpty()) {
                channel.basicAck(together.last(), true);
            }
            for (long tag : due.tailSet(firstInHand)) {
                channel.basicAck(tag, false);
            }
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("{} messages come again, since they could not be acknowledged", done.size(), e);
        }
    }
}
