package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.command.currency.CurrencyChanged;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class RestartIT {

    private TestDatabase database;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void goesOnWhereItStopped() {
        int product;
        int user;
        try (RunningCommandSide shop = RunningCommandSide.start(database)) {
            product = shop.product(10);
            user = shop.user("restart@example.com");
            shop.adjust(product, -4).expect(204);
        }
        try (RunningCommandSide shop = RunningCommandSide.start(database)) {
            assertThat(shop.adjust(product, -7).expect(422).code()).isEqualTo("INSUFFICIENT_STOCK");
            assertThat(shop.adjust(product, -5).expect(204).version()).isEqualTo(2);
            assertThat(shop.product(1)).isGreaterThan(product);
            assertThat(shop.post("/api/users", "{\"email\":\"RESTART@example.com\",\"fullName\":\"Ada\"}")
                            .status())
                    .isEqualTo(409);
            Answer order = shop.post(
                    "/api/orders",
                    "{\"userId\":" + user + ",\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}");
            int id = order.expect(201).json().get("orderId").intValue();
            await().untilAsserted(() -> assertThat(shop.bean(EventLog.class).readStream("order-" + id, 0))
                    .hasSize(2));
        }
    }

    @Nested
    class Currency {

        @Test
        void cannotChangeAfterTheFirstEvent() {
            try (RunningCommandSide shop = RunningCommandSide.start(database)) {
                shop.product(1);
            }

            assertThatThrownBy(() -> RunningCommandSide.start(database, "eventshop.currency=EUR"))
                    .rootCause()
                    .isInstanceOf(CurrencyChanged.class)
                    .hasMessageContaining("EUR")
                    .hasMessageContaining("USD");
            RunningCommandSide.start(database, "eventshop.currency=USD").close();
        }

        @Test
        void canChangeBeforeTheFirstEvent() {
            RunningCommandSide.start(database).close();

            try (RunningCommandSide shop = RunningCommandSide.start(database, "eventshop.currency=JPY")) {
                shop.product(1, "100").expect(201);
                assertThat(shop.product(1, "100.0").status()).isEqualTo(201);
                assertThat(shop.product(1, "100.5").status()).isEqualTo(422);
            }
        }

        @Test
        void isKeptByInstancesThatStartedBeforeTheFirstEvent() {
            try (RunningCommandSide dollars = RunningCommandSide.start(database);
                    RunningCommandSide euros = RunningCommandSide.start(database, "eventshop.currency=EUR")) {
                dollars.product(1, "1.00").expect(201);

                assertThat(euros.product(1, "1.00").status()).isEqualTo(500);
                assertThat(new JdbcTemplate(database.admin())
                                .queryForObject("select count(*) from event_store.domain_event", Long.class))
                        .isEqualTo(1);
            }
        }
    }

    @Nested
    class Numbers {

        @Test
        void comeToAnEndWithAClearError() {
            try (RunningCommandSide shop = RunningCommandSide.start(database)) {
                JdbcTemplate jdbc = new JdbcTemplate(database.admin());
                jdbc.execute("select setval('command_side.product_id', 2147483401)");

                assertThat(shop.product(1)).isEqualTo(2147483501);
                for (int i = 1; i < 100; i++) {
                    shop.product(1);
                }
                Answer answer = shop.product(1, "1.00");

                assertThat(answer.expect(500).code()).isEqualTo("IDS_EXHAUSTED");
            }
        }
    }
}
