package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PayloadProtection;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ContractIT {

    private static TestDatabase database;
    private static RunningCommandSide shop;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        shop = RunningCommandSide.start(database);
    }

    @AfterAll
    static void stop() {
        shop.close();
        database.close();
    }

    @Nested
    class Users {

        @Test
        void register() {
            Answer answer = shop.post(
                    "/api/users",
                    "{\"email\":\"Register@Example.com\",\"fullName\":\"L\u00ea Th\u1ecb An\",\"locale\":\"vi\"}");

            int id = answer.expect(201).json().get("userId").intValue();
            assertThat(id).isPositive();
            assertThat(answer.json().size()).isEqualTo(1);
            assertThat(answer.header("Location")).isEqualTo("/api/users/" + id);
            assertThat(answer.version()).isZero();
            assertThat(Position.parse(answer.position())).isGreaterThan(Position.START);
            assertThat(events("user-" + id)).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo("UserRegisteredEvent");
                assertThat(event.payload())
                        .contains("\"email\":\"Register@Example.com\"")
                        .contains("\"fullName\":\"L\u00ea Th\u1ecb An\"");
                assertThat(event.metadata())
                        .contains("\"locale\":\"vi\"")
                        .contains("correlationId")
                        .contains("causationId");
                assertThat(event.position()).hasToString(answer.position());
            });
        }

        @Test
        void registerInEnglishWhenNoLocaleIsGiven() {
            Answer answer = shop.post("/api/users", "{\"email\":\"english@example.com\",\"fullName\":\"Ada\"}");

            int id = answer.expect(201).json().get("userId").intValue();
            assertThat(events("user-" + id).get(0).metadata()).contains("\"locale\":\"en\"");
        }

        @Test
        void areRefusedWhenTheAddressIsTakenInAnyCase() {
            shop.user("taken@example.com");

            Answer answer = shop.post("/api/users", "{\"email\":\"TAKEN@example.COM\",\"fullName\":\"Somebody else\"}");

            assertThat(answer.expect(409).code()).isEqualTo("EMAIL_TAKEN");
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        }
    }

    @Nested
    class Products {

        @Test
        void areCreated() {
            Answer answer = shop.post("/api/products", "{\"name\":\"Teapot\",\"price\":19.9,\"initialStock\":10}");

            int id = answer.expect(201).json().get("productId").intValue();
            assertThat(answer.json().size()).isEqualTo(1);
            assertThat(answer.header("Location")).isEqualTo("/api/products/" + id);
            assertThat(answer.header("ETag")).isEqualTo("\"0\"");
            assertThat(answer.position()).isNotEmpty();
            assertThat(events("product-" + id)).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo("ProductCreatedEvent");
                assertThat(event.payload()).contains("\"price\":19.90");
            });
        }

        @Test
        void takeAStockAndSayNothingWhenItIsTheSame() {
            int id = shop.product(10);

            Answer changed = shop.takeStock(id, 7).expect(204);
            Answer same = shop.takeStock(id, 7).expect(204);

            assertThat(changed.version()).isEqualTo(1);
            assertThat(same.version()).isEqualTo(1);
            assertThat(same.position()).isEqualTo(changed.position());
            assertThat(events("product-" + id)).hasSize(2);
        }

        @Test
        void adjustTheirStockWithAReason() {
            int id = shop.product(10);

            Answer answer =
                    shop.post("/api/products/" + id + "/stock-adjustments", "{\"delta\":-3,\"reason\":\"broken\"}");

            assertThat(answer.expect(204).version()).isEqualTo(1);
            StoredEvent event = events("product-" + id).get(1);
            assertThat(event.payload()).contains("\"oldStock\":10,\"newStock\":7");
            assertThat(event.metadata()).contains("\"reason\":\"broken\"");
        }

        @Test
        void areNotLoweredBelowZero() {
            int id = shop.product(10);

            assertThat(shop.adjust(id, -11).expect(422).code()).isEqualTo("INSUFFICIENT_STOCK");
            assertThat(events("product-" + id)).hasSize(1);
        }

        @Test
        void areNotRaisedBeyondWhatAnIntHolds() {
            int id = shop.product(Integer.MAX_VALUE);

            assertThat(shop.adjust(id, 1).expect(422).code()).isEqualTo("STOCK_OVERFLOW");
        }

        @Test
        void changeTheirPrice() {
            int id = shop.product(10);

            assertThat(shop.put("/api/products/" + id + "/price", "{\"price\":21}")
                            .expect(204)
                            .version())
                    .isEqualTo(1);
            assertThat(shop.put("/api/products/" + id + "/price", "{\"price\":21.00}")
                            .expect(204)
                            .version())
                    .isEqualTo(1);
            assertThat(events("product-" + id).get(1).payload()).contains("\"oldPrice\":19.90,\"newPrice\":21.00");
        }
    }

    @Nested
    class Preconditions {

        @Test
        void letAWriteOfTheKnownVersionPass() {
            int id = shop.product(10);

            assertThat(shop.adjust(id, 1, "If-Match", "\"0\"").expect(204).version())
                    .isEqualTo(1);
            assertThat(shop.adjust(id, 1, "If-Match", "\"7\", \"1\"")
                            .expect(204)
                            .version())
                    .isEqualTo(2);
            assertThat(shop.adjust(id, 1, "If-Match", "*").expect(204).version())
                    .isEqualTo(3);
        }

        @Test
        void refuseAWriteOfAnotherVersion() {
            int id = shop.product(10);
            shop.adjust(id, 1).expect(204);

            assertThat(shop.adjust(id, 1, "If-Match", "\"0\"").expect(412).code())
                    .isEqualTo("VERSION_MISMATCH");
            assertThat(shop.adjust(id, 1, "If-Match", "\"2\"").status()).isEqualTo(412);
            assertThat(shop.adjust(id, 1, "If-Match", "\"somebody-elses\"").status())
                    .isEqualTo(412);
            assertThat(shop.adjust(id, 1, "If-Match", "W/\"1\"").status()).isEqualTo(412);
            assertThat(events("product-" + id)).hasSize(2);
        }

        @Test
        void areCheckedBeforeTheState() {
            int id = shop.product(10);

            assertThat(shop.adjust(id, -11, "If-Match", "\"5\"").status()).isEqualTo(412);
            assertThat(shop.adjust(id, -11, "If-Match", "\"0\"").status()).isEqualTo(422);
        }

        @Test
        void areCheckedAfterTheFormAndTheId() {
            assertThat(shop.takeStock(2_000_000_000, -1, "If-Match", "\"5\"").status())
                    .isEqualTo(422);
            assertThat(shop.takeStock(2_000_000_000, 1, "If-Match", "\"5\"").status())
                    .isEqualTo(404);
        }

        @Test
        void refuseAWriteThatWouldChangeNothing() {
            int id = shop.product(10);

            assertThat(shop.takeStock(id, 10, "If-Match", "\"1\"").status()).isEqualTo(412);
        }
    }

    @Nested
    class Orders {

        private final int user = shop.user("orders-" + System.nanoTime() + "@example.com");
        private final int teapot = shop.product(10);
        private final int cup = shop.post("/api/products", "{\"name\":\"Cup\",\"price\":3.09,\"initialStock\":5}")
                .expect(201)
                .json()
                .get("productId")
                .intValue();

        private Answer place() {
            return shop.post(
                    "/api/orders",
                    "{\"userId\":%d,\"items\":[{\"productId\":%d,\"quantity\":3},{\"productId\":%d,\"quantity\":1}]}"
                            .formatted(user, teapot, cup));
        }

        private int confirmed() {
            int id = place().expect(201).json().get("orderId").intValue();
            await().untilAsserted(() -> assertThat(events("order-" + id)).hasSize(2));
            return id;
        }

        @Test
        void arePlacedAtTheShopsPricesAndConfirmed() {
            Answer answer = place();

            int id = answer.expect(201).json().get("orderId").intValue();
            assertThat(answer.response().body())
                    .isEqualTo("{\"orderId\":" + id + ",\"status\":\"PENDING\",\"totalAmount\":62.79}");
            assertThat(answer.header("Location")).isEqualTo("/api/orders/" + id);
            assertThat(answer.header("ETag")).isEqualTo("\"0\"");
            await().untilAsserted(() -> assertThat(events("order-" + id))
                    .extracting(StoredEvent::type)
                    .containsExactly("OrderCreatedEvent", "OrderStatusChangedEvent"));
            List<StoredEvent> events = events("order-" + id);
            assertThat(events.get(0).payload())
                    .contains("{\"productId\":%d,\"productName\":\"Teapot\",\"quantity\":3,\"unitPrice\":19.90}"
                            .formatted(teapot));
            assertThat(events).allSatisfy(event -> assertThat(event.metadata()).contains("\"locale\":\"vi\""));
            assertThat(correlationOf(events.get(1))).isEqualTo(correlationOf(events.get(0)));
        }

        @Test
        void haveThePriceOfTheMoment() {
            shop.put("/api/products/" + teapot + "/price", "{\"price\":20}").expect(204);

            assertThat(place().expect(201).response().body()).contains("\"totalAmount\":63.09");
        }

        @Test
        void areShippedAndCompleted() {
            int id = confirmed();

            assertThat(shop.post("/api/orders/" + id + "/shipment").expect(204).version())
                    .isEqualTo(2);
            Answer completed = shop.post("/api/orders/" + id + "/completion").expect(204);

            assertThat(completed.version()).isEqualTo(4);
            assertThat(completed.position()).isNotEmpty();
            assertThat(events("order-" + id))
                    .extracting(StoredEvent::type)
                    .containsExactly(
                            "OrderCreatedEvent",
                            "OrderStatusChangedEvent",
                            "OrderStatusChangedEvent",
                            "OrderStatusChangedEvent",
                            "OrderCompletedEvent");
        }

        @Test
        void areCancelledOnce() {
            int id = confirmed();

            Answer cancelled = shop.post("/api/orders/" + id + "/cancellation", "{\"reason\":\"changed my mind\"}");

            assertThat(cancelled.expect(204).version()).isEqualTo(3);
            assertThat(shop.post("/api/orders/" + id + "/cancellation", "{\"reason\":\"again\"}")
                            .expect(409)
                            .code())
                    .isEqualTo("ORDER_NOT_CANCELLABLE");
            assertThat(shop.post("/api/orders/" + id + "/shipment").expect(409).code())
                    .isEqualTo("ORDER_NOT_SHIPPABLE");
            assertThat(shop.post("/api/orders/" + id + "/completion")
                            .expect(409)
                            .code())
                    .isEqualTo("ORDER_NOT_COMPLETABLE");
            assertThat(events("order-" + id)).hasSize(4);
        }

        @Test
        void areNotCancelledWhenShipped() {
            int id = confirmed();
            shop.post("/api/orders/" + id + "/shipment").expect(204);

            assertThat(shop.post("/api/orders/" + id + "/cancellation", "{\"reason\":\"late\"}")
                            .expect(409)
                            .code())
                    .isEqualTo("ORDER_NOT_CANCELLABLE");
            assertThat(shop.post("/api/orders/" + id + "/shipment").status()).isEqualTo(409);
        }

        @Test
        void takeAPrecondition() {
            int id = confirmed();

            assertThat(shop.post("/api/orders/" + id + "/shipment", "", "If-Match", "\"0\"")
                            .status())
                    .isEqualTo(412);
            shop.post("/api/orders/" + id + "/shipment", "", "If-Match", "\"1\"")
                    .expect(204);
        }

        private static String correlationOf(StoredEvent event) {
            return event.metadata().replaceAll(".*\"correlationId\":\"([^\"]+)\".*", "$1");
        }
    }

    @Nested
    class Operations {

        @Test
        void tellTheirHealthAndMetrics() {
            shop.product(1); // there is no measure of commands before the first
            assertThat(shop.get(shop.management("/actuator/health/readiness"))
                            .expect(200)
                            .response()
                            .body())
                    .contains("UP");
            assertThat(shop.get(shop.management("/actuator/prometheus"))
                            .expect(200)
                            .response()
                            .body())
                    .contains("hikaricp_connections")
                    .contains("eventshop_commands");
        }

        @Test
        void describeTheInterface() {
            String document = shop.get("/v3/api-docs").expect(200).response().body();

            assertThat(document)
                    .contains("\"openapi\":\"3.1")
                    .contains("/api/users", "/api/products/{id}/stock-adjustments", "/api/orders/{id}/completion")
                    .contains("INSUFFICIENT_STOCK");
        }
    }

    private static List<StoredEvent> events(String aggregateId) {
        return shop.bean(PayloadProtection.class)
                .reveal(shop.bean(EventLog.class).readStream(aggregateId, 0));
    }
}
