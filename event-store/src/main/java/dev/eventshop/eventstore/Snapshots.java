package dev.eventshop.eventstore;

import static java.util.Comparator.comparingLong;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * At most one snapshot for each aggregate, in the table {@code snapshot} of the service's own schema. A snapshot is only
 * a short cut: one that can't be used is ignored, and the aggregate is read from its events.
 */
final class Snapshots {

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private static final String STORE = """
            insert into snapshot
                (aggregate_id, aggregate_type, sequence_number, event_id, type, revision, time, payload, metadata)
            values (?, ?, ?, ?, ?, ?, ?, cast(? as json), cast(? as json))
            on conflict (aggregate_id) do update set
                aggregate_type = excluded.aggregate_type, sequence_number = excluded.sequence_number,
                event_id = excluded.event_id, type = excluded.type, revision = excluded.revision,
                time = excluded.time, payload = excluded.payload, metadata = excluded.metadata
            where excluded.sequence_number >= snapshot.sequence_number""";

    private static final String READ = "select aggregate_id, aggregate_type, sequence_number, event_id, type, revision,"
            + " time, payload, metadata from snapshot where aggregate_id = ?";

    /** The snapshot as one row, told by its missing position, and the events behind it. */
    private static final String READ_WITH_EVENTS = """
            with last_snapshot as (
                select aggregate_id, aggregate_type, sequence_number, event_id, type, revision, time, payload, metadata
                from snapshot
                where aggregate_id = ?
            )
            select null as epoch, cast(null as text) as transaction_id, null as global_index, event_id, aggregate_type, aggregate_id,
                sequence_number, type, revision, time, payload, metadata
            from last_snapshot
            union all
            (select epoch, cast(transaction_id as text), global_index, event_id, aggregate_type,
                aggregate_id, sequence_number, event_type, event_revision, time, payload, metadata
            from event_store.domain_event
            where aggregate_id = ? and sequence_number > coalesce((select sequence_number from last_snapshot), -1)
            order by sequence_number
            limit ?)""";

    private final JdbcTemplate jdbc;
    private final Serializer serializer;
    private final Supplier<SnapshotFilter> filter;

    Snapshots(DataSource dataSource, Serializer serializer, Supplier<SnapshotFilter> filter) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.serializer = serializer;
        this.filter = filter;
    }

    /** Keeps it, unless there is one of a later version. */
    void store(DomainEventMessage<?> snapshot) {
        SerializedEvent serialized = SerializedEvent.of(snapshot, serializer);
        jdbc.update(
                STORE,
                snapshot.getAggregateIdentifier(),
                snapshot.getType(),
                snapshot.getSequenceNumber(),
                UUID.fromString(snapshot.getIdentifier()),
                serialized.type(),
                serialized.revision(),
                serialized.time(),
                serialized.payload(),
                serialized.metadata());
    }

    /** @return the snapshot, when there is one that can be used */
    Optional<DomainEventMessage<?>> read(String aggregateId) {
        return jdbc.query(READ, (row, number) -> snapshot(row), aggregateId).stream()
                .findFirst()
                .flatMap(this::usable);
    }

    /**
     * Reads snapshot and events with one query.
     *
     * @param limit of events
     * @return empty when there is a snapshot that can't be used
     */
    Optional<Loaded> readWithEvents(String aggregateId, int limit) {
        List<Row> rows = jdbc.query(READ_WITH_EVENTS, (row, number) -> row(row), aggregateId, aggregateId, limit);
        List<StoredEvent> events = rows.stream()
                .map(Row::event)
                .filter(Objects::nonNull)
                .sorted(comparingLong(StoredEvent::sequenceNumber))
                .toList();
        Optional<SnapshotData> snapshot =
                rows.stream().map(Row::snapshot).filter(Objects::nonNull).findFirst();
        if (snapshot.isEmpty()) {
            return Optional.of(new Loaded(null, events));
        }
        return usable(snapshot.get()).map(message -> new Loaded(message, events));
    }

    private Optional<DomainEventMessage<?>> usable(SnapshotData data) {
        try {
            if (!filter.get().allow(data)) {
                return Optional.empty();
            }
            Optional<DomainEventMessage<?>> message = EventStreamUtils.upcastAndDeserializeDomainEvents(
                            Stream.of(data), serializer, NoOpEventUpcaster.INSTANCE)
                    .asStream()
                    .findFirst()
                    .map(snapshot -> snapshot);
            message.ifPresent(DomainEventMessage::getPayload); // is lazy, and would fail where nobody can help
            return message;
        } catch (RuntimeException | LinkageError e) {
            log.warn(
                    "The snapshot of {} at {} can't be used; the aggregate is read from its events.",
                    data.aggregateId,
                    data.sequenceNumber,
                    e);
            return Optional.empty();
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        row.getInt(1);
        if (!row.wasNull()) {
            return new Row(null, EventLog.event(row, 1));
        }
        return new Row(
                new SnapshotData(
                        row.getString(6),
                        row.getString(5),
                        row.getLong(7),
                        row.getString(4),
                        row.getString(8),
                        row.getString(9),
                        EventLog.instant(row, 10),
                        row.getString(11),
                        row.getString(12)),
                null);
    }

    private static SnapshotData snapshot(ResultSet row) throws SQLException {
        return new SnapshotData(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                EventLog.instant(row, 7),
                row.getString(8),
                row.getString(9));
    }

    /**
     * @param snapshot null when there is none
     * @param events   those behind the snapshot, from the first on, as many as were asked for
     */
    record Loaded(@Nullable DomainEventMessage<?> snapshot, List<StoredEvent> events) {}

    private record Row(
            @Nullable SnapshotData snapshot, @Nullable StoredEvent event) {}

    private record SnapshotData(
            String aggregateId,
            String aggregateType,
            long sequenceNumber,
            String eventId,
            String type,
            @Nullable String revision,
            Instant time,
            String payload,
            String metadata)
            implements DomainEventData<String> {

        @Override
        public String getType() {
            return aggregateType;
        }

        @Override
        public String getAggregateIdentifier() {
            return aggregateId;
        }

        @Override
        public long getSequenceNumber() {
            return sequenceNumber;
        }

        @Override
        public String getEventIdentifier() {
            return eventId;
        }

        @Override
        public Instant getTimestamp() {
            return time;
        }

        @Override
        public SerializedObject<String> getMetaData() {
            return new SerializedMetaData<>(metadata, String.class);
        }

        @Override
        public SerializedObject<String> getPayload() {
            return new SimpleSerializedObject<>(payload, String.class, type, revision);
        }
    }
}
