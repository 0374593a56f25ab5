package dev.eventshop.query.productcatalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.events.product.StockShippedEvent;
import dev.eventshop.query.projection.MissingRow;
import dev.eventshop.query.projection.SkippedEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProductCatalogProjectorTest {

    private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant T1 = T0.plusSeconds(1);
    private static final Instant T2 = T0.plusSeconds(2);
    private static final ProductCreatedEvent CREATED =
            new ProductCreatedEvent(3, "Teapot", new BigDecimal("19.90"), 10, T0);
    private static final ProductPriceChangedEvent PRICED =
            new ProductPriceChangedEvent(3, new BigDecimal("19.90"), new BigDecimal("24.50"), T1);
    private static final StockReservedEvent RESERVED = new StockReservedEvent(3, 17, 4, T1);

    private final InMemory catalog = new InMemory();
    private final ProductCatalogProjector projector = new ProductCatalogProjector(catalog);

    private static ProductStockUpdatedEvent stock(int from, int to, Instant at) {
        return new ProductStockUpdatedEvent(3, "Teapot", from, to, at);
    }

    @Nested
    class FirstEvent {

        @Test
        void makesTheRow() {
            projector.on(CREATED, 0);

            assertThat(catalog.rows.get(3)).isEqualTo(new Product(3, "Teapot", new BigDecimal("19.90"), 10, T0, 0));
            assertThat(catalog.history).isEmpty();
        }
    }

    @Nested
    class LaterEvents {

        @Test
        void changePriceAndStock() {
            projector.on(CREATED, 0);
            projector.on(PRICED, 1);
            projector.on(stock(10, 8, T2), 2, "stock-take", null);

            assertThat(catalog.rows.get(3)).isEqualTo(new Product(3, "Teapot", new BigDecimal("24.50"), 8, T2, 2));
            assertThat(catalog.history).containsExactly(new StockChange(10, 8, T2, "stock-take", null, 2));
        }

        @Test
        void rememberTheOrderThatStockWasReservedFor() {
            projector.on(CREATED, 0);
            projector.on(RESERVED, 1);
            projector.on(stock(10, 6, T1), 2, null, "17");

            assertThat(catalog.history).containsExactly(new StockChange(10, 6, T1, null, 17, 2));
        }

        @Test
        void moveTheVersionEvenWhenNothingElseShows() {
            projector.on(CREATED, 0);
            projector.on(RESERVED, 1);
            projector.on(new StockReleasedEvent(3, 17, 4, T1), 2);
            projector.on(new StockShippedEvent(3, 17, 4, T2), 3);

            assertThat(catalog.rows.get(3)).isEqualTo(new Product(3, "Teapot", new BigDecimal("19.90"), 10, T2, 3));
        }
    }

    @Nested
    class Redelivery {

        @Test
        void ofTheFirstEventDoesNotRestoreTheInitialStock() {
            projector.on(CREATED, 0);
            projector.on(stock(10, 2, T1), 1, null, null);
            projector.on(CREATED, 0);

            assertThat(catalog.rows.get(3).stock()).isEqualTo(2);
        }

        @Test
        void ofAnEventInBetweenDoesNotBringItsStockBack() {
            projector.on(CREATED, 0);
            projector.on(stock(10, 9, T1), 1, null, null);
            projector.on(stock(9, 4, T2), 2, null, null);
            projector.on(stock(10, 9, T1), 1, null, null);

            assertThat(catalog.rows.get(3).stock()).isEqualTo(4);
            assertThat(catalog.history).hasSize(2);
        }

        @Test
        void ofAnOldPriceChangesNothing() {
            projector.on(CREATED, 0);
            projector.on(PRICED, 1);
            projector.on(new ProductPriceChangedEvent(3, new BigDecimal("24.50"), new BigDecimal("30.00"), T2), 2);
            projector.on(PRICED, 1);

            assertThat(catalog.rows.get(3).price()).isEqualTo("30.00");
            assertThat(catalog.rows.get(3).version()).isEqualTo(2);
        }
    }

    @Nested
    class Rebuild {

        @Test
        void equalsTheOriginal() {
            deliver(projector);
            InMemory again = new InMemory();
            deliver(new ProductCatalogProjector(again));

            assertThat(again.rows).isEqualTo(catalog.rows);
            assertThat(again.history).isEqualTo(catalog.history).hasSize(2);
        }

        private void deliver(ProductCatalogProjector to) {
            to.on(CREATED, 0);
            to.on(RESERVED, 1);
            to.on(stock(10, 6, T1), 2, null, "17");
            to.on(PRICED, 3);
            to.on(stock(6, 60, T2), 4, "delivery", null);
        }
    }

    @Nested
    class MissingEvents {

        @Test
        void ofTheWholeProductAreAnError() {
            assertThatThrownBy(() -> projector.on(PRICED, 1)).isInstanceOf(MissingRow.class);
            assertThatThrownBy(() -> projector.on(stock(10, 9, T1), 1, null, null))
                    .isInstanceOf(MissingRow.class)
                    .hasMessage("product_catalog has no row 3 for the event with sequence number 1");
            assertThatThrownBy(() -> projector.on(RESERVED, 1)).isInstanceOf(MissingRow.class);
            assertThat(catalog.history).isEmpty();
        }

        @Test
        void inBetweenAreAnError() {
            projector.on(CREATED, 0);

            assertThatThrownBy(() -> projector.on(stock(9, 8, T1), 2, null, null))
                    .isInstanceOf(SkippedEvent.class)
                    .hasMessageContaining("expects the event with sequence number 1");
            assertThat(catalog.rows.get(3).stock()).isEqualTo(10);
        }
    }

    private static final class InMemory implements ProductCatalog {

        private final Map<Integer, Product> rows = new TreeMap<>();
        private final List<StockChange> history = new ArrayList<>();

        @Override
        public Optional<Product> find(int productId) {
            return Optional.ofNullable(rows.get(productId));
        }

        @Override
        public void put(Product product) {
            rows.put(product.productId(), product);
        }

        @Override
        public void record(int productId, StockChange change) {
            history.add(change);
        }
    }
}
