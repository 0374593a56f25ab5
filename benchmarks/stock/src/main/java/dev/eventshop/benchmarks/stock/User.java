package dev.eventshop.benchmarks.stock;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.eventshop.events.user.UserRegisteredEvent;
import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

@Aggregate
class User {

    @AggregateIdentifier
    private String id;

    User() {}

    @CommandHandler
    User(Commands.RegisterUser command, Clock clock) {
        apply(new UserRegisteredEvent(command.userId(), command.email(), command.fullName(), clock.instant()));
    }

    @EventSourcingHandler
    void on(UserRegisteredEvent event) {
        id = Commands.user(event.userId());
    }
}
