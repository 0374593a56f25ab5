package dev.eventshop.command.forwarding;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.eventstore.TailLag;
import dev.eventshop.eventstore.TokenStatus;
import java.time.Clock;
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
        Position position = tokens.status(Forwarder.NAME).stream()
                .map(TokenStatus::position)
                .findFirst()
                .orElse(Position.START);
        return TailLag.behind(position, events, clock);
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
