package dev.eventshop.benchmarks.replay;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.benchmarks.shop.MeasuredShop;
import dev.eventshop.events.registry.EventRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one writes who needs the rows and nothing else: one thread, a cursor over the events of one type of aggregate,
 * and JDBC batches into tables with the same keys and indexes. It can't be stopped, resumed, throttled, or switched to,
 * and gives no thought to how long its transactions are.
 */
final class HandWrittenLoop {

    static final String SCHEMA = "by_hand";

    private static final int BATCH = 5_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final MeasuredShop shop;
    private final ReadModel model;

    HandWrittenLoop(MeasuredShop shop, ReadModel model) {
        this.shop = shop;
        this.model = model;
    }

    double eventsPerSecond() throws SQLException {
        Tables.make(shop, SCHEMA, model);
        shop.jdbc().execute("checkpoint");
        try (HikariDataSource connections = shop.connections(null, SCHEMA);
                Connection reader = connections.getConnection();
                Connection writer = connections.getConnection()) {
            reader.setAutoCommit(false); // or there is no cursor
            writer.setAutoCommit(false);
            long begin = System.nanoTime();
            long events = run(reader, writer);
            return events / ((System.nanoTime() - begin) / 1e9);
        }
    }

    private long run(Connection reader, Connection writer) throws SQLException {
        Writer rows = writer(writer);
        long events = 0;
        try (PreparedStatement select = reader.prepareStatement(
                "select event_type, aggregate_id, sequence_number, payload, metadata from event_store.domain_event"
                        + " where aggregate_type = ? order by epoch, transaction_id, global_index")) {
            select.setString(1, model.aggregateType());
            select.setFetchSize(BATCH);
            List<Event> batch = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    batch.add(new Event(
                            row.getString(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5)));
                    events++;
                    if (batch.size() == BATCH) {
                        rows.apply(batch);
                        writer.commit();
                        batch.clear();
                    }
                }
            }
            rows.apply(batch);
            writer.commit();
        }
        reader.rollback();
        return events;
    }

    private Writer writer(Connection connection) throws SQLException {
        return switch (model) {
            case PRODUCT_CATALOG -> new ProductsByHand(connection);
            case ORDER_SUMMARY -> new OrdersByHand(connection);
            case SALES_STATISTICS -> new SalesByHand(connection);
            case USER_PROFILE -> new UsersByHand(connection, shop);
        };
    }

    static String json(Object value) {
        return JSON.writeValueAsString(value);
    }

    static <T> T json(String text, Class<T> type) {
        return JSON.readValue(text, type);
    }

    /** Brings a batch of events into tables; whoever calls commits. */
    interface Writer {

        void apply(List<Event> batch) throws SQLException;
    }

    /** A row of the store, not decoded. */
    record Event(String type, String aggregateId, long version, String payload, String metadata) {

        Object decoded() {
            return json(payload, EventRegistry.named(type).orElseThrow().javaClass());
        }
    }
}
