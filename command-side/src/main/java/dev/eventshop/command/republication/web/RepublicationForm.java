package dev.eventshop.command.republication.web;

import dev.eventshop.command.http.Form;
import dev.eventshop.command.republication.RepublicationOrder;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import dev.eventshop.eventstore.EventFilter;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.messaging.QueueLookup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes an order of a request. */
final class RepublicationForm {

    private static final int AGGREGATE_ID_LENGTH = 255;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final Set<String> PUBLIC_TYPES =
            EventRegistry.published().stream().map(EventType::name).collect(Collectors.toUnmodifiableSet());

    private final EventLog events;

    RepublicationForm(EventLog events) {
        this.events = events;
    }

    /** @throws dev.eventshop.web.ProblemException 422 with the fields that are wrong */
    RepublicationOrder order(RepublicationRequest request) {
        Form form = new Form();
        String queue = form.text("queue", request.queue(), QueueLookup.MAX_NAME_BYTES);
        if (queue.getBytes(StandardCharsets.UTF_8).length > QueueLookup.MAX_NAME_BYTES) {
            form.reject("queue", "must have at most " + QueueLookup.MAX_NAME_BYTES + " bytes");
        }
        Set<String> types = types(form, queue, request.types());
        String aggregateId = form.optionalText("aggregateId", request.aggregateId(), AGGREGATE_ID_LENGTH);
        Integer rate = request.ratePerSecond();
        if (rate != null) {
            form.number("ratePerSecond", rate, 1, Integer.MAX_VALUE);
        }
        Position from = position(form, "from", request.from());
        Position to = position(form, "to", request.to());
        if (areTimesReversed(request.from(), request.to()) || from != null && to != null && from.isAfter(to)) {
            form.reject("from", "must not be after to");
        }
        form.check();

        Position head = events.head();
        return new RepublicationOrder(
                queue,
                from == null ? Position.START : from,
                to == null || to.isAfter(head) ? head : to,
                new EventFilter(types, aggregateId),
                rate);
    }

    private static Set<String> types(Form form, String queue, @Nullable List<@Nullable String> wanted) {
        if (wanted == null) {
            return typesOf(queue);
        }
        if (wanted.isEmpty()) {
            form.reject("types", "must not be empty; leave it out for all of the queue");
        }
        Set<String> types = new TreeSet<>();
        for (int i = 0; i < wanted.size(); i++) {
            String type = wanted.get(i);
            if (type == null || !PUBLIC_TYPES.contains(type)) {
                form.reject("types[" + i + "]", "must be the name of a public event");
            } else {
                types.add(type);
            }
        }
        return types;
    }

    /** @return what the queue gets when it is one of the contract; otherwise all, since nobody tells how it is bound */
    private static Set<String> typesOf(String queue) {
        Set<String> routed = EventRegistry.published().stream()
                .filter(type -> queue.equals(type.publicKey()))
                .map(EventType::name)
                .collect(Collectors.toUnmodifiableSet());
        return routed.isEmpty() ? PUBLIC_TYPES : routed;
    }

    private static boolean areTimesReversed(@Nullable StoreMoment from, @Nullable StoreMoment to) {
        Instant begin = from == null ? null : from.time();
        Instant end = to == null ? null : to.time();
        return begin != null && end != null && begin.isAfter(end);
    }

    private @Nullable Position position(Form form, String field, @Nullable StoreMoment moment) {
        if (moment == null) {
            return null;
        }
        String position = moment.position();
        Instant time = moment.time();
        if ((position == null) == (time == null)) {
            form.reject(field, "must have either a position or a time");
            return null;
        }
        if (time != null) {
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                form.reject(field + ".time", "must be in the years 1 to 9999");
                return null;
            }
            return events.before(time);
        }
        try {
            return Position.parse(String.valueOf(position));
        } catch (IllegalArgumentException e) {
            form.reject(field + ".position", "must be a position in the event store");
            return null;
        }
    }
}
