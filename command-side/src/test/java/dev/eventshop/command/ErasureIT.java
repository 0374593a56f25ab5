package dev.eventshop.command;

import static dev.eventshop.command.RunningCommandSide.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.events.user.UserRegisteredEvent;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.personaldata.key.MissingMasterKeyException;
import dev.eventshop.testing.PersonalDataSearch;
import dev.eventshop.testing.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Personal data is nowhere in the clear, and whoever was erased can't be read any more. */
class ErasureIT {

    private static final String[] OPERATOR = as("operator", "operator");

    @TempDir
    Path folder;

    private TestDatabase database;
    private RunningCommandSide shop;
    private int product;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        shop = running();
        product = shop.product(1_000);
    }

    @AfterEach
    void stop() {
        shop.close();
        database.close();
    }

    private RunningCommandSide running() {
        return RunningCommandSide.start(database, "eventshop.personal-data.erasure-list=" + folder.resolve("erasures"));
    }

    private static String registration(String marker) {
        return "{\"email\":\"" + marker + "@example.com\",\"fullName\":\"Name " + marker + "\"}";
    }

    private int registered(String subject, String marker) {
        return shop.post("/api/users", registration(marker), as(subject, "customer"))
                .expect(201)
                .json()
                .get("userId")
                .intValue();
    }

    private Answer erase(int user, String... caller) {
        return shop.send("DELETE", "/api/users/" + user + "/personal-data", BodyPublishers.noBody(), caller);
    }

    private Answer order(String more, String... caller) {
        return shop.post(
                "/api/orders", "{" + more + "\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}", caller);
    }

    private UserRegisteredEvent registration(int user) {
        return (UserRegisteredEvent) shop.bean(StoredEventMessages.class)
                .messages(shop.bean(EventLog.class).readStream("user-" + user, 0))
                .findFirst()
                .orElseThrow()
                .getPayload();
    }

    private List<String> types(int user) {
        return shop.bean(EventLog.class).readStream("user-" + user, 0).stream()
                .map(event -> event.type())
                .toList();
    }

    @Test
    void personalDataStandsNowhereInTheClear() {
        List<String> markers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String marker = "Mark3r" + i + "x";
            registered("Subj3ct" + i + "x", marker);
            markers.add(marker);
            markers.add("Subj3ct" + i + "x");
        }
        shop.post("/api/products", "{\"name\":\"Visible\",\"price\":1,\"initialStock\":1}")
                .expect(201);

        PersonalDataSearch search = new PersonalDataSearch(database);

        assertThat(search.find(markers)).isEmpty();
        assertThat(search.find(List.of("Visible"))).contains("event_store.domain_event: Visible");
    }

    @Test
    void whoErasesThemselvesIsUnreadableAndTheOthersAreNot() {
        int ada = registered("ada", "ada");
        int bob = registered("bob", "bob");
        assertThat(registration(ada).email()).isEqualTo("ada@example.com");

        Answer answer = erase(ada, as("ada", "customer"));

        assertThat(answer.expect(204).version()).isEqualTo(2);
        assertThat(answer.position()).isNotEmpty();
        assertThat(types(ada))
                .containsExactly("UserRegisteredEvent", "UserAccountLinkedEvent", "UserPersonalDataErasedEvent");
        assertThat(registration(ada).email()).isNull();
        assertThat(registration(ada).fullName()).isNull();
        assertThat(registration(bob).email()).isEqualTo("bob@example.com");
    }

    @Test
    void afterwardsNeitherTheyNorOthersForThemDoAnything() {
        int ada = registered("ada", "ada");
        String[] self = as("ada", "customer");
        int order = order("", self).expect(201).json().get("orderId").intValue();
        erase(ada, OPERATOR).expect(204);

        assertThat(order("", self).expect(409).code()).isEqualTo("USER_ERASED");
        assertThat(order("\"userId\":" + ada + ",", as("clerk", "staff"))
                        .expect(409)
                        .code())
                .isEqualTo("USER_ERASED");
        assertThat(shop.post("/api/orders/" + order + "/cancellation", "{\"reason\":\"x\"}", self)
                        .expect(409)
                        .code())
                .isEqualTo("USER_ERASED");
        assertThat(erase(ada, self).expect(409).code()).isEqualTo("USER_ERASED");
        assertThat(erase(ada, OPERATOR).expect(204).version()).isEqualTo(2);
        assertThat(types(ada)).hasSize(3);
    }

    @Test
    void isForOneselfAndForOperatorsOnly() {
        int ada = registered("ada", "ada");
        registered("bob", "bob");

        assertThat(erase(ada, as("bob", "customer")).expect(404).code()).isEqualTo("USER_NOT_FOUND");
        assertThat(erase(ada, as("nobody", "customer")).expect(404).code()).isEqualTo("USER_NOT_FOUND");
        erase(ada, as("clerk", "staff")).expect(403);
        assertThat(erase(4711, OPERATOR).expect(404).code()).isEqualTo("USER_NOT_FOUND");
        assertThat(erase(
                                ada,
                                Stream.concat(Stream.of(OPERATOR), Stream.of("If-Match", "\"7\""))
                                        .toArray(String[]::new))
                        .expect(412)
                        .code())
                .isEqualTo("VERSION_MISMATCH");
        assertThat(types(ada)).hasSize(2);
    }

    @Test
    void theAddressAndThePersonMayComeAgain() {
        int ada = registered("ada", "ada");
        erase(ada, OPERATOR).expect(204);

        int again = registered("ada", "ada");

        assertThat(again).isNotEqualTo(ada);
        order("", as("ada", "customer")).expect(201);
        assertThat(order("\"userId\":" + ada + ",", as("ada", "customer"))
                        .expect(404)
                        .code())
                .isEqualTo("USER_NOT_FOUND");
        assertThat(shop.post("/api/users", registration("ada"), as("other", "customer"))
                        .expect(409)
                        .code())
                .isEqualTo("EMAIL_TAKEN");
    }

    @Test
    void isEnteredIntoTheListThatIsKeptOutsideOfBackups() throws Exception {
        int ada = registered("ada", "ada");

        erase(ada, OPERATOR).expect(204);

        assertThat(Files.readString(folder.resolve("erasures"))).contains(" user-" + ada + "\n");
    }

    @Test
    void doesNotHappenWhenTheListCantBeWritten() throws Exception {
        int ada = registered("ada", "ada");
        Files.createDirectory(folder.resolve("erasures"));
        try {
            assertThat(erase(ada, OPERATOR).status()).isGreaterThanOrEqualTo(500);
        } finally {
            Files.delete(folder.resolve("erasures"));
        }

        assertThat(types(ada)).hasSize(2);
        assertThat(registration(ada).email()).isEqualTo("ada@example.com");
        erase(ada, OPERATOR).expect(204);
    }

    /** A backup from before the erasure was restored; the list tells of it. */
    @Test
    void isDoneAgainBeforeTheServiceAnswers() throws Exception {
        int ada = registered("ada", "ada");
        int bob = registered("bob", "bob");
        shop.close();
        Files.writeString(folder.resolve("erasures"), Instant.now().plusSeconds(1) + " user-" + ada + "\n");

        shop = running();

        assertThat(types(ada)).endsWith("UserPersonalDataErasedEvent");
        assertThat(registration(ada).email()).isNull();
        assertThat(registration(bob).email()).isEqualTo("bob@example.com");
        assertThat(order("", as("ada", "customer")).expect(409).code()).isEqualTo("USER_ERASED");
    }

    @Test
    void aServiceWithoutTheMasterKeyDoesNotStart() {
        registered("ada", "ada");

        assertThatThrownBy(() -> RunningCommandSide.start(
                        database,
                        "eventshop.personal-data.master-keys=other AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
                .hasRootCauseInstanceOf(MissingMasterKeyException.class);
        assertThatThrownBy(() -> RunningCommandSide.start(database, "eventshop.personal-data.master-keys="))
                .hasRootCauseInstanceOf(MissingMasterKeyException.class);
    }
}
