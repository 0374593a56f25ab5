package dev.eventshop.command.user;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.events.user.UserId;
import dev.eventshop.events.user.UserRegisteredEvent;
import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.NullUnmarked;

/**
 * A registered person. Its life: registered.
 *
 * <p>No two users share an email address, whatever its upper and lower case: {@link RegisteredUsers} decides in the
 * transaction of the registration.
 */
@AggregateRoot(type = "User")
@NullUnmarked
class User {

    @AggregateIdentifier
    private UserId id;

    private User() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.ALWAYS)
    void handle(RegisterUser command, RegisteredUsers users, Clock clock) {
        if (!users.add(command.userId(), command.email(), command.language())) {
            throw new UserRejected(UserRejection.EMAIL_TAKEN, "Somebody is registered with this email address.");
        }
        apply(
                new UserRegisteredEvent(
                        command.userId().value(), command.email().value(), command.fullName(), clock.instant()),
                MetaData.with(EventMetadata.LOCALE, command.language()));
    }

    @EventSourcingHandler
    void on(UserRegisteredEvent event) {
        id = new UserId(event.userId());
    }
}
