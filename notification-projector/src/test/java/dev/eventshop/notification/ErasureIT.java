package dev.eventshop.notification;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.deadletter.ParkedMessage;
import dev.eventshop.messaging.deadletter.ParkedMessages;
import dev.eventshop.personaldata.erasure.ErasureList;
import dev.eventshop.testing.PersonalDataSearch;
import dev.eventshop.testing.ScriptedSmtpServer;
import dev.eventshop.testing.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Several persons, a mail server that quotes them in all forms when it refuses an email, and a search for them. */
@ExtendWith(OutputCaptureExtension.class)
class ErasureIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** Emails to the first two are refused, to the next two deferred, to the last two taken; every second one stays. */
    private static final List<Person> PERSONS =
            IntStream.rangeClosed(1, 6).mapToObj(Person::new).toList();

    private static final List<Person> ERASED = List.of(PERSONS.get(0), PERSONS.get(2), PERSONS.get(4));
    private static final List<Person> OTHERS = List.of(PERSONS.get(1), PERSONS.get(3), PERSONS.get(5));

    private final ScriptedSmtpServer mailServer = new ScriptedSmtpServer();
    private RunningApplication application;

    private record Person(int id) {

        String localPart() {
            return "qx7ada" + id + "zk";
        }

        String email() {
            return localPart() + "@mail" + id + "kq.example";
        }

        String firstName() {
            return "Zyxa" + id + "Nim";
        }

        String lastName() {
            return "Wquvi" + id + "lace";
        }

        String fullName() {
            return firstName() + " " + lastName();
        }

        /** What can be recognised. */
        List<String> markers() {
            return List.of(email(), localPart(), fullName(), firstName(), lastName());
        }

        String quotes() {
            return Stream.of(
                            "<" + email() + ">",
                            "\"" + localPart() + "\"@mail" + id + "kq.example",
                            email().replace("@", "%40"),
                            email().replace("@", " at "),
                            base64(email().getBytes(UTF_8)),
                            base64(("x" + email()).getBytes(UTF_8)),
                            base64(email().getBytes(UTF_16LE)),
                            hex(email().getBytes(UTF_8)),
                            fullName(),
                            lastName() + "," + firstName(),
                            "=?UTF-8?B?" + base64(fullName().getBytes(UTF_8)) + "?=",
                            hex(fullName().getBytes(UTF_16BE)))
                    .reduce("", (all, one) -> all + " " + one);
        }

        String registered() {
            return """
                    {"userId":%d,"email":"%s","fullName":"%s","registeredAt":"2026-01-01T10:00:00Z"}""".formatted(id, email(), fullName());
        }
    }

    private static Person of(String email) {
        return PERSONS.stream()
                .filter(person -> person.email().equals(email))
                .findFirst()
                .orElseThrow();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static List<String> markers(List<Person> persons) {
        return persons.stream().flatMap(person -> person.markers().stream()).toList();
    }

    @BeforeEach
    void start() throws Exception {
        TestBroker broker = TestBroker.embedded();
        broker.purge();
        application = new RunningApplication(
                broker,
                Map.of(
                        "spring.mail.host", "127.0.0.1",
                        "spring.mail.port", String.valueOf(mailServer.port()),
                        "eventshop.notification.first-retry", "200ms",
                        "eventshop.notification.longest-retry", "1s",
                        "eventshop.notification.sweep-interval", "1s",
                        "eventshop.messaging.dead-letters.rest", "100ms",
                        "logging.level.dev.eventshop.notification", "debug"));
        mailServer.on("rcpt", recipient -> {
            Person person = of(recipient);
            String reply = List.of("550 5.1.1", "450 4.2.1", "250 2.1.5").get((person.id() - 1) / 2);
            return reply + person.quotes();
        });
    }

    @AfterEach
    void stop() throws Exception {
        application.close();
        mailServer.close();
    }

    @Test
    void leavesNothingOfThePersonsThatCouldBeRead(CapturedOutput output) throws Exception {
        for (Person person : PERSONS) {
            application.publish("user.registered", person.registered());
            application.publish("order.created", RunningApplication.created(person.id(), person.id()));
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(rows("status || ' ' || coalesce(split_part(error, '(', 2), '')"))
                        .containsExactly(
                                "1 FAILED 550 5.1.1).",
                                "1 FAILED 550 5.1.1).",
                                "2 FAILED 550 5.1.1).",
                                "2 FAILED 550 5.1.1).",
                                "3 PENDING 450 4.2.1).",
                                "3 PENDING 450 4.2.1).",
                                "4 PENDING 450 4.2.1).",
                                "4 PENDING 450 4.2.1).",
                                "5 SENT ",
                                "5 SENT ",
                                "6 SENT ",
                                "6 SENT "));
        isNowhere(output);
        for (Person person : PERSONS) {
            isShown(person);
        }
        List<String> others = whole(2, 6);

        for (Person person : ERASED) {
            application.publish("user.personal-data-erased", """
                    {"userId":%d,"erasedAt":"2026-01-01T10:00:00Z"}""".formatted(person.id()));
        }
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(rows("status || ' ' || num_nonnulls(recipient, full_name, error, error_said, subject)"))
                    .filteredOn(ErasureIT::isErased)
                    .containsExactly(
                            "1 FAILED 0", "1 FAILED 0", "3 SUPPRESSED 0", "3 SUPPRESSED 0", "5 SENT 0", "5 SENT 0");
        });

        // What comes later, and again, brings nothing back.
        for (Person person : ERASED) {
            application.publish("user.registered", person.registered());
            application.publish(
                    "order.status-changed", RunningApplication.changed(person.id(), "PENDING", "CONFIRMED"));
        }
        for (JsonNode item : items(PERSONS.get(0))) {
            application.post("/api/notifications/" + item.get("notificationId") + "/retry");
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(rows("status"))
                        .filteredOn(ErasureIT::isErased)
                        .containsExactly(
                                "1 SUPPRESSED",
                                "1 SUPPRESSED",
                                "1 SUPPRESSED",
                                "3 SUPPRESSED",
                                "3 SUPPRESSED",
                                "3 SUPPRESSED",
                                "5 SENT",
                                "5 SENT",
                                "5 SUPPRESSED"));
        for (Person person : ERASED) {
            assertThat(PersonalDataSearch.in(
                            application
                                    .get("/api/notifications?userId=" + person.id())
                                    .body(),
                            person.markers()))
                    .isEmpty();
        }
        isNowhere(output);
        assertThat(whole(2, 6)).isEqualTo(others);
        for (Person person : OTHERS) {
            isShown(person);
        }

        assertThat(output.getOut()).contains("was refused: The mail server refused the email (550 5.1.1).");
        for (Person person : PERSONS) {
            assertThat(PersonalDataSearch.in(person.quotes(), person.markers())).isEqualTo(person.markers());
        }
        isFoundInEachForm();
    }

    /** Registrations that can't be handled: of somebody who is named, of somebody who is not, and both misrouted. */
    @Test
    void leavesNothingOfThePersonsInDeadLetters(CapturedOutput output) throws Exception {
        List<Person> persons = PERSONS.subList(0, 2);
        for (Person person : persons) {
            String named = person.registered().replace("}", ",\"more\":" + "[".repeat(2000));
            String unnamed = "{\"email\":\"" + person.email() + "\",\"fullName\":\"" + person.fullName() + "\"";
            for (String queue : List.of("user.registered", "order.created")) {
                application.publish(queue, named);
                application.publish(queue, person.registered().replace("\"email\":", "\"email\":{},\"other\":"));
                application.publish(queue, unnamed + "}");
                application.publish(queue, unnamed);
                application.publish(queue, "\"" + person.quotes());
                application.publish(queue, person.fullName());
            }
            application.publish("order.status-changed", "{\"orderId\":0,\"oldStatus\":\"" + person.email() + "\"}");
        }
        await().atMost(LONG).untilAsserted(() -> assertThat(letters()).hasSize(26));
        isNowhere(output);
        assertThat(PersonalDataSearch.in(letters().toString(), markers(persons)))
                .containsExactlyInAnyOrderElementsOf(markers(persons));
        List<String> counts = stored("count(*)");

        erase(persons.get(0));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(stored("count(*) FILTER (WHERE message IS NOT NULL)"))
                        .isEqualTo(List.of("order.created 2", "order.status-changed 2", "user.registered 2")));
        assertThat(PersonalDataSearch.in(
                        lettersBut("order.status-changed"), persons.get(0).markers()))
                .isEmpty();
        assertThat(PersonalDataSearch.in(
                        lettersBut("order.status-changed"), persons.get(1).markers()))
                .contains(persons.get(1).email());
        assertThat(stored("count(*)")).isEqualTo(counts);

        // What comes later of the person can't be read either.
        application.publish("user.registered", persons.get(0).registered().replace("}", ",\"more\":["));
        await().atMost(LONG).untilAsserted(() -> assertThat(letters()).hasSize(27));
        assertThat(PersonalDataSearch.in(
                        lettersBut("order.status-changed"), persons.get(0).markers()))
                .isEmpty();
        long last = letters().get(0).get("id").longValue();
        JsonNode details = application.json("/api/admin/dead-letters/" + last);
        assertThat(details.get("headers").isNull()).isTrue();
        assertThat(details.get("stackTrace").isNull()).isTrue();
        assertThat(application
                        .post("/api/admin/dead-letters/" + last + "/retry")
                        .statusCode())
                .isEqualTo(409);
        isNowhere(output);
    }

    /** Letters that name nobody: the list of erasures is younger than what a backup has brought back. */
    @Test
    void leavesNothingInDeadLettersThatWereBroughtBack(@TempDir Path folder) throws Exception {
        Path list = folder.resolve("erasures");
        try (RunningApplication restored = new RunningApplication(
                TestBroker.embedded(), Map.of("eventshop.personal-data.erasure-list", list.toString()))) {
            ParkedMessages kept = restored.context.getBean(ParkedMessages.class);
            kept.keep(letter("user.registered", "m1", PERSONS.get(0).fullName()));
            kept.keep(letter("order.status-changed", "m2", "{\"orderId\":1}"));
            kept.keep(letter("user.registered", "m3", PERSONS.get(1).registered()));
            new ErasureList(list).add("user-9", Instant.now());
            kept.keep(letter("user.registered", "m4", PERSONS.get(1).fullName())); // younger than the erasure
            restored.context.stop();
            restored.context.start();
            assertThat(restored.sql
                            .sql("SELECT message_id FROM dead_letter WHERE num_nonnulls(error, body, message) = 3"
                                    + " ORDER BY message_id")
                            .query(String.class)
                            .list())
                    .containsExactly("m2", "m3", "m4");
        }
    }

    private static ParkedMessage letter(String queue, String id, String body) {
        return new ParkedMessage(
                queue, new AMQP.BasicProperties.Builder().messageId(id).build(), body.getBytes(UTF_8));
    }

    private void erase(Person person) throws Exception {
        application.publish("user.personal-data-erased", """
                {"userId":%d,"erasedAt":"2026-01-01T10:00:00Z"}""".formatted(person.id()));
    }

    private List<JsonNode> letters() throws Exception {
        return application
                .json("/api/admin/dead-letters?limit=200")
                .get("items")
                .valueStream()
                .toList();
    }

    private String lettersBut(String queue) throws Exception {
        return letters().stream()
                .filter(letter -> !letter.get("queue").asString().equals(queue))
                .toList()
                .toString();
    }

    private List<String> stored(String what) {
        return application
                .sql
                .sql("SELECT queue || ' ' || " + what + " FROM dead_letter GROUP BY queue ORDER BY queue")
                .query(String.class)
                .list();
    }

    private static boolean isErased(String row) {
        return ERASED.stream().anyMatch(person -> row.startsWith(person.id() + " "));
    }

    /** To staff, with what the mail server has said. */
    private void isShown(Person person) throws Exception {
        assertThat(items(person)).hasSize(2).allSatisfy(item -> {
            assertThat(item.get("recipient").asString()).isEqualTo(person.email());
            if (person.id() <= 4) {
                assertThat(item.get("error").asString()).contains(person.quotes());
            } else {
                assertThat(item.get("error").isNull()).isTrue();
            }
        });
    }

    private void isNowhere(CapturedOutput output) {
        assertThat(application.search().find(markers(PERSONS))).isEmpty();
        assertThat(PersonalDataSearch.in(output.getAll(), markers(PERSONS))).isEmpty();
    }

    /** The search finds what it is to find: a marker of its own in each form. */
    private void isFoundInEachForm() {
        List<UnaryOperator<String>> texts = List.of(
                marker -> "before " + marker + " after",
                marker -> marker.toUpperCase(Locale.ROOT),
                marker -> hex(marker.getBytes(UTF_8)),
                marker -> hex(marker.getBytes(UTF_16LE)),
                marker -> base64(marker.getBytes(UTF_8)),
                marker -> base64(("x" + marker).getBytes(UTF_8)),
                marker -> base64(("xy" + marker + "z").getBytes(UTF_8)),
                marker -> base64(marker.getBytes(UTF_16BE)),
                marker -> base64(("x" + marker).getBytes(UTF_16LE)));
        List<Function<String, byte[]>> bytes = List.of(
                marker -> ("before " + marker).getBytes(UTF_8),
                marker -> marker.getBytes(UTF_16BE),
                marker -> marker.getBytes(UTF_16LE));
        JdbcClient admin = application.admin();
        admin.sql("CREATE TABLE control (words text, bytes bytea)").update();
        List<String> markers = new ArrayList<>();
        for (UnaryOperator<String> form : texts) {
            markers.add("zqcontrol" + (char) ('a' + markers.size()) + "kx");
            admin.sql("INSERT INTO control (words) VALUES (?)")
                    .param(form.apply(markers.get(markers.size() - 1)))
                    .update();
        }
        for (Function<String, byte[]> form : bytes) {
            markers.add("zqcontrol" + (char) ('a' + markers.size()) + "kx");
            admin.sql("INSERT INTO control (bytes) VALUES (?)")
                    .param(form.apply(markers.get(markers.size() - 1)))
                    .update();
        }

        assertThat(application.search().find(markers))
                .containsExactlyElementsOf(markers.stream()
                        .map(marker -> "public.control: " + marker)
                        .toList());
    }

    /** With the user in front, in their order. */
    private List<String> rows(String columns) {
        return application
                .sql
                .sql("SELECT user_id || ' ' || " + columns + " FROM notification LEFT JOIN notification_content"
                        + " USING (notification_id) ORDER BY user_id, notification_id")
                .query(String.class)
                .list();
    }

    private List<String> whole(Integer... users) {
        return application
                .sql
                .sql("SELECT n::text || c::text FROM notification n JOIN notification_content c USING (notification_id)"
                        + " WHERE user_id IN (:users) ORDER BY notification_id")
                .param("users", List.of(users))
                .query(String.class)
                .list();
    }

    private List<JsonNode> items(Person person) throws Exception {
        return application
                .json("/api/notifications?userId=" + person.id())
                .get("items")
                .valueStream()
                .toList();
    }
}
