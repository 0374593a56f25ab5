package dev.eventshop.query.projection;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.StreamExtent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Compares the store with the views, aggregate by aggregate, up to the head of the store: what a projection has still to
 * do is missing as well, whether it is on its way or stands. The cost grows with the store; memory does not.
 */
final class Reconciler {

    private static final int PAGE = 2_000;

    private final Projections projections;
    private final AppliedPositions positions;
    private final EventLog events;
    private final JdbcOperations jdbc;

    Reconciler(Projections projections, AppliedPositions positions, EventLog events, JdbcOperations jdbc) {
        this.projections = projections;
        this.positions = positions;
        this.events = events;
        this.jdbc = jdbc;
    }

    Reconciliation reconcile() {
        Position head = events.head();
        List<Reconciliation.OfProjection> compared = new ArrayList<>();
        Reconciliation.@Nullable Difference first = null;
        for (Projection projection : projections.all()) {
            Position reached = positions.reached(projection.name());
            Comparison comparison = compare(projection, head);
            compared.add(new Reconciliation.OfProjection(
                    projection.name(),
                    reached.toString(),
                    events.countBetween(reached, head),
                    comparison.stored,
                    comparison.projected));
            first = first == null ? comparison.difference : first;
        }
        return new Reconciliation(head.toString(), compared, first);
    }

    /** Again, where the view was emptied meanwhile. */
    private Comparison compare(Projection projection, Position upTo) {
        Comparison comparison;
        long resets;
        do {
            resets = positions.resets(projection.name());
            comparison = new Comparison(projection, upTo);
            comparison.run();
        } while (resets != positions.resets(projection.name()));
        return comparison;
    }

    private final class Comparison {

        private final Projection projection;
        private final Projection.Rows rows;
        private final Position upTo;
        private final String select;
        private long stored;
        private long projected;
        private Reconciliation.@Nullable Difference difference;

        Comparison(Projection projection, Position upTo) {
            this.projection = projection;
            this.rows = projection.rows();
            this.upTo = upTo;
            this.select =
                    "select " + rows.key() + ", version from " + rows.view() + " where " + rows.key() + " = any(?)";
        }

        void run() {
            String last = "";
            List<StreamExtent> page;
            do {
                page = events.extents(rows.aggregateType(), rows.eventTypes(), upTo, last, PAGE);
                if (!page.isEmpty()) {
                    compare(page);
                    last = page.get(page.size() - 1).aggregateId();
                }
            } while (page.size() == PAGE);
        }

        private void compare(List<StreamExtent> page) {
            Map<Integer, Long> versions = new HashMap<>();
            jdbc.query(
                    select,
                    row -> {
                        versions.put(row.getInt(1), row.getLong(2));
                    },
                    (Object) page.stream()
                            .map(stream -> Projection.number(stream.aggregateId()))
                            .toArray(Integer[]::new));
            for (StreamExtent stream : page) {
                Long version = versions.get(Projection.number(stream.aggregateId()));
                stored += stream.events();
                if (version != null && version >= stream.lastSequenceNumber()) {
                    projected += stream.events();
                } else {
                    projected += version == null ? 0 : upTo(stream.aggregateId(), version);
                }
                if (difference == null && !agrees(stream, version)) {
                    difference = new Reconciliation.Difference(
                            projection.name(), stream.aggregateId(), stream.lastSequenceNumber(), version);
                }
            }
        }

        /** A row may be ahead of what was compared, but not of the store as it is now. */
        private boolean agrees(StreamExtent stream, @Nullable Long version) {
            return version != null
                    && version >= stream.lastSequenceNumber()
                    && (version == stream.lastSequenceNumber()
                            || events.event(stream.aggregateId(), version).isPresent());
        }

        private long upTo(String aggregateId, long version) {
            return events.readStream(aggregateId, 0).stream()
                    .filter(event -> event.sequenceNumber() <= version
                            && rows.eventTypes().contains(event.type()))
                    .count();
        }
    }
}
