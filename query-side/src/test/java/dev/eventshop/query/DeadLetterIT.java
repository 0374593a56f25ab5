package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Events that a projection can't apply: those of one order, whose row the database does not take. */
class DeadLetterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String LETTERS = "/api/admin/dead-letters";
    private static final String LATER = "eventshop.query.dead-letters.first-retry=1h";
    private static final int BAD = 2;

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

    private void run(String... properties) {
        query = RunningQuerySide.on(database, properties);
        events.user(1, "ada@example.com");
    }

    /** @param slots whose tables refuse the confirmed order */
    private void refuse(String... slots) {
        for (String slot : slots) {
            Tables.jdbc(database)
                    .execute("alter table query_side.order_summary_" + slot
                            + " add constraint refused check (order_id <> " + BAD
                            + " or status = 'PENDING') not valid");
        }
    }

    private void accept(String... slots) {
        for (String slot : slots) {
            Tables.jdbc(database).execute("alter table query_side.order_summary_" + slot + " drop constraint refused");
        }
    }

    /** Four orders, in transactions of their own; the second one's confirmation is the bad event, and three follow. */
    private void history() {
        for (int order = 1; order <= 4; order++) {
            events.order(order, 1, T0, item(1, 2, "1.00"));
        }
        for (int order = 1; order <= 4; order++) {
            events.confirm(order, T0.plusSeconds(order));
        }
        events.append("order-" + BAD, new OrderStatusChangedEvent(BAD, "CONFIRMED", "SHIPPED", T0.plusSeconds(20)));
        events.append(
                "order-" + BAD,
                new OrderStatusChangedEvent(BAD, "SHIPPED", "COMPLETED", T0.plusSeconds(30)),
                new OrderCompletedEvent(BAD, 1, new BigDecimal("2.00"), T0.plusSeconds(30)));
        awaitApplied();
    }

    private void awaitApplied() {
        query.get("/api/orders", "Min-Event-Position", events.last(), "Prefer", "wait=30")
                .expect(200);
    }

    private List<JsonNode> letters() {
        List<JsonNode> letters = new ArrayList<>();
        query.get(LETTERS).expect(200).json().get("items").forEach(letters::add);
        return letters;
    }

    private void awaitNone() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(letters()).isEmpty());
    }

    private String status(int order) {
        return query.get("/api/orders/" + order)
                .expect(200)
                .json()
                .get("status")
                .asString();
    }

    private void replay(String projection, String mode) {
        String location = query.post(
                        "/api/admin/replays", "{\"projection\":\"" + projection + "\",\"mode\":\"" + mode + "\"}")
                .expect(202)
                .header("Location");
        await().atMost(PATIENCE)
                .until(() -> query.get(location)
                        .expect(200)
                        .json()
                        .get("state")
                        .asString()
                        .equals("COMPLETED"));
    }

    @Test
    void areSetApartInOrderAndNothingElseIs() {
        run(LATER);
        refuse("a");

        history();

        assertThat(letters())
                .extracting(
                        letter -> letter.get("aggregateId").asString(),
                        letter -> letter.get("sequenceNumber").longValue(),
                        letter -> letter.get("type").asString(),
                        letter -> letter.get("errorClass").isNull(),
                        letter -> letter.get("attempts").intValue())
                .containsExactly(
                        tuple("order-2", 1L, "OrderStatusChangedEvent", false, 1),
                        tuple("order-2", 2L, "OrderStatusChangedEvent", true, 0),
                        tuple("order-2", 3L, "OrderStatusChangedEvent", true, 0),
                        tuple("order-2", 4L, "OrderCompletedEvent", true, 0));
        assertThat(letters().get(0).get("error").asString()).contains("refused");
        JsonNode first = details(0, "");
        assertThat(first.get("stackTrace").asString())
                .startsWith("org.postgresql.util.PSQLException\n\tat ")
                .contains("\nWrapped by: ")
                .doesNotContain("refused")
                .hasSizeLessThan(8_100);
        assertThat(first.get("event").get("payload").get("newStatus").asString())
                .isEqualTo("CONFIRMED");
        JsonNode waiting = details(1, "");
        assertThat(waiting.get("stackTrace").isNull()).isTrue();
        assertThat(waiting.get("event").get("sequenceNumber").longValue()).isEqualTo(2);
        assertThat(List.of(status(1), status(BAD), status(3), status(4)))
                .containsExactly("CONFIRMED", "PENDING", "CONFIRMED", "CONFIRMED");
        assertThat(query.get("/api/orders/" + BAD + "/history").json().get("items"))
                .hasSize(1);
        assertThat(query.get("/api/admin/processors").body()).contains("\"deadLetters\":4");
    }

    private JsonNode details(int index, String parameters) {
        return query.get(LETTERS + "/" + letters().get(index).get("id").longValue() + parameters)
                .expect(200)
                .json();
    }

    @Test
    void showPersonalDataToThoseOnlyWhoAskForIt() {
        run(LATER);
        awaitApplied();
        Tables.jdbc(database)
                .execute("alter table query_side.user_profile_a add constraint refused check (user_id <> " + BAD + ")");
        events.user(BAD, "grace@example.com");
        await().atMost(PATIENCE).until(() -> letters().size() == 1);

        assertThat(details(0, "").toString()).contains("[masked]").doesNotContain("grace");
        assertThat(details(0, "?personalData=true")
                        .get("event")
                        .get("payload")
                        .get("email")
                        .asString())
                .isEqualTo("grace@example.com");
        query.get(LETTERS + "/" + letters().get(0).get("id").longValue() + "?personalData=maybe")
                .expect(422);
        assertThat(query.get("/api/admin/audit")
                        .expect(200)
                        .json()
                        .get("items")
                        .valueStream()
                        .map(entry -> entry.get("target").asString())
                        .filter(target -> target.contains("dead-letters")))
                .isNotEmpty()
                .allMatch(target -> target.contains("?personalData="));
    }

    @Test
    void areGroupedByTheirErrorsAndCountedByTheHour() {
        run(LATER);
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(2, ChronoUnit.HOURS);
        park(1, "order-summary", "MissingRow", "first", hour);
        park(2, "order-summary", "MissingRow", "last", hour.plusSeconds(3_599));
        park(3, "order-summary", null, null, hour.plusSeconds(3_600));
        park(4, "order-summary", "SQLException", "other", hour.minus(8, ChronoUnit.DAYS));
        park(5, "product-catalog", "MissingRow", "elsewhere", hour);

        assertThat(pages("/groups?limit=1"))
                .extracting(
                        group -> group.get("projection").asString(),
                        group -> group.get("errorClass").asString(),
                        group -> group.get("error").asString(),
                        group -> group.get("count").longValue(),
                        group -> Duration.between(
                                        Instant.parse(group.get("firstParkedAt").asString()),
                                        Instant.parse(group.get("lastParkedAt").asString()))
                                .toSeconds())
                .containsExactly(
                        tuple("order-summary", "MissingRow", "last", 2L, 3_599L),
                        tuple("order-summary", "SQLException", "other", 1L, 0L),
                        tuple("product-catalog", "MissingRow", "elsewhere", 1L, 0L));
        assertThat(query.get(LETTERS + "/hours").expect(200).json().get("items"))
                .extracting(
                        each -> Instant.parse(each.get("from").asString()),
                        each -> each.get("count").longValue())
                .containsExactly(tuple(hour, 3L), tuple(hour.plusSeconds(3_600), 1L));
    }

    private void park(int order, String projection, @Nullable String errorClass, @Nullable String error, Instant at) {
        Tables.jdbc(database)
                .update(
                        "insert into query_side.dead_letter (projection, aggregate_id, sequence_number, event_type, state,"
                                + " error_class, error, attempts, parked_at)"
                                + " values (?, ?, 1, 'OrderStatusChangedEvent', 'PARKED', ?, ?, 1, ?)",
                        projection,
                        "order-" + order,
                        errorClass,
                        error,
                        at.atOffset(ZoneOffset.UTC));
    }

    private List<JsonNode> pages(String path) {
        List<JsonNode> items = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = query.get(LETTERS + path + next).expect(200).json();
            page.get("items").forEach(items::add);
            next = page.get("nextCursor").isNull()
                    ? ""
                    : "&cursor=" + page.get("nextCursor").asString();
        } while (!next.isEmpty());
        return items;
    }

    @Test
    void areFoundInALargeBatchOfWhichNothingElseIsLost() {
        run(LATER);
        query.close();
        for (int order = 1; order <= 400; order++) {
            events.order(order, 1, T0, item(1, 2, "1.00"));
            events.confirm(order, T0.plusSeconds(order));
        }
        refuse("a");
        query = RunningQuerySide.on(database, LATER);

        awaitApplied();

        assertThat(letters()).hasSize(1);
        assertThat(Tables.jdbc(database)
                        .queryForList(
                                "select order_id from query_side.order_summary where status = 'PENDING'",
                                Integer.class))
                .containsExactly(BAD);
        assertThat(Tables.count(database, "order_timeline_a")).isEqualTo(799);
    }

    @Test
    void areTriedAgainByThemselvesUntilTheirCauseIsGone() {
        run("eventshop.query.dead-letters.first-retry=100ms", "eventshop.query.dead-letters.poll-interval=50ms");
        refuse("a");
        history();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(letters().get(0).get("attempts").intValue()).isGreaterThan(2));
        assertThat(letters()).hasSize(4);

        accept("a");

        awaitNone();
        assertThat(status(BAD)).isEqualTo("COMPLETED");
        assertThat(query.get("/api/orders/" + BAD + "/history").json().get("items"))
                .hasSize(5);
        events.confirm(3, T0.plusSeconds(60));
        awaitApplied();
        assertThat(Tables.count(database, "dead_sequence")).isZero();
    }

    @Test
    void areTriedAgainWhenAnOperatorSaysSo() {
        run(LATER);
        refuse("a");
        history();
        long third = letters().get(2).get("id").longValue();

        query.post(LETTERS + "/retry", "{\"projection\":\"order-summary\",\"errorClass\":\"PSQLException\"}")
                .expect(202);
        await().atMost(PATIENCE).until(() -> letters().get(0).get("attempts").intValue() == 2);
        assertThat(letters()).hasSize(4);
        accept("a");
        assertThat(query.post(LETTERS + "/" + third + "/retry", "")
                        .expect(202)
                        .json()
                        .get("count")
                        .longValue())
                .isOne();

        awaitNone();
        assertThat(status(BAD)).isEqualTo("COMPLETED");
        query.post(LETTERS + "/" + third + "/retry", "").expect(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIDE_BY_SIDE", "IN_PLACE"})
    void areLeftOutOfAReplayAndTriedAgainAfterIt(String mode) {
        run(LATER);
        refuse("a", "b");
        history();
        Map<String, List<String>> before = Tables.dumpLive(database, "order-summary");

        replay("order-summary", mode);

        await().atMost(PATIENCE).until(() -> letters().get(0).get("attempts").intValue() == 2);
        assertThat(letters()).hasSize(4);
        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(before);
        accept("a", "b");
        query.post(LETTERS + "/retry", "{}").expect(202);
        awaitNone();
        Map<String, List<String>> healed = Tables.dumpLive(database, "order-summary");
        replay("order-summary", mode);
        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(healed);
        assertThat(status(BAD)).isEqualTo("COMPLETED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIDE_BY_SIDE", "IN_PLACE"})
    void arePassedOverWhenTheyWereDiscardedAlsoInAReplay(String mode) {
        run(LATER);
        refuse("a", "b");
        history();
        JsonNode first = letters().get(0);
        accept("a", "b");

        query.delete(LETTERS + "/" + first.get("id").longValue()).expect(202);

        awaitNone();
        assertThat(status(BAD)).isEqualTo("COMPLETED");
        assertThat(query.get("/api/orders/" + BAD + "/history")
                        .json()
                        .get("items")
                        .valueStream()
                        .map(entry -> entry.get("version").longValue()))
                .containsExactly(0L, 2L, 3L, 4L);
        Map<String, List<String>> before = Tables.dumpLive(database, "order-summary");
        replay("order-summary", mode);
        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(before);
        query.get(LETTERS + "/" + first.get("id").longValue()).expect(404);
    }

    @Test
    void ofAnOlderRevisionAreTriedAgainInTodaysForm() {
        run(LATER);
        Tables.jdbc(database)
                .execute("alter table query_side.product_catalog_a add constraint refused check (product_id <> 17)");
        Tables.jdbc(database).update("""
                        insert into event_store.domain_event
                            (event_id, aggregate_type, aggregate_id, sequence_number, event_type, event_revision, time,
                             payload, metadata)
                        values (gen_random_uuid(), 'Product', 'product-17', 0, 'ProductCreatedEvent', '1.0', now(),
                                '{"productId":17,"name":"Tea","price":12.50,"stock":40,"createdAt":"2026-03-01T09:30:15Z"}',
                                '{}')
                        """);
        query.get("/api/products", "Min-Event-Position", events.last(), "Prefer", "wait=30")
                .expect(200);
        assertThat(letters()).hasSize(1);

        Tables.jdbc(database).execute("alter table query_side.product_catalog_a drop constraint refused");
        query.post(LETTERS + "/retry", "{}").expect(202);

        awaitNone();
        assertThat(query.get("/api/products/17").json().get("stock").intValue()).isEqualTo(40);
    }

    /** Two products that the database does not take; the first is tried first. */
    private void parkTwoProducts() {
        Tables.jdbc(database)
                .execute("alter table query_side.product_catalog_a add constraint refused check (product_id < 17)");
        events.product(17, "Tea", "1.50", 10);
        events.product(18, "Coffee", "2.50", 10);
        query.get("/api/products", "Min-Event-Position", events.last(), "Prefer", "wait=30")
                .expect(200);
        assertThat(letters()).hasSize(2);
        Tables.jdbc(database)
                .update("update query_side.dead_sequence set next_attempt_at = now() - interval '1 hour'"
                        + " where aggregate_id = 'product-17'");
        await().atMost(PATIENCE)
                .until(() -> letters().stream()
                        .anyMatch(letter -> letter.get("attempts").intValue() == 2));
        Tables.jdbc(database).execute("alter table query_side.product_catalog_a drop constraint refused");
    }

    private void retryBothTheFirstOneFirst() {
        Tables.jdbc(database).update("""
                        update query_side.dead_sequence set next_attempt_at = now()
                            - case aggregate_id when 'product-17' then interval '2 hours' else interval '1 hour' end""");
    }

    @Test
    void thatCantBeReadHoldUpNoOthersAndCanBeDiscarded() {
        run(LATER);
        parkTwoProducts();
        Tables.jdbc(database)
                .update("update event_store.domain_event set event_revision = '9.0' where aggregate_id = 'product-17'");

        retryBothTheFirstOneFirst();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(letters()).hasSize(1));
        query.get("/api/products/18").expect(200);
        JsonNode left = letters().get(0);
        assertThat(left.get("attempts").intValue()).isEqualTo(3);
        assertThat(left.get("error").asString()).contains("unknown revision", "9.0");
        assertThat(left.get("errorClass").asString()).isEqualTo("UnknownTypeException");

        query.delete(LETTERS + "/" + left.get("id").longValue()).expect(202);

        awaitNone();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(Tables.count(database, "dead_sequence")).isZero());
        query.get("/api/products/17").expect(404);
    }

    @Test
    void thatTheDatabaseDoesNotTakeInTimeHoldUpNoOthers() {
        run(LATER);
        parkTwoProducts();
        Tables.jdbc(database).execute("""
                        create function query_side.too_late() returns trigger language plpgsql as $$
                        begin
                            raise exception 'canceling statement due to statement timeout' using errcode = '57014';
                        end $$;
                        create trigger too_late before insert on query_side.product_catalog_a
                            for each row when (new.product_id = 17) execute function query_side.too_late()""");

        retryBothTheFirstOneFirst();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(letters()).hasSize(1));
        JsonNode left = letters().get(0);
        assertThat(left.get("attempts").intValue()).isEqualTo(3);
        assertThat(left.get("error").asString()).contains("statement timeout");
        Tables.jdbc(database).execute("drop trigger too_late on query_side.product_catalog_a");
        query.post(LETTERS + "/retry", "{}").expect(202);
        awaitNone();
        query.get("/api/products/17").expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIDE_BY_SIDE", "IN_PLACE"})
    void thatCantBeDecryptedAreSetApartLikeOthers(String mode) {
        run(LATER);
        Tables.jdbc(database)
                .update(
                        "insert into event_store_keys.person_key (person, master_key, wrapped)"
                                + " select 'user-2', master_key, wrapped from event_store_keys.person_key where person = 'user-1'");
        Tables.jdbc(database).update("""
                        insert into event_store.domain_event
                            (event_id, aggregate_type, aggregate_id, sequence_number, event_type, event_revision, time,
                             payload, metadata)
                        values (gen_random_uuid(), 'User', 'user-2', 0, 'UserRegisteredEvent', '1.0', now(),
                                '{"userId":2,"email":{"sealed":"AAAA"},"fullName":"Grace","registeredAt":"2026-03-01T09:30:15Z"}',
                                '{}')
                        """);
        events.skip("user-2");
        events.account(2, "https://issuer.example", "grace");
        events.user(3, "bob@example.com");

        query.get("/api/users/3", "Min-Event-Position", events.last(), "Prefer", "wait=30")
                .expect(200);

        assertThat(letters())
                .extracting(
                        letter -> letter.get("projection").asString(),
                        letter -> letter.get("aggregateId").asString(),
                        letter -> letter.get("sequenceNumber").longValue(),
                        letter -> letter.get("errorClass").asString(null))
                .containsExactly(
                        tuple("user-profile", "user-2", 0L, "CorruptDataException"),
                        tuple("user-profile", "user-2", 1L, null));
        replay("user-profile", mode);
        await().atMost(PATIENCE).until(() -> letters().get(0).get("attempts").intValue() == 2);
        assertThat(letters()).hasSize(2);
        Tables.jdbc(database)
                .update("update event_store.domain_event set payload = replace(payload::text, '{\"sealed\":\"AAAA\"}',"
                        + " '\"grace@example.com\"')::json where aggregate_id = 'user-2' and sequence_number = 0");
        Tables.jdbc(database).update("delete from event_store_keys.person_key where person = 'user-2'");
        query.post(LETTERS + "/retry", "{}").expect(202);
        awaitNone();
        assertThat(query.get("/api/users/2").expect(200).json().get("email").asString())
                .isEqualTo("grace@example.com");
    }

    @Test
    void arePagedAndFiltered() {
        run(LATER);
        refuse("a");
        history();

        JsonNode page = query.get(LETTERS + "?projection=order-summary&limit=3")
                .expect(200)
                .json();
        JsonNode rest = query.get(LETTERS + "?projection=order-summary&limit=3&cursor="
                        + page.get("nextCursor").asString())
                .expect(200)
                .json();

        assertThat(page.get("items")).hasSize(3);
        assertThat(rest.get("items")).hasSize(1);
        assertThat(rest.get("nextCursor").isNull()).isTrue();
        assertThat(query.get(LETTERS + "?projection=user-profile").json().get("items"))
                .isEmpty();
        query.get(LETTERS + "?projection=orders").expect(422);
        query.post(LETTERS + "/discard", "{\"projection\":\"orders\"}").expect(422);
        query.post(LETTERS + "/discard", "{\"type\":\"x\"}").expect(422);
        query.post(LETTERS + "/1/discard", "{}").expect(404);
        query.get(LETTERS + "/none").expect(404);
        assertThat(query.post(LETTERS + "/discard", "{\"aggregateId\":\"order-7\"}")
                        .expect(202)
                        .json()
                        .get("count")
                        .longValue())
                .isZero();
        assertThat(letters()).hasSize(4);
    }
}
