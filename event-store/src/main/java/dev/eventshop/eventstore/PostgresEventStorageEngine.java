package dev.eventshop.eventstore;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Appends to and reads from {@code event_store.domain_event}, in Spring's transaction when there is one.
 *
 * <p>An append is one statement, however many events it has. Two that collide on (aggregate, sequence number) end with
 * {@link ConcurrencyException} for the later one, or with {@link AggregateStreamCreationException} when both create the
 * aggregate; so does a deadlock of two appends. After an exception the transaction can only be rolled back. What was
 * appended goes into the root unit of work as an {@link AppendReceipt}, and the {@link TailMonitor} is told after the
 * commit.
 */
public final class PostgresEventStorageEngine implements EventStorageEngine {

    private static final int PARAMETERS_PER_EVENT = 9;

    /** The protocol counts a statement's parameters with 16 bits. */
    private static final int LARGEST_INSERT = 65_535 / PARAMETERS_PER_EVENT;

    private static final String INSERT = "insert into event_store.domain_event (event_id, aggregate_type, aggregate_id,"
            + " sequence_number, event_type, event_revision, time, payload, metadata) values ";
    private static final String VALUES = "(?, ?, ?, ?, ?, ?, ?, cast(? as json), cast(? as json))";
    private static final String RETURNING = " returning epoch, transaction_id, global_index";

    private static final String INSERT_ONE = INSERT + VALUES + RETURNING;

    private static final Pattern DUPLICATE = Pattern.compile("=\\(.*, (\\d+)\\)");

    private final EventLog events;
    private final StoredEventMessages messages;
    private final TailMonitor monitor;
    private final int pageSize;
    private final @Nullable JdbcTemplate writer;
    private final Serializer serializer;
    private final PayloadProtection protection;
    private final @Nullable Snapshots snapshots;

    /**
     * @param writer    where events are appended; null for an engine that only reads
     * @param snapshots null for an engine without
     */
    PostgresEventStorageEngine(
            EventLog events,
            StoredEventMessages messages,
            TailMonitor monitor,
            int pageSize,
            Serializer serializer,
            PayloadProtection protection,
            @Nullable DataSource writer,
            @Nullable Snapshots snapshots) {
        this.events = events;
        this.messages = messages;
        this.monitor = monitor;
        this.pageSize = pageSize;
        this.serializer = serializer;
        this.protection = protection;
        this.writer = writer == null ? null : new JdbcTemplate(writer);
        this.snapshots = snapshots;
    }

    /**
     * @param dataSource of a role that may append
     * @param serializer of events
     * @return an engine for tools and tests: without upcasters, snapshots, and anybody to wake
     */
    public static PostgresEventStorageEngine on(DataSource dataSource, Serializer serializer) {
        return on(dataSource, serializer, PayloadProtection.NONE);
    }

    /** As {@link #on(DataSource, Serializer)}, with protected payloads. */
    public static PostgresEventStorageEngine on(
            DataSource dataSource, Serializer serializer, PayloadProtection protection) {
        EventLog events = new EventLog(dataSource);
        return new PostgresEventStorageEngine(
                events,
                new StoredEventMessages(serializer, () -> NoOpEventUpcaster.INSTANCE, protection),
                new TailMonitor(events, Duration.ofSeconds(1)),
                1_000,
                serializer,
                protection,
                dataSource,
                null);
    }

    @Override
    public void appendEvents(List<? extends EventMessage<?>> appended) {
        if (appended.isEmpty()) {
            return;
        }
        if (writer == null) {
            throw new UnsupportedOperationException("this event store is only read from");
        }
        List<DomainEventMessage<?>> domainEvents = new ArrayList<>(appended.size());
        for (EventMessage<?> event : appended) {
            domainEvents.add(domainEvent(event));
        }
        Position last = Position.START;
        for (int from = 0; from < domainEvents.size(); from += LARGEST_INSERT) {
            last = insert(
                    writer, domainEvents.subList(from, Math.min(from + LARGEST_INSERT, domainEvents.size())), last);
        }
        Map<String, Long> versions = new HashMap<>();
        domainEvents.forEach(
                event -> versions.merge(event.getAggregateIdentifier(), event.getSequenceNumber(), Math::max));
        new AppendReceipt(last, versions).handOver();
        tellAfterCommit(last);
    }

