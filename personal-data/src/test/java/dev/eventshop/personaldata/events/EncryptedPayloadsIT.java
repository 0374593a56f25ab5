package dev.eventshop.personaldata.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.eventstore.NewPayload;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.personaldata.key.CorruptDataException;
import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.personaldata.key.PersonKeys;
import dev.eventshop.testing.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EncryptedPayloadsIT {

    private static final String REGISTERED = "{\"userId\":1,\"email\":\"ada@example.com\",\"amount\":1.50,\"x\":null}";

    private static TestDatabase database;
    private static PersonKeys keys;
    private static EncryptedPayloads payloads;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        Flyway.configure()
                .dataSource(database.as("eventshop_migrator"))
                .initSql("SET ROLE eventshop_owner")
                .schemas("command_side")
                .locations("classpath:db/personal-data-service")
                .placeholders(Map.of(
                        "person-keys-schema", "event_store_keys",
                        "personal-data-service-role", "command_side",
                        "person-keys-reader", ""))
                .load()
                .migrate();
        DataSource dataSource = database.as("command_side");
        keys = new PersonKeys(dataSource, "event_store_keys", MasterKeys.parse(MasterKeys.newLine("one")));
        payloads = new EncryptedPayloads(
                type -> type.equals("Registered") ? Set.of("email", "x", "absent") : Set.of(), keys);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void whatIsStoredHasNoTraceOfThePersonAndIsReadAsItWas() {
        List<NewPayload> stored =
                payloads.conceal(List.of(new NewPayload("user-1", "Registered", REGISTERED), other("user-1")));

        assertThat(stored.get(0).json())
                .doesNotContain("ada")
                .contains("\"amount\":1.50", "\"x\":null", "\"userId\":1");
        assertThat(stored.get(1).json()).isEqualTo(other("user-1").json());
        assertThat(payloads.reveal(List.of(row(stored.get(0)), row(stored.get(1)))))
                .extracting(StoredEvent::payload)
                .containsExactly(REGISTERED, other("user-1").json());
    }

    @Test
    void whoWasErasedIsReadAsNullAndTheOthersAreAsTheyWere() {
        List<NewPayload> stored = payloads.conceal(List.of(
                new NewPayload("user-11", "Registered", REGISTERED),
                new NewPayload("user-12", "Registered", REGISTERED)));

        keys.destroy("user-11");

        assertThat(payloads.reveal(stored.stream().map(EncryptedPayloadsIT::row).toList()))
                .extracting(StoredEvent::payload)
                .containsExactly(REGISTERED.replace("\"ada@example.com\"", "null"), REGISTERED);
    }

    @Test
    void ofSomebodyWhoWasErasedNothingIsStored() {
        keys.destroy("user-21");

        assertThat(payloads.conceal(List.of(new NewPayload("user-21", "Registered", REGISTERED))))
                .extracting(NewPayload::json)
                .containsExactly(REGISTERED.replace("\"ada@example.com\"", "null"));
    }

    @Test
    void textThatWasStoredInTheClearStaysReadable() {
        assertThat(payloads.reveal(List.of(row(new NewPayload("user-31", "Registered", REGISTERED)))))
                .extracting(StoredEvent::payload)
                .containsExactly(REGISTERED);
    }

    @Test
    void aPayloadThatWasGivenToSomebodyElseIsNotRead() {
        NewPayload stored = payloads.conceal(List.of(
                        new NewPayload("user-41", "Registered", REGISTERED),
                        new NewPayload("user-42", "Registered", REGISTERED)))
                .get(0);

        assertThatThrownBy(() -> payloads.reveal(List.of(row(new NewPayload("user-42", "Registered", stored.json())))))
                .isInstanceOf(CorruptDataException.class);
    }

    @Test
    void peopleSeeThatSomethingIsThereAndWhatItSaysOnlyWhenTheyAskForIt() {
        List<StoredEvent> stored = payloads
                .conceal(List.of(
                        new NewPayload("user-51", "Registered", REGISTERED),
                        new NewPayload("user-52", "Registered", REGISTERED),
                        other("user-51")))
                .stream()
                .map(EncryptedPayloadsIT::row)
                .toList();
        keys.destroy("user-52");
        String erased = REGISTERED.replace("ada@example.com", "[erased]").replace("null", "\"[erased]\"");

        assertThat(payloads.show(stored, false))
                .extracting(StoredEvent::payload)
                .containsExactly(
                        REGISTERED.replace("ada@example.com", "[masked]"),
                        erased,
                        other("user-51").json());
        assertThat(payloads.show(stored, true))
                .extracting(StoredEvent::payload)
                .containsExactly(REGISTERED, erased, other("user-51").json());
    }

    @Test
    void peopleDoNotSeeWhatStandsInTheClearUnlessTheyAskForItEither() {
        List<StoredEvent> stored = List.of(row(new NewPayload("user-61", "Registered", REGISTERED)));
        keys.obtain("user-61");

        assertThat(payloads.show(stored, false))
                .extracting(StoredEvent::payload)
                .containsExactly(REGISTERED.replace("ada@example.com", "[masked]"));
        assertThat(payloads.show(stored, true)).extracting(StoredEvent::payload).containsExactly(REGISTERED);
    }

    @Test
    void whatIsOfSomebodyElseIsShownAsUnreadable() {
        NewPayload stored = payloads.conceal(List.of(
                        new NewPayload("user-71", "Registered", REGISTERED),
                        new NewPayload("user-72", "Registered", REGISTERED)))
                .get(0);

        assertThat(payloads.show(List.of(row(new NewPayload("user-72", "Registered", stored.json()))), true))
                .extracting(StoredEvent::payload)
                .containsExactly(REGISTERED.replace("ada@example.com", "[unreadable]"));
    }

    private static NewPayload other(String aggregateId) {
        return new NewPayload(aggregateId, "Other", "{\"email\":\"of no concern\",\"amount\":1.50}");
    }

    private static StoredEvent row(NewPayload payload) {
        return new StoredEvent(
                Position.START,
                new UUID(0, 1),
                "User",
                payload.aggregateId(),
                0,
                payload.type(),
                "1.0",
                Instant.EPOCH,
                payload.json(),
                "{}");
    }
}
