package dev.eventshop.eventstore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The end of the tail, in memory: what was read once is there for all readers of this JVM. It has no gaps: it is what
 * follows one position, up to another. Bounded by the number of events and by their size; the oldest go first.
 */
final class RecentEvents {

    private static final int MOST = 2_000;

    /** Of payloads and metadata. */
    private static final long MOST_CHARACTERS = 4_000_000;

    private final ArrayDeque<StoredEvent> events = new ArrayDeque<>();
    private Position before;
    private Position last;
    private long characters;

    /** @param end where it begins, empty */
    RecentEvents(Position end) {
        this.before = end;
        this.last = end;
    }

    /** @param following all events that follow the last one, in order */
    synchronized void add(List<StoredEvent> following) {
        for (StoredEvent event : following) {
            events.addLast(event);
            characters += size(event);
            last = event.position();
        }
        while (events.size() > MOST || characters > MOST_CHARACTERS) {
            StoredEvent oldest = events.removeFirst();
            characters -= size(oldest);
            before = oldest.position();
        }
    }

    /** Begins anew, empty, at a position that more was skipped before than is kept. */
    synchronized void skipTo(Position end) {
        events.clear();
        characters = 0;
        before = end;
        last = end;
    }

    /** @return the events that follow the position, at most {@code limit}; empty when it does not have the next one */
    synchronized List<StoredEvent> after(Position read, int limit) {
        if (before.isAfter(read) || !last.isAfter(read)) {
            return List.of();
        }
        List<StoredEvent> found = new ArrayList<>();
        Iterator<StoredEvent> fromTheEnd = events.descendingIterator();
        int newer = 0;
        while (fromTheEnd.hasNext() && fromTheEnd.next().position().isAfter(read)) {
            newer++;
        }
        Iterator<StoredEvent> inOrder = events.iterator();
        for (int skipped = events.size() - newer; skipped > 0; skipped--) {
            inOrder.next();
        }
        while (inOrder.hasNext() && found.size() < limit) {
            found.add(inOrder.next());
        }
        return found;
    }

    private static long size(StoredEvent event) {
        return (long) event.payload().length() + event.metadata().length();
    }
}