    private static DomainEventMessage<?> domainEvent(EventMessage<?> event) {
        if (event instanceof DomainEventMessage<?> domainEvent && domainEvent.getType() != null) {
            return domainEvent;
        }
        throw new IllegalArgumentException("only events of aggregates are stored, not "
                + event.getPayloadType().getName());
    }

    private Position insert(JdbcTemplate jdbc, List<DomainEventMessage<?>> rows, Position before) {
        Object[] parameters = new Object[rows.size() * PARAMETERS_PER_EVENT];
        int next = 0;
        List<SerializedEvent> serializedRows = serialized(rows);
        for (int i = 0; i < rows.size(); i++) {
            DomainEventMessage<?> row = rows.get(i);
            SerializedEvent serialized = serializedRows.get(i);
            parameters[next++] = UUID.fromString(row.getIdentifier());
            parameters[next++] = row.getType();
            parameters[next++] = row.getAggregateIdentifier();
            parameters[next++] = row.getSequenceNumber();
            parameters[next++] = serialized.type();
            parameters[next++] = serialized.revision();
            parameters[next++] = serialized.time();
            parameters[next++] = serialized.payload();
            parameters[next++] = serialized.metadata();
        }
        String sql =
                rows.size() == 1 ? INSERT_ONE : INSERT + VALUES + (", " + VALUES).repeat(rows.size() - 1) + RETURNING;
        try {
            return last(jdbc.query(sql, PostgresEventStorageEngine::returned, parameters), before);
        } catch (DataAccessException e) {
            throw failure(e, rows);
        }
    }

    private List<SerializedEvent> serialized(List<DomainEventMessage<?>> rows) {
        List<SerializedEvent> clear = new ArrayList<>(rows.size());
        List<NewPayload> payloads = new ArrayList<>(rows.size());
        for (DomainEventMessage<?> row : rows) {
            SerializedEvent event = SerializedEvent.of(row, serializer);
            clear.add(event);
            payloads.add(new NewPayload(row.getAggregateIdentifier(), event.type(), event.payload()));
        }
        List<NewPayload> concealed = protection.conceal(payloads);
        if (concealed == payloads) {
            return clear;
        }
        return IntStream.range(0, clear.size())
                .mapToObj(i -> clear.get(i).withPayload(concealed.get(i).json()))
                .toList();
    }

    private static Position returned(ResultSet row, int number) throws SQLException {
        return EventLog.position(row, 1);
    }

    private static Position last(List<Position> positions, Position before) {
        return positions.stream().reduce(before, (a, b) -> b.isAfter(a) ? b : a);
    }

    private static RuntimeException failure(DataAccessException e, List<DomainEventMessage<?>> rows) {
        String first =
                rows.get(0).getAggregateIdentifier() + " at " + rows.get(0).getSequenceNumber();
        if (e.getMostSpecificCause() instanceof PSQLException cause) {
            String state = cause.getSQLState();
            if (PSQLState.UNIQUE_VIOLATION.getState().equals(state)) {
                return collidingSequenceNumber(cause).orElse(rows.get(0).getSequenceNumber()) == 0
                        ? new AggregateStreamCreationException("there is an aggregate already: " + first, e)
                        : new ConcurrencyException("somebody else has changed the aggregate: " + first, e);
            }
            if (PSQLState.DEADLOCK_DETECTED.getState().equals(state)
                    || PSQLState.SERIALIZATION_FAILURE.getState().equals(state)) {
                return new ConcurrencyException("lost against a concurrent transaction: " + first, e);
            }
        }
        return new EventStoreException("could not append events, beginning with " + first, e);
    }

