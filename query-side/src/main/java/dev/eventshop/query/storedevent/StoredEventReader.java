package dev.eventshop.query.storedevent;

import dev.eventshop.eventstore.EventCriteria;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.EventRange;
import dev.eventshop.eventstore.EventSearch;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.SearchStep;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.eventstore.StreamHead;
import dev.eventshop.personaldata.events.EncryptedPayloads;
import dev.eventshop.query.projection.QueryProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads the event store for people. A search ends when it has found what fits on a page, when it is through, or after
 * {@link QueryProperties#longestSearch()}, and then says where to go on: so each call takes about that time at most, also
 * where few of many millions of events are meant.
 */
@Component
public class StoredEventReader {

    /** Beyond every event. */
    private static final EventRange ALL =
            new EventRange(Position.START, new Position(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));

    private static final EventCriteria EVERYTHING = new EventCriteria(Set.of(), null, null, null);

    private final EventLog events;
    private final EventSearch search;
    private final EncryptedPayloads payloads;
    private final StoredEventMessages messages;
    private final long longest;

    StoredEventReader(
            EventLog events,
            EventSearch search,
            EncryptedPayloads payloads,
            StoredEventMessages messages,
            QueryProperties properties) {
        this.events = events;
        this.search = search;
        this.payloads = payloads;
        this.messages = messages;
        this.longest = properties.longestSearch().toNanos();
    }

    /**
     * Searches the whole store, in the order of positions, below the horizon: no event can turn up behind a place that was
     * reached.
     *
     * @param reached where to go on; null to begin
     */
    SearchStep<Position> find(EventQuery query, @Nullable Position reached, int limit) {
        EventRange range = range(query, reached);
        EventCriteria criteria = query.criteria();
        return untilFound(
                (place, most) -> search.next(
                        place == null ? range : rest(range, place, query.newestFirst()),
                        query.newestFirst(),
                        criteria,
                        most),
                reached,
                limit);
    }

    private EventRange range(EventQuery query, @Nullable Position reached) {
        EventRange range = bounded(search.readable(), query);
        boolean begins = reached == null;
        if (query.fromTime() != null && (begins || query.newestFirst())) { // behind the place reached it is no matter
            range = search.from(range, query.fromTime());
        }
        if (query.toTime() != null && (begins || !query.newestFirst())) {
            range = search.before(range, query.toTime());
        }
        return range;
    }

    private static EventRange bounded(EventRange range, EventQuery query) {
        EventRange result = range;
        if (query.fromPosition() != null) {
            result = result.behind(query.fromPosition());
        }
        return query.toPosition() == null ? result : EventSearch.upTo(result, query.toPosition());
    }

    private static EventRange rest(EventRange range, Position reached, boolean newestFirst) {
        return newestFirst ? range.aheadOf(reached) : range.behind(reached);
    }

    /**
     * Searches the events of one aggregate, in the order of their sequence numbers, up to the last one, which may lie above
     * the horizon.
     *
     * @param reached sequence number where to go on; null to begin
     * @return empty when it has no event
     */
    Optional<SearchStep<Long>> findOf(String aggregateId, EventQuery query, @Nullable Long reached, int limit) {
        return events.headOf(aggregateId).map(StreamHead::sequenceNumber).map(last -> {
            boolean isPart = query.fromPosition() != null || query.toPosition() != null;
            EventRange range = isPart ? bounded(ALL, query) : null;
            EventCriteria criteria = query.criteria();
            return untilFound(
                    (place, most) -> search.next(
                            aggregateId,
                            range,
                            place == null || query.newestFirst() ? -1 : place,
                            place != null && query.newestFirst() ? place : last + 1,
                            query.newestFirst(),
                            criteria,
                            most),
                    reached,
                    limit);
        });
    }

    /**
     * @param personalData whether it is to be shown
     * @return empty when there is no such event
     */
    public Optional<StoredEventView> find(String aggregateId, long sequenceNumber, boolean personalData) {
        SearchStep<Long> step =
                search.next(aggregateId, null, sequenceNumber - 1, sequenceNumber + 1, false, EVERYTHING, 1);
        return views(step.events(), personalData).stream().findFirst();
    }

    /** @return where a stream begins that is to tell what is appended from now on, or from there on */
    Position begin(@Nullable StoreMoment from) {
        if (from == null) {
            return events.head();
        }
        return from.position() == null ? events.before(Objects.requireNonNull(from.time())) : from.position();
    }

    /**
     * Looks for what was appended behind a position, in one short step.
     *
     * @return where to go on is always told
     */
    SearchStep<Position> follow(EventCriteria criteria, Position after, int limit) {
        Position head = events.head();
        SearchStep<Position> step = search.next(search.readable(head).behind(after), false, criteria, limit);
        Position reached = step.reached();
        return reached == null ? new SearchStep<>(step.events(), head.isAfter(after) ? head : after) : step;
    }

    private <P> SearchStep<P> untilFound(Step<P> step, @Nullable P reached, int limit) {
        long begin = System.nanoTime();
        List<StoredEvent> found = new ArrayList<>();
        P place = reached;
        do {
            SearchStep<P> next = step.from(place, limit - found.size());
            found.addAll(next.events());
            place = next.reached();
        } while (place != null && found.size() < limit && System.nanoTime() - begin < longest);
        return new SearchStep<>(found, place);
    }

    /** @param personalData whether it is to be shown */
    List<StoredEventView> views(List<StoredEvent> rows, boolean personalData) {
        return messages.upcast(payloads.show(rows, personalData)).stream()
                .map(StoredEventView::of)
                .toList();
    }

    private interface Step<P> {

        SearchStep<P> from(@Nullable P place, int limit);
    }
}
