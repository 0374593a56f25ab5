package dev.eventshop.command.forwarding;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.eventstore.TailLag;
import dev.eventshop.eventstore.TokenStatus;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/** Tells how far forwarding has come. */
public final class ForwarderMonitor {

    private final Forwarder forwarder;
    private final PostgresTokenStore tokens;
    private final EventLog events;
    private final ConnectionFactory broker;
    private final Clock clock;

    ForwarderMonitor(
            Forwarder forwarder, PostgresTokenStore tokens, EventLog events, ConnectionFactory broker, Clock clock) {
        this.forwarder = forwarder;
        this.tokens = tokens;
        this.events = events;
        this.broker = broker;
        this.clock = clock;
    }

    /**
     * Asks database and broker.
     *
     * @throws org.springframework.dao.DataAccessException when the database can't be asked; a retry may help
     */
    public ForwarderStatus status() {
        TailLag lag = lag();
        ForwarderState state = forwarder.state();
        return new ForwarderStatus(
                lag.position().toString(),
                lag.events(),
                lag.seconds(),
                state.lastConfirmAt(),
                isBrokerUp(),
                state.error());
    }

    TailLag lag() {
        return TailLag.behind(position(), events, clock);
    }

    private Position position() {
        return tokens.status(Forwarder.NAME).stream()
                .map(TokenStatus::position)
                .findFirst()
                .orElse(Position.START);
    }

    /**
     * Counts all public events in the store, so the cost grows with the store.
     *
     * @throws org.springframework.dao.DataAccessException when the database can't be asked; a retry may help
     */
    public Reconciliation reconcile() {
        Position confirmed = position(); // before the head: what is stored meanwhile counts as not confirmed yet
        Position head = events.head();
        Map<String, Long> stored = events.countsByType(Position.START, head);
        Map<String, Long> open = events.countsByType(confirmed, head);
        List<Reconciliation.OfType> types = EventRegistry.published().stream()
                .map(EventType::name)
                .map(type -> new Reconciliation.OfType(
                        type,
                        stored.getOrDefault(type, 0L),
                        stored.getOrDefault(type, 0L) - open.getOrDefault(type, 0L)))
                .toList();
        Set<String> published = types.stream().map(Reconciliation.OfType::type).collect(Collectors.toUnmodifiableSet());
        return new Reconciliation(
                head, types, events.firstOf(published, confirmed, head).orElse(null));
    }

    private boolean isBrokerUp() {
        try {
            Connection connection = broker.createConnection(); // the shared one, when it is open
            return connection.isOpen();
        } catch (AmqpException e) {
            return false;
        }
    }
}
