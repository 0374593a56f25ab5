package dev.eventshop.command.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonframework.test.matchers.Matchers.exactSequenceOf;
import static org.axonframework.test.matchers.Matchers.predicate;

import dev.eventshop.command.account.Account;
import dev.eventshop.command.account.Accounts;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserId;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class UserTest {

    private static final UserId ID = new UserId(3);
    private static final Instant NOW = Instant.parse("2026-03-01T09:30:15.123456Z");
    private static final EmailAddress EMAIL = new EmailAddress("Ada@Example.com");

    private static final Account TAKEN = new Account("https://id", "taken");

    private AggregateTestFixture<User> fixture;

    @BeforeEach
    void start() {
        fixture = new AggregateTestFixture<>(User.class);
        fixture.registerInjectableResource(Clock.fixed(NOW, ZoneOffset.UTC));
        fixture.registerInjectableResource(accounts);
    }

    /** Of one account that is taken. */
    private final Accounts accounts = new Accounts() {
        @Override
        public Optional<Holder> holderOf(Account account) {
            return Optional.empty();
        }

        @Override
        public String pseudonymOf(Account account) {
            return "pseudonym of " + account.subject();
        }

        @Override
        public boolean link(Account account, UserId userId) {
            return !account.equals(TAKEN);
        }
    };

    @Nested
    class Register {

        @Test
        void makesThePersonACustomer() {
            fixture.registerInjectableResource(answering(true));

            fixture.givenNoPriorActivity()
                    .when(new RegisterUser(ID, EMAIL, "Ada Lovelace", "vi", null))
                    .expectEvents(new UserRegisteredEvent(3, "Ada@Example.com", "Ada Lovelace", NOW));
        }

        @Test
        void carriesTheLanguage() {
            fixture.registerInjectableResource(answering(true));

            fixture.givenNoPriorActivity()
                    .when(new RegisterUser(ID, EMAIL, "Ada Lovelace", "vi", null))
                    .expectEventsMatching(exactSequenceOf(predicate(
                            (EventMessage<?> event) -> event.getMetaData().equals(Map.of("locale", "vi")))));
        }

        @Test
        void linksTheAccount() {
            fixture.registerInjectableResource(answering(true));

            fixture.givenNoPriorActivity()
                    .when(new RegisterUser(ID, EMAIL, "Ada Lovelace", "vi", new Account("https://id", "ada")))
                    .expectEvents(
                            new UserRegisteredEvent(3, "Ada@Example.com", "Ada Lovelace", NOW),
                            new UserAccountLinkedEvent(3, "pseudonym of ada", NOW));
        }

        @Test
        void isRejectedWhenTheAccountIsAUsersAlready() {
            fixture.registerInjectableResource(answering(true));

            fixture.givenNoPriorActivity()
                    .when(new RegisterUser(ID, EMAIL, "Ada Lovelace", "vi", TAKEN))
                    .expectNoEvents()
                    .expectException(predicate((Throwable thrown) -> thrown instanceof UserRejected refused
                            && refused.rejection() == UserRejection.ALREADY_REGISTERED));
        }

        @Test
        void isRejectedWhenTheAddressIsTaken() {
            fixture.registerInjectableResource(answering(false));

            fixture.givenNoPriorActivity()
                    .when(new RegisterUser(ID, EMAIL, "Ada Lovelace", "vi", null))
                    .expectNoEvents()
                    .expectException(predicate((Throwable thrown) -> thrown instanceof UserRejected refused
                            && refused.rejection() == UserRejection.EMAIL_TAKEN));
        }
    }

    @Nested
    class Erase {

        private final UserRegisteredEvent registered =
                new UserRegisteredEvent(3, "ada@example.com", "Ada Lovelace", NOW.minusSeconds(60));

        @Test
        void destroysWhatIsKnownOfThePerson() {
            Answering users = answering(true);
            fixture.registerInjectableResource(users);

            fixture.given(registered)
                    .when(new ErasePersonalData(ID))
                    .expectEvents(new UserPersonalDataErasedEvent(3, NOW));
            assertThat(users.erased).containsExactly(ID);
        }

        @Test
        void succeedsWithoutEventsWhenItWasDoneBefore() {
            Answering users = answering(true);
            fixture.registerInjectableResource(users);

            fixture.given(registered, new UserPersonalDataErasedEvent(3, NOW))
                    .when(new ErasePersonalData(ID))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
            assertThat(users.erased).isEmpty();
        }

        /** As the event store gives them. */
        @Test
        void isKnownFromEventsThatTellNothingPersonalAnyMore() {
            fixture.registerInjectableResource(answering(true));

            fixture.given(new UserRegisteredEvent(3, null, null, NOW), new UserPersonalDataErasedEvent(3, NOW))
                    .when(new ErasePersonalData(ID))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }
    }

    private static Answering answering(boolean free) {
        return new Answering(free);
    }

    private static final class Answering implements RegisteredUsers {

        private final boolean free;
        private final List<UserId> erased = new ArrayList<>();

        private Answering(boolean free) {
            this.free = free;
        }

        @Override
        public boolean add(UserId userId, EmailAddress email, String language) {
            return free;
        }

        @Override
        public void erase(UserId userId, Instant at) {
            erased.add(userId);
        }
    }

    @Test
    void isTheSameAfterASnapshot() {
        fixture.registerInjectableResource(answering(true));

        fixture.givenNoPriorActivity()
                .when(new RegisterUser(ID, EMAIL, "Ada Lovelace", "vi", null))
                .expectState(user ->
                        assertThat(restored(user)).usingRecursiveComparison().isEqualTo(user));
    }

    private static User restored(User user) {
        ClosedMapSerializer serializer =
                ClosedMapSerializer.of(Map.of(User.class, new SerializedTypeName("User", "2")));
        return serializer.deserialize(serializer.serialize(user, String.class));
    }
}
