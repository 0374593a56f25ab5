package dev.eventshop.query.projection;

import dev.eventshop.eventstore.Position;
import dev.eventshop.web.DatabaseFailures;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.messaging.Message;
import org.jspecify.annotations.Nullable;

/** Up to where, in each segment, there may be an event that can't be applied: a batch that had it in it has failed. */
final class Suspects {

    private final Map<Integer, Position> until = new ConcurrentHashMap<>();

    /** Notes that a batch has failed, if that can be because of its events. */
    void add(int segment, List<? extends Message<?>> batch, Throwable failure) {
        Position last = position(batch.get(batch.size() - 1));
        if (last != null
                && !(failure instanceof UnableToClaimTokenException) // another instance has the segment
                && !DatabaseFailures.isUnavailable(failure)) {
            until.merge(segment, last, (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    /** @return whether a batch that begins with the event may have such an event in it */
    boolean include(Segment segment, Message<?> first) {
        Position suspected = until.get(segment.getSegmentId());
        if (suspected == null) {
            return false;
        }
        Position begin = position(first);
        if (begin != null && !begin.isAfter(suspected)) {
            return true;
        }
        until.remove(segment.getSegmentId(), suspected);
        return false;
    }

    private static @Nullable Position position(Message<?> message) {
        return message instanceof TrackedEventMessage<?> tracked && tracked.trackingToken() instanceof Position position
                ? position
                : null;
    }
}
