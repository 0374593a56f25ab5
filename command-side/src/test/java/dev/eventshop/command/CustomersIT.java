package dev.eventshop.command;

import static dev.eventshop.command.RunningCommandSide.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Customers do what is theirs, and nothing with what is somebody else's. */
class CustomersIT {

    private static TestDatabase database;
    private static RunningCommandSide shop;
    private static int product;
    private static int subjects;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        shop = RunningCommandSide.start(database);
        product = shop.product(1_000);
    }

    @AfterAll
    static void stop() {
        shop.close();
        database.close();
    }

    private static String newSubject() {
        return "customer-" + ++subjects;
    }

    private static String registration(String name) {
        return "{\"email\":\"" + name + "@example.com\",\"fullName\":\"Ada Lovelace\"}";
    }

    private static int registered(String subject) {
        return shop.post("/api/users", registration(subject), as(subject, "customer"))
                .expect(201)
                .json()
                .get("userId")
                .intValue();
    }

    private static Answer order(String subject, String more) {
        return shop.post(
                "/api/orders",
                "{" + more + "\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}",
                as(subject, "customer"));
    }

    private static int placed(String subject) {
        return order(subject, "").expect(201).json().get("orderId").intValue();
    }

    private static String[] and(String[] caller, String header, String value) {
        return Stream.concat(Stream.of(caller), Stream.of(header, value)).toArray(String[]::new);
    }

    private static List<String> types(String aggregate) {
        return shop.bean(EventLog.class).readStream(aggregate, 0).stream()
                .map(event -> event.type())
                .toList();
    }

    @Nested
    class Registration {

        @Test
        void linksTheCustomerToTheirToken() {
            String subject = newSubject();
            Answer answer = shop.post("/api/users", registration(subject), as(subject, "customer"));

            int user = answer.expect(201).json().get("userId").intValue();
            assertThat(answer.version()).isEqualTo(1);
            assertThat(types("user-" + user)).containsExactly("UserRegisteredEvent", "UserAccountLinkedEvent");
            assertThat(shop.bean(EventLog.class)
                            .readStream("user-" + user, 1)
                            .get(0)
                            .payload())
                    .containsPattern("\"account\":\"[A-Za-z0-9_-]{43}\"")
                    .doesNotContain(subject, TestIssuer.shared().url());
        }

        @Test
        void happensOnce() {
            String subject = newSubject();
            registered(subject);

            assertThat(shop.post("/api/users", registration(subject + ".again"), as(subject, "customer"))
                            .expect(409)
                            .code())
                    .isEqualTo("ALREADY_REGISTERED");
            assertThat(shop.post("/api/users", registration(subject), as(subject, "customer"))
                            .expect(409)
                            .code())
                    .isEqualTo("ALREADY_REGISTERED");
        }

        @Test
        void happensOnceInARace() {
            String subject = newSubject();
            List<Integer> statuses = IntStream.range(0, 15)
                    .parallel()
                    .mapToObj(i -> shop.post("/api/users", registration(subject + "." + i), as(subject, "customer"))
                            .status())
                    .toList();

            assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
        }

        @Test
        void thatIsRefusedTakesNothing() {
            String subject = newSubject();
            shop.user(subject + "@example.com");

            assertThat(shop.post("/api/users", registration(subject), as(subject, "customer"))
                            .expect(409)
                            .code())
                    .isEqualTo("EMAIL_TAKEN");
            shop.post("/api/users", registration(subject + ".2"), as(subject, "customer"))
                    .expect(201);
        }

        @Test
        void ofOthersIsStaffsAndLinksNobody() {
            String[] staff = as("clerk", "staff", "customer");
            for (String name : List.of("by.staff.1", "by.staff.2")) {
                Answer answer =
                        shop.post("/api/users", registration(name), staff).expect(201);
                assertThat(types("user-" + answer.json().get("userId").intValue()))
                        .containsExactly("UserRegisteredEvent");
            }
        }
    }

    @Nested
    class AnOrder {

        @Test
        void isTheCustomersOwn() {
            String subject = newSubject();
            int user = registered(subject);

            int order = placed(subject);
            assertThat(shop.bean(EventLog.class)
                            .readStream("order-" + order, 0)
                            .get(0)
                            .payload())
                    .contains("\"userId\":" + user + ",");
            order(subject, "\"userId\":" + user + ",").expect(201);
        }

        @Test
        void forSomebodyElseIsRefused() {
            String subject = newSubject();
            registered(subject);
            int other = registered(newSubject());

            JsonNode foreign =
                    order(subject, "\"userId\":" + other + ",").expect(404).json();
            JsonNode unknown = order(subject, "\"userId\":2000000,").expect(404).json();
            assertThat(foreign).isEqualTo(unknown);
            assertThat(foreign.get("code").asString()).isEqualTo("USER_NOT_FOUND");
        }

        @Test
        void needsARegistration() {
            assertThat(order(newSubject(), "").expect(409).code()).isEqualTo("NOT_REGISTERED");
            assertThat(order(newSubject(), "\"userId\":1,").expect(404).code()).isEqualTo("USER_NOT_FOUND");
        }

        @Test
        void ofStaffsIsForSomebody() {
            Answer answer = shop.post(
                    "/api/orders",
                    "{\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}",
                    as("clerk", "staff"));
            assertThat(answer.expect(422)
                            .json()
                            .get("errors")
                            .get(0)
                            .get("field")
                            .asString())
                    .isEqualTo("userId");
        }
    }

    @Nested
    class ACancellation {

        private static final String REASON = "{\"reason\":\"changed my mind\"}";

        @Test
        void isForTheOwner() {
            String subject = newSubject();
            registered(subject);
            int order = placed(subject);

            shop.post("/api/orders/" + order + "/cancellation", REASON, as(subject, "customer"))
                    .expect(204);
        }

        @Test
        void ofSomebodyElsesOrderIsAsIfItWereNotThere() {
            String subject = newSubject();
            registered(subject);
            String other = newSubject();
            registered(other);
            int order = placed(other);

            Answer foreign = shop.post("/api/orders/" + order + "/cancellation", REASON, as(subject, "customer"));
            Answer unknown = shop.post("/api/orders/2000000/cancellation", REASON, as(subject, "customer"));
            assertThat(foreign.expect(404).json().get("detail"))
                    .isEqualTo(unknown.expect(404).json().get("detail"));
            assertThat(foreign.code()).isEqualTo("ORDER_NOT_FOUND");
            assertThat(types("order-" + order)).doesNotContain("OrderCancelledEvent");
        }

        @Test
        void doesNotTellTheVersionOfSomebodyElsesOrder() {
            String subject = newSubject();
            registered(subject);
            String other = newSubject();
            registered(other);
            String path = "/api/orders/" + placed(other) + "/cancellation";

            shop.post(path, REASON, and(as(subject, "customer"), "If-Match", "\"99\""))
                    .expect(404);
            shop.post(path, REASON, and(as(newSubject(), "customer"), "If-Match", "\"99\""))
                    .expect(404);
            shop.post(path, REASON, and(as(other, "customer"), "If-Match", "\"99\""))
                    .expect(412);
        }

        @Test
        void isNotForTheSameNameOfAnotherIssuer() {
            String subject = newSubject();
            registered(subject);
            int order = placed(subject);
            String impostor =
                    TestIssuer.shared().token(claims -> claims.issuer("https://other.example"), subject, "customer");

            shop.post("/api/orders/" + order + "/cancellation", REASON, "Authorization", "Bearer " + impostor)
                    .expect(401);
        }
    }
}
