package dev.eventshop.benchmarks.replay;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.benchmarks.shop.MeasuredShop;
import dev.eventshop.benchmarks.shop.ServiceProcess;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.eventstore.PostgresEventStorageEngine;
import dev.eventshop.personaldata.events.EncryptedPayloads;
import dev.eventshop.personaldata.key.PersonKeys;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.axonframework.eventhandling.DomainEventMessage;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A shop whose store was filled by the event store's own engine, encryption included, while nobody looked. */
final class FilledShop implements AutoCloseable {

    private static final int EVENTS_PER_TRANSACTION = 1_000;

    private final MeasuredShop shop = new MeasuredShop();

    /** @param events in the store, or a few more */
    FilledShop(int events) throws IOException, InterruptedException {
        shop.stopCommandSide();
        shop.startQuerySide().close(); // makes the tables
        jdbc().update("update query_side.projection set paused = true");
        fill(events);
        for (String sequence : List.of("product_id", "order_id", "user_id")) {
            shop.jdbc().queryForList("select setval('command_side." + sequence + "', 10000001)");
        }
        shop.jdbc().execute("vacuum analyze event_store.domain_event");
    }

    private void fill(int atLeast) {
        try (HikariDataSource writer = shop.connections("command_side", "command_side")) {
            PersonKeys keys = shop.keys(writer, "event_store_keys");
            PostgresEventStorageEngine engine = PostgresEventStorageEngine.on(
                    writer, ClosedMapSerializer.ofEvents(), new EncryptedPayloads(EventRegistry::personalFields, keys));
            TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(writer));
            ShopHistory history = new ShopHistory();
            long begin = System.nanoTime();
            int filled = 0;
            while (filled < atLeast) {
                List<DomainEventMessage<?>> next = history.next(EVENTS_PER_TRANSACTION);
                transactions.executeWithoutResult(status -> {
                    engine.appendEvents(next);
                    next.stream()
                            .filter(event -> event.getPayload() instanceof UserPersonalDataErasedEvent)
                            .forEach(event -> keys.destroy(event.getAggregateIdentifier()));
                });
                filled += next.size();
            }
            System.out.printf(
                    Locale.ROOT, "{\"filled\": %d, \"seconds\": %.0f}%n", filled, (System.nanoTime() - begin) / 1e9);
        }
    }

    MeasuredShop shop() {
        return shop;
    }

    JdbcTemplate jdbc() {
        return shop.jdbc();
    }

    /** @return events per second from the start of a replay to the switch */
    double replayRate(long id) {
        return jdbc().queryForObject(
                        "select total / extract(epoch from switched_at - started_at) from query_side.replay where id = ?",
                        Double.class,
                        id);
    }

    /** A query side whose processors do nothing: a view gets its rows by a replay, and goes on from there by itself. */
    ServiceProcess startQuerySide() throws IOException, InterruptedException {
        return shop.startQuerySide();
    }

    @Override
    public void close() throws IOException {
        shop.close();
    }
}
