package dev.eventshop.query.storedevent;

import dev.eventshop.eventstore.EventCriteria;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.SearchStep;
import dev.eventshop.eventstore.TailMonitor;
import dev.eventshop.query.stream.Feed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The store's events for one stream, in the order of positions, which are the ids of its messages. Asks the store only
 * when its head has moved. A stream that comes to few of many events goes through the others in short steps, so that it
 * does not hold up those that share its threads.
 */
final class StoredEventFeed implements Feed {

    /** Of all streams of this kind: each has a feed of its own. */
    static final int NUMBER = 0;

    /** The version of a stream that was told nothing. */
    static final long NOTHING = 0;

    private static final int MESSAGES_OF_A_STEP = 100;

    private final StoredEventReader events;
    private final TailMonitor tail;
    private final EventCriteria criteria;
    private final List<Message> unsent = new ArrayList<>();
    private volatile Position reached;
    private volatile long told = NOTHING;

    StoredEventFeed(StoredEventReader events, TailMonitor tail, EventCriteria criteria, Position after) {
        this.events = events;
        this.tail = tail;
        this.criteria = criteria;
        this.reached = after;
    }

    @Override
    public Map<Integer, Long> versions(Collection<Integer> numbers) {
        return Map.of(NUMBER, tail.head().isAfter(reached) ? told + 1 : told);
    }

    /** Called by one thread at a time. What was not sent is told again. */
    @Override
    public List<Message> since(int number, long version) {
        unsent.removeIf(message -> message.version() <= version);
        if (unsent.isEmpty()) {
            SearchStep<Position> step = events.follow(criteria, reached, MESSAGES_OF_A_STEP);
            long next = told;
            for (StoredEventView view : events.views(step.events(), false)) {
                unsent.add(new Message(++next, view.position(), view, false));
            }
            told = next;
            reached = Objects.requireNonNull(step.reached());
        }
        return List.copyOf(unsent);
    }
}
