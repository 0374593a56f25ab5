package dev.eventshop.query.productcatalog;

import static dev.eventshop.query.projection.BulkWrite.column;

import dev.eventshop.query.projection.BulkWrite;
import dev.eventshop.query.projection.PerBatch;
import dev.eventshop.query.projection.RowBuffer;
import dev.eventshop.query.projection.Slot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;

/** Products in PostgreSQL, in the tables of one slot. */
final class JdbcProductCatalog implements ProductCatalog {

    private final JdbcOperations jdbc;
    private final String select;
    private final BulkWrite<Product> products;
    private final BulkWrite<HistoryRow> history;
    private final PerBatch<Batch> batches;

    JdbcProductCatalog(JdbcOperations jdbc, Slot slot) {
        this.jdbc = jdbc;
        this.select = "select * from " + slot.table("product_catalog") + " where product_id = any(?)";
        this.products = BulkWrite.upsert(
                slot.table("product_catalog"),
                List.of("product_id"),
                List.of(
                        column("product_id", "integer", Product::productId),
                        column("name", "text", Product::name),
                        column("search_name", "text", product -> SearchableName.of(product.name())),
                        column("price", "numeric", Product::price),
                        column("stock", "integer", Product::stock),
                        column("updated_at", "timestamptz", Product::updatedAt),
                        column("version", "bigint", Product::version)));
        this.history = BulkWrite.insert(
                slot.table("product_stock_history"),
                List.of(
                        column("product_id", "integer", HistoryRow::productId),
                        column("version", "bigint", row -> row.change().version()),
                        column("old_stock", "integer", row -> row.change().oldStock()),
                        column("new_stock", "integer", row -> row.change().newStock()),
                        column("updated_at", "timestamptz", row -> row.change().updatedAt()),
                        column("reason", "text", row -> row.change().reason()),
                        column("order_id", "integer", row -> row.change().orderId())));
        this.batches = new PerBatch<>(
                messages -> new Batch(new RowBuffer<>(RowBuffer.numbersOf("Product", messages), this::load)),
                this::prepared);
    }

    @Override
    public Optional<Product> find(int productId) {
        return batches.current().products().find(productId);
    }

    @Override
    public void put(Product product) {
        batches.current().products().put(product.productId(), product);
    }

    @Override
    public void record(int productId, StockChange change) {
        batches.current().history().add(new HistoryRow(productId, change));
    }

    private Runnable prepared(Batch batch) {
        return BulkWrite.all(jdbc, products.of(batch.products()), history.of(batch.history()));
    }

    private Map<Integer, Product> load(Collection<Integer> productIds) {
        Map<Integer, Product> found = new HashMap<>();
        jdbc.query(
                select,
                row -> {
                    found.put(row.getInt("product_id"), product(row));
                },
                (Object) productIds.toArray(Integer[]::new));
        return found;
    }

    private static Product product(ResultSet row) throws SQLException {
        return new Product(
                row.getInt("product_id"),
                row.getString("name"),
                row.getBigDecimal("price"),
                row.getInt("stock"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getLong("version"));
    }

    private record HistoryRow(int productId, StockChange change) {}

    private record Batch(RowBuffer<Product> products, List<HistoryRow> history) {

        Batch(RowBuffer<Product> products) {
            this(products, new ArrayList<>());
        }
    }
}
