package dev.eventshop.benchmarks.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.benchmarks.server.EventshopServices;
import dev.eventshop.benchmarks.server.JarProcess;
import dev.eventshop.benchmarks.shop.Latencies;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.PostgresEventStorageEngine;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.testing.TestIssuer;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Appends to a store of a hundred thousand events and to one of ten million, one event in a transaction, each read from
 * the tail right after its commit. What is compared is the 99th percentile of both.
 */
public final class LargeStore {

    private static final int FIRST_PRODUCT = 1_000_000;
    private static final int EVENTS_OF_A_PRODUCT = 100;
    private static final int EVENTS_IN_TRANSACTION = 50_000;

    private static final String FILL = """
            insert into event_store.domain_event (epoch, event_id, aggregate_type, aggregate_id, sequence_number, event_type,
                                                  event_revision, time, payload, metadata)
            select epoch, gen_random_uuid(), aggregate_type, 'product-' || %1$d + number / %2$d, number %% %2$d,
                   event_type, event_revision, now(), payload, metadata
            from (select * from event_store.domain_event where event_type = 'ProductStockUpdatedEvent' limit 1) sample,
                 generate_series(?, ?) number""".formatted(FIRST_PRODUCT, EVENTS_OF_A_PRODUCT);

    private final JdbcTemplate jdbc;
    private final PostgresEventStorageEngine engine;
    private final EventLog log;
    private final TransactionTemplate transactions;
    private final Map<Integer, Long> versions = new HashMap<>();
    private final Random random = new Random(10);

    private int products;

    private LargeStore(JdbcTemplate jdbc, HikariDataSource pool) {
        this.jdbc = jdbc;
        this.engine = PostgresEventStorageEngine.on(pool, ClosedMapSerializer.ofEvents());
        this.log = new EventLog(pool);
        this.transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
    }

    public static void main(String[] arguments) throws Exception {
        int large = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int appends = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10_000;
        int small = large / 100;
        try (EventshopServices services = EventshopServices.prepare();
                HikariDataSource pool = new HikariDataSource()) {
            JarProcess commandSide = services.startCommandSide(); // makes the tables, and an event to copy
            services.adjust(services.product());
            services.stop(commandSide);
            pool.setJdbcUrl(services.database().jdbcUrl());
            pool.setUsername(services.database().user());
            pool.setPassword(services.database().password());
            pool.setMaximumPoolSize(2);
            LargeStore benchmark = new LargeStore(services.database().jdbc(), pool);
            benchmark.fill(0, small);
            double[][] before = benchmark.rounds("small", rounds, appends);
            benchmark.fill(small, large);
            double[][] after = benchmark.rounds("large", rounds, appends);
            System.out.printf(
                    Locale.ROOT,
                    "{\"benchmark\": \"store.LargeStore\", \"small\": %d, \"large\": %d, \"appendP99Ratio\": %.2f,"
                            + " \"tailP99Ratio\": %.2f}%n",
                    small,
                    large,
                    median(after[0]) / median(before[0]),
                    median(after[1]) / median(before[1]));
        } finally {
            TestIssuer.shared().close(); // its thread would keep the JVM
        }
    }

    /** In the stored form, past the engine. */
    private void fill(int from, int to) {
        for (int first = from; first < to; first += EVENTS_IN_TRANSACTION) {
            jdbc.update(FILL, first, Math.min(to, first + EVENTS_IN_TRANSACTION) - 1);
        }
        products = to / EVENTS_OF_A_PRODUCT;
        jdbc.execute("vacuum analyze event_store.domain_event");
        jdbc.execute("checkpoint");
    }

    /** @return 99th percentiles of the appends, and of the reads */
    private double[][] rounds(String store, int rounds, int appends) {
        measure(appends); // warms up: the first append to a page after a checkpoint writes the whole page to the log
        double[][] percentiles = new double[2][rounds];
        for (int round = 0; round < rounds; round++) {
            List<Latencies> measured = measure(appends);
            percentiles[0][round] = measured.get(0).percentile(99);
            percentiles[1][round] = measured.get(1).percentile(99);
            System.out.printf(
                    Locale.ROOT,
                    "{\"store\": \"%s\", \"round\": %d, \"append\": {%s}, \"tail\": {%s}, \"load\": %.1f}%n",
                    store,
                    round + 1,
                    measured.get(0),
                    measured.get(1),
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        }
        return percentiles;
    }

    private List<Latencies> measure(int appends) {
        Latencies append = new Latencies();
        Latencies tail = new Latencies();
        Position reached = log.head();
        for (int i = 0; i < appends; i++) {
            int id = FIRST_PRODUCT + random.nextInt(products);
            GenericDomainEventMessage<?> event = new GenericDomainEventMessage<>(
                    "Product",
                    "product-" + id,
                    versions.merge(id, (long) EVENTS_OF_A_PRODUCT, (before, first) -> before + 1),
                    new ProductStockUpdatedEvent(id, "Teapot", i, i + 1, Instant.now()));
            append.time(() -> transactions.executeWithoutResult(status -> engine.appendEvents(List.of(event))));
            long begin = System.nanoTime();
            List<StoredEvent> read = log.readTail(reached, 100);
            tail.add(System.nanoTime() - begin);
            if (read.isEmpty()) {
                throw new IllegalStateException("what was committed can't be read: somebody holds back the tail");
            }
            reached = read.get(read.size() - 1).position();
        }
        return List.of(append, tail);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
