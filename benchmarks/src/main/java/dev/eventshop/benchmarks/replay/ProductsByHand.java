package dev.eventshop.benchmarks.replay;

import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.events.product.StockShippedEvent;
import dev.eventshop.events.registry.EventMetadata;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** All products are kept in memory, and those that a batch has changed are written at its end. */
final class ProductsByHand implements HandWrittenLoop.Writer {

    private final Map<Integer, Product> products = new HashMap<>();
    private final PreparedStatement upsert;
    private final PreparedStatement history;

    ProductsByHand(Connection connection) throws SQLException {
        upsert = connection.prepareStatement("insert into product_catalog_a (product_id, name, search_name, price,"
                + " stock, updated_at, version) values (?, ?, ?, ?, ?, ?, ?) on conflict (product_id) do update set"
                + " price = excluded.price, stock = excluded.stock, updated_at = excluded.updated_at,"
                + " version = excluded.version");
        history = connection.prepareStatement("insert into product_stock_history_a (product_id, version, old_stock,"
                + " new_stock, updated_at, reason, order_id) values (?, ?, ?, ?, ?, ?, ?)");
    }

    @Override
    public void apply(List<HandWrittenLoop.Event> batch) throws SQLException {
        TreeSet<Integer> changed = new TreeSet<>();
        for (HandWrittenLoop.Event event : batch) {
            changed.add(apply(event));
        }
        for (int id : changed) {
            Product product = products.get(id);
            upsert.setInt(1, id);
            upsert.setString(2, product.name);
            upsert.setString(3, product.name.toLowerCase(Locale.ROOT));
            upsert.setBigDecimal(4, product.price);
            upsert.setInt(5, product.stock);
            upsert.setObject(6, OrdersByHand.utc(product.at));
            upsert.setLong(7, product.version);
            upsert.addBatch();
        }
        upsert.executeBatch();
        history.executeBatch();
    }

    private int apply(HandWrittenLoop.Event event) throws SQLException {
        Object decoded = event.decoded();
        if (decoded instanceof ProductCreatedEvent created) {
            Product product = new Product(created.name());
            product.price = created.price();
            product.stock = created.initialStock();
            products.put(created.productId(), product);
            return product.at(created.productId(), created.createdAt(), event);
        } else if (decoded instanceof ProductPriceChangedEvent priced) {
            products.get(priced.productId()).price = priced.newPrice();
            return at(priced.productId(), priced.changedAt(), event);
        } else if (decoded instanceof ProductStockUpdatedEvent stocked) {
            products.get(stocked.productId()).stock = stocked.newStock();
            record(stocked, event);
            return at(stocked.productId(), stocked.updatedAt(), event);
        } else if (decoded instanceof StockReservedEvent reserved) {
            return at(reserved.productId(), reserved.reservedAt(), event);
        } else if (decoded instanceof StockReleasedEvent released) {
            return at(released.productId(), released.releasedAt(), event);
        } else if (decoded instanceof StockShippedEvent shipped) {
            return at(shipped.productId(), shipped.shippedAt(), event);
        }
        throw new IllegalStateException(event.type());
    }

    private int at(int productId, Instant at, HandWrittenLoop.Event event) {
        return products.get(productId).at(productId, at, event);
    }

    private void record(ProductStockUpdatedEvent stocked, HandWrittenLoop.Event event) throws SQLException {
        JsonNode metadata = HandWrittenLoop.json(event.metadata(), JsonNode.class);
        history.setInt(1, stocked.productId());
        history.setLong(2, event.version());
        history.setInt(3, stocked.oldStock());
        history.setInt(4, stocked.newStock());
        history.setObject(5, OrdersByHand.utc(stocked.updatedAt()));
        history.setString(6, metadata.path(EventMetadata.REASON).asString(null));
        String order = metadata.path(EventMetadata.ORDER_ID).asString(null);
        if (order == null) {
            history.setNull(7, Types.INTEGER);
        } else {
            history.setInt(7, Integer.parseInt(order));
        }
        history.addBatch();
    }

    private static final class Product {

        private final String name;
        private BigDecimal price = BigDecimal.ZERO;
        private int stock;
        private Instant at = Instant.EPOCH;
        private long version;

        Product(String name) {
            this.name = name;
        }

        int at(int id, Instant when, HandWrittenLoop.Event event) {
            at = when;
            version = event.version();
            return id;
        }
    }
}