    /** The server names the key, whatever language it speaks. */
    private static Optional<Long> collidingSequenceNumber(PSQLException e) {
        ServerErrorMessage error = e.getServerErrorMessage();
        if (error == null || error.getDetail() == null) {
            return Optional.empty();
        }
        Matcher key = DUPLICATE.matcher(error.getDetail());
        return key.find() ? Optional.of(Long.parseLong(key.group(1))) : Optional.empty();
    }

    private void tellAfterCommit(Position last) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    monitor.appended(last);
                }
            });
        } else if (CurrentUnitOfWork.isStarted()) {
            CurrentUnitOfWork.get().root().afterCommit(unitOfWork -> monitor.appended(last));
        } else {
            monitor.appended(last);
        }
    }

    @Override
    public void storeSnapshot(DomainEventMessage<?> snapshot) {
        if (snapshots == null) {
            throw new UnsupportedOperationException("this event store keeps no snapshots");
        }
        snapshots.store(snapshot);
    }

    /** The end of the stream is where the tail ends at the moment; it never blocks. */
    @Override
    public Stream<? extends TrackedEventMessage<?>> readEvents(
            @Nullable TrackingToken trackingToken, boolean mayBlock) {
        return pages(position(trackingToken)).flatMap(messages::messages);
    }

    private Stream<List<StoredEvent>> pages(Position from) {
        return Stream.iterate(
                events.readTail(from, pageSize),
                page -> !page.isEmpty(),
                page -> page.size() < pageSize
                        ? List.of()
                        : events.readTail(page.get(page.size() - 1).position(), pageSize));
    }

    static Position position(@Nullable TrackingToken token) {
        TrackingToken plain = WrappedToken.unwrapLowerBound(token);
        if (plain == null) {
            return Position.START;
        }
        if (plain instanceof Position position) {
            return position;
        }
        throw new IllegalArgumentException("not a position in this event store: " + token);
    }

    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        return messages.stream(
                stored(aggregateIdentifier, events.readStream(aggregateIdentifier, firstSequenceNumber, pageSize)));
    }

    /** Reads on when the first page was full, so that an ordinary aggregate takes one query. */
    private Stream<List<StoredEvent>> stored(String aggregateId, List<StoredEvent> firstPage) {
        if (firstPage.size() < pageSize) {
            return Stream.of(firstPage);
        }
        return Stream.iterate(
                firstPage,
                page -> !page.isEmpty(),
                page -> page.size() < pageSize
                        ? List.of()
                        : events.readStream(
                                aggregateId, page.get(page.size() - 1).sequenceNumber() + 1, pageSize));
    }

    /** @return the snapshot, when there is one that can be used, and the events behind it; with one query if possible */
    DomainEventStream readFromSnapshot(String aggregateId) {
        if (snapshots == null) {
            return readEvents(aggregateId, 0);
        }
        Optional<Snapshots.Loaded> loaded = snapshots.readWithEvents(aggregateId, pageSize);
        if (loaded.isEmpty()) {
            return readEvents(aggregateId, 0);
        }
        DomainEventStream behind =
                messages.stream(stored(aggregateId, loaded.get().events()));
        DomainEventMessage<?> snapshot = loaded.get().snapshot();
        return snapshot == null ? behind : DomainEventStream.concat(DomainEventStream.of(snapshot), behind);
    }

    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        return snapshots == null ? Optional.empty() : snapshots.read(aggregateIdentifier);
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String aggregateIdentifier) {
        return events.headOf(aggregateIdentifier).map(StreamHead::sequenceNumber);
    }

    /** @return never null: {@link Position#START} */
    @Override
    public TrackingToken createTailToken() {
        return Position.START;
    }

    /** @return never null: the last position below the horizon, or {@link Position#START} */
    @Override
    public TrackingToken createHeadToken() {
        return events.head();
    }

    /** @return never null, see {@link EventLog#before(Instant)} */
    @Override
    public TrackingToken createTokenAt(Instant dateTime) {
        return events.before(dateTime);
    }
}
