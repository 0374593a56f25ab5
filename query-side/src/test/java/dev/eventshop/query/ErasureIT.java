package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.PersonalDataSearch;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import dev.eventshop.writing.EventWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Personal data is nowhere in the clear, and whoever was erased can't be read any more. */
class ErasureIT {

    @TempDir
    Path folder;

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide query;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
    }

    @AfterEach
    void stop() {
        query.close();
        events.close();
        database.close();
    }

    private void run() {
        query = RunningQuerySide.on(database, "eventshop.personal-data.erasure-list=" + folder.resolve("erasures"));
    }

    private Answer user(int id, String... headers) {
        return query.get("/api/users/" + id, headers);
    }

    private static String[] as(String subject, String... more) {
        return Stream.concat(
                        Stream.of(
                                "Authorization", "Bearer " + TestIssuer.shared().token(subject, "customer")),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void personalDataStandsNowhereInTheClearAndIsReadAsItWas() {
        run();
        List<String> markers =
                IntStream.range(1, 21).mapToObj(i -> "Mark3r" + i + "x").toList();
        String position = "";
        for (int i = 1; i <= 20; i++) {
            position = events.user(i, markers.get(i - 1) + "@example.com");
            position = events.account(i, TestIssuer.shared().url(), "Subj3ct" + i + "x");
        }
        events.product(1, "Visible", "1.00", 1);

        assertThat(user(20, "Min-Event-Position", position)
                        .expect(200)
                        .json()
                        .get("email")
                        .asString())
                .isEqualTo("Mark3r20x@example.com");
        PersonalDataSearch search = new PersonalDataSearch(database);
        assertThat(search.find(markers)).isEmpty();
        assertThat(search.find(List.of("Subj3ct", "Ada Lovelace"))).isEmpty();
        assertThat(search.find(List.of("Visible"))).contains("event_store.domain_event: Visible");
    }

    @Test
    void whoIsErasedIsShownWithoutAnythingPersonalToThemselvesAndToStaffAlsoAfterAReplay() {
        run();
        events.user(7, "ada@example.com");
        events.account(7, TestIssuer.shared().url(), "ada");
        events.user(8, "bob@example.com");
        String position = events.eraseUser(7);

        for (int round = 0; round < 2; round++) {
            Answer self = user(7, as("ada", "Min-Event-Position", position)).expect(200);
            assertThat(self.json().get("erased").booleanValue()).isTrue();
            assertThat(self.json().get("email").isNull()).isTrue();
            assertThat(self.json().get("fullName").isNull()).isTrue();
            assertThat(user(7).expect(200).json()).isEqualTo(self.json());
            assertThat(user(8).expect(200).json().get("email").asString()).isEqualTo("bob@example.com");
            user(8, as("ada")).expect(404);
            replay();
        }
    }

    private void replay() {
        String location = query.post("/api/admin/replays", "{\"projection\":\"user-profile\"}")
                .expect(202)
                .header("Location");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> query.get(location).json().get("state").asString().equals("COMPLETED"));
    }

    @Test
    void whoComesAgainIsTheirNewSelf() {
        run();
        events.user(7, "ada@example.com");
        events.account(7, TestIssuer.shared().url(), "ada");
        events.eraseUser(7);
        events.user(9, "ada@example.com");
        String position = events.account(9, TestIssuer.shared().url(), "ada");

        for (int round = 0; round < 3; round++) {
            user(9, as("ada", "Min-Event-Position", position)).expect(200);
            user(7, as("ada")).expect(404);
            replay();
        }
    }

    /** Before the event that says so is there: a backup was restored, or it is on its way. */
    @Test
    void whoseKeyIsGoneIsErased() throws Exception {
        run();
        events.user(7, "ada@example.com");
        String position = events.user(8, "bob@example.com");
        user(8, "Min-Event-Position", position).expect(200);
        query.close();
        Files.writeString(folder.resolve("erasures"), Instant.now().plusSeconds(1) + " user-7\n");

        run();

        assertThat(user(7).expect(200).json().get("erased").booleanValue()).isTrue();
        assertThat(user(7).json().get("email").isNull()).isTrue();
        assertThat(user(8).expect(200).json().get("email").asString()).isEqualTo("bob@example.com");
    }
}
