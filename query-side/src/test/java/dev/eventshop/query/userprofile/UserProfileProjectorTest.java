package dev.eventshop.query.userprofile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import dev.eventshop.query.projection.MissingRow;
import dev.eventshop.query.projection.SkippedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class UserProfileProjectorTest {

    private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
    private static final UserRegisteredEvent REGISTERED =
            new UserRegisteredEvent(7, "ada@example.com", "Ada Lovelace", T0);
    private static final UserAccountLinkedEvent LINKED = new UserAccountLinkedEvent(7, "adas account", T0);
    private static final UserPersonalDataErasedEvent ERASED = new UserPersonalDataErasedEvent(7, T0.plusSeconds(1));

    private final InMemory users = new InMemory();
    private final UserProfileProjector projector = new UserProfileProjector(users);

    @Nested
    class FirstEvent {

        @Test
        void makesTheRow() {
            projector.on(REGISTERED, 0);

            assertThat(users.rows.get(7))
                    .isEqualTo(new UserProfile(7, "ada@example.com", "Ada Lovelace", T0, false, 0));
        }
    }

    @Nested
    class AnAccount {

        @Test
        void becomesTheUsers() {
            projector.on(REGISTERED, 0);
            projector.on(LINKED, 1);

            assertThat(users.accounts).containsExactly(entry(7, new UserAccount(7, "adas account", T0)));
            assertThat(users.rows.get(7).version()).isEqualTo(1);
        }

        @Test
        void staysAfterTheErasureSoThatThePersonCanBeToldOfIt() {
            projector.on(REGISTERED, 0);
            projector.on(LINKED, 1);
            projector.on(new UserPersonalDataErasedEvent(7, T0), 2);

            assertThat(users.accounts).containsOnlyKeys(7);
        }

        @Test
        void ofNobodyIsAnError() {
            assertThatThrownBy(() -> projector.on(LINKED, 1)).isInstanceOf(MissingRow.class);
        }
    }

    @Nested
    class Erasure {

        @Test
        void leavesNothingPersonal() {
            projector.on(REGISTERED, 0);
            projector.on(ERASED, 1);

            assertThat(users.rows.get(7)).isEqualTo(new UserProfile(7, null, null, T0, true, 1));
            assertThat(users.forgotten).containsExactly(7);
        }

        /** As the event store gives the registration of somebody who was erased. */
        @Test
        void leavesNothingPersonalWhenTheRegistrationTellsNothingAnyMore() {
            projector.on(new UserRegisteredEvent(7, null, null, T0), 0);
            projector.on(ERASED, 1);

            assertThat(users.rows.get(7)).isEqualTo(new UserProfile(7, null, null, T0, true, 1));
        }
    }

    @Nested
    class Redelivery {

        @Test
        void ofTheRegistrationDoesNotBringAnErasedPersonBack() {
            projector.on(REGISTERED, 0);
            projector.on(ERASED, 1);
            projector.on(REGISTERED, 0);

            assertThat(users.rows.get(7)).isEqualTo(new UserProfile(7, null, null, T0, true, 1));
        }

        @Test
        void ofTheErasureIsNotWrittenAgain() {
            projector.on(REGISTERED, 0);
            projector.on(ERASED, 1);
            users.puts = 0;
            projector.on(ERASED, 1);

            assertThat(users.puts).isZero();
        }
    }

    @Nested
    class Rebuild {

        @Test
        void equalsTheOriginal() {
            projector.on(REGISTERED, 0);
            projector.on(ERASED, 1);
            InMemory again = new InMemory();
            UserProfileProjector second = new UserProfileProjector(again);
            second.on(REGISTERED, 0);
            second.on(ERASED, 1);

            assertThat(again.rows).isEqualTo(users.rows);
        }
    }

    @Nested
    class MissingEvents {

        @Test
        void areAnError() {
            assertThatThrownBy(() -> projector.on(ERASED, 1))
                    .isInstanceOf(MissingRow.class)
                    .hasMessage("user_profile has no row 7 for the event with sequence number 1");
            assertThat(users.rows).isEmpty();
        }

        @Test
        void inBetweenAreAnError() {
            projector.on(REGISTERED, 0);

            assertThatThrownBy(() -> projector.on(ERASED, 2)).isInstanceOf(SkippedEvent.class);
        }
    }

    private static final class InMemory implements UserProfiles {

        private final Map<Integer, UserProfile> rows = new TreeMap<>();
        private final Map<Integer, UserAccount> accounts = new TreeMap<>();
        private final List<Integer> forgotten = new ArrayList<>();
        private int puts;

        @Override
        public Optional<UserProfile> find(int userId) {
            return Optional.ofNullable(rows.get(userId));
        }

        @Override
        public void put(UserProfile user) {
            puts++;
            rows.put(user.userId(), user);
        }

        @Override
        public void link(UserAccount account) {
            accounts.put(account.userId(), account);
        }

        @Override
        public void forget(int userId) {
            forgotten.add(userId);
        }
    }
}
