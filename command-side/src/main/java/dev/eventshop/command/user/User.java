package dev.eventshop.command.user;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.eventshop.command.account.Account;
import dev.eventshop.command.account.Accounts;
import dev.eventshop.command.dispatch.OwnedByUser;
import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserId;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import java.time.Clock;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.NullUnmarked;

/**
 * A registered person. Its life: registered, and erased, which is final: the number stays, the personal data goes.
 *
 * <p>No two users share an email address, whatever its upper and lower case: {@link RegisteredUsers} decides in the
 * transaction of the registration. Nor do two users share an account, as {@link Accounts} decides.
 */
@AggregateRoot(type = "User")
@NullUnmarked
class User implements OwnedByUser {

    @AggregateIdentifier
    private UserId id;

    private boolean erased;

    private User() {}

    @Override
    public int owner() {
        return id.value();
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.ALWAYS)
    void handle(RegisterUser command, RegisteredUsers users, Accounts accounts, Clock clock) {
        Account account = command.account();
        if (account != null && !accounts.link(account, command.userId())) {
            throw new UserRejected(UserRejection.ALREADY_REGISTERED, "You are registered already.");
        }
        if (!users.add(command.userId(), command.email(), command.language())) {
            throw new UserRejected(UserRejection.EMAIL_TAKEN, "Somebody is registered with this email address.");
        }
        int number = command.userId().value();
        Instant now = clock.instant();
        apply(
                new UserRegisteredEvent(number, command.email().value(), command.fullName(), now),
                MetaData.with(EventMetadata.LOCALE, command.language()));
        if (account != null) {
            apply(new UserAccountLinkedEvent(number, accounts.pseudonymOf(account), now));
        }
    }

    @CommandHandler
    void handle(ErasePersonalData command, RegisteredUsers users, Clock clock) {
        if (erased) {
            return;
        }
        Instant now = clock.instant();
        users.erase(id, now);
        apply(new UserPersonalDataErasedEvent(id.value(), now));
    }

    @EventSourcingHandler
    void on(UserRegisteredEvent event) {
        id = new UserId(event.userId());
    }

    @EventSourcingHandler
    void on(UserPersonalDataErasedEvent event) {
        erased = true;
    }
}
