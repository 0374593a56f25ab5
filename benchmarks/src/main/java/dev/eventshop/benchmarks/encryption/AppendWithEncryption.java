package dev.eventshop.benchmarks.encryption;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.embedded.EmbeddedPostgreSql;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.user.UserRegisteredEvent;
import dev.eventshop.eventstore.PayloadProtection;
import dev.eventshop.eventstore.PostgresEventStorageEngine;
import dev.eventshop.eventstore.schema.EventStoreSchema;
import dev.eventshop.personaldata.events.EncryptedPayloads;
import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.personaldata.key.PersonKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Appends per second with the encryption of personal data against those without, each in a transaction of its own, in turns
 * on one durable PostgreSQL: of registrations only, the worst case, and of a mix in which every tenth event is one.
 */
public final class AppendWithEncryption {

    private static final int THREADS = 8;
    private static final int PEOPLE = 10;

    private final TransactionTemplate transactions;
    private final AtomicInteger ids = new AtomicInteger();
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

    private AppendWithEncryption(DataSource dataSource) {
        this.transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path folder = Files.createTempDirectory("benchmark");
        try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder);
                HikariDataSource pool = pool(server)) {
            migrate(server, pool);
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                if (!"on".equals(jdbc.queryForObject("show " + setting, String.class))) {
                    throw new IllegalStateException(setting + " is off: nothing durable would be measured");
                }
            }
            PersonKeys keys =
                    new PersonKeys(pool, "event_store_keys", MasterKeys.parse(MasterKeys.newLine("benchmark")));
            AppendWithEncryption benchmark = new AppendWithEncryption(pool);
            try {
                System.out.printf(
                        "PostgreSQL %s, %d threads, %d rounds of %d s, first one of each kind not counted%n",
                        jdbc.queryForObject("show server_version", String.class), THREADS, rounds, seconds);
                benchmark.compare("registrations only", 1, pool, keys, rounds, Duration.ofSeconds(seconds));
                benchmark.compare(
                        "one registration in " + PEOPLE, PEOPLE, pool, keys, rounds, Duration.ofSeconds(seconds));
            } finally {
                benchmark.executor.shutdown();
            }
        } finally {
            delete(folder);
        }
    }

    private void compare(String what, int oneIn, DataSource pool, PersonKeys keys, int rounds, Duration length)
            throws Exception {
        EventStorageEngine clear =
                PostgresEventStorageEngine.on(pool, ClosedMapSerializer.ofEvents(), PayloadProtection.NONE);
        EventStorageEngine encrypted = PostgresEventStorageEngine.on(
                pool, ClosedMapSerializer.ofEvents(), new EncryptedPayloads(EventRegistry::personalFields, keys));
        double[] without = new double[rounds];
        double[] with = new double[rounds];
        run(clear, oneIn, length);
        run(encrypted, oneIn, length);
        for (int round = 0; round < rounds; round++) {
            without[round] = run(clear, oneIn, length);
            with[round] = run(encrypted, oneIn, length);
        }
        System.out.printf(
                Locale.ROOT,
                "{\"appends\": \"%s\", \"clearPerSecond\": %.0f, \"encryptedPerSecond\": %.0f, \"ratio\": %.3f,"
                        + " \"ratios\": %s}%n",
                what,
                median(without),
                median(with),
                median(with) / median(without),
                IntStream.range(0, rounds)
                        .mapToObj(i -> String.format(Locale.ROOT, "%.3f", with[i] / without[i]))
                        .toList());
    }

    private double run(EventStorageEngine engine, int oneIn, Duration length)
            throws InterruptedException, ExecutionException {
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        Callable<Integer> writer = () -> {
            int appended = 0;
            while (System.nanoTime() < end) {
                append(engine, oneIn);
                appended++;
            }
            return appended;
        };
        List<Future<Integer>> writers =
                executor.invokeAll(Stream.generate(() -> writer).limit(THREADS).toList());
        long appended = 0;
        for (Future<Integer> result : writers) {
            appended += result.get();
        }
        return appended / ((System.nanoTime() - begin) / 1e9);
    }

    private void append(EventStorageEngine engine, int oneIn) {
        int id = ids.incrementAndGet();
        GenericDomainEventMessage<?> event = id % oneIn == 0
                ? new GenericDomainEventMessage<>(
                        "User",
                        "user-" + id,
                        0,
                        new UserRegisteredEvent(id, "ada." + id + "@example.com", "Ada Lovelace", Instant.now()))
                : new GenericDomainEventMessage<>(
                        "Order",
                        "order-" + id,
                        0,
                        new OrderStatusChangedEvent(id, "PENDING", "CONFIRMED", Instant.now()));
        transactions.executeWithoutResult(status -> engine.appendEvents(event));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static HikariDataSource pool(EmbeddedPostgreSql server) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(server.jdbcUrl());
        pool.setUsername("command_side");
        pool.setPassword(server.passwordOf("command_side"));
        pool.setMaximumPoolSize(THREADS);
        return pool;
    }

    private static void migrate(EmbeddedPostgreSql server, DataSource pool) {
        String owner = "SET ROLE eventshop_owner";
        HikariDataSource migrator = new HikariDataSource();
        migrator.setJdbcUrl(server.jdbcUrl());
        migrator.setUsername("eventshop_migrator");
        migrator.setPassword(server.passwordOf("eventshop_migrator"));
        migrator.setMinimumIdle(0);
        try (migrator) {
            new EventStoreSchema(
                            pool,
                            new EventStoreSchema.Migration(migrator, owner, "command_side", ""),
                            Duration.ofSeconds(10))
                    .afterPropertiesSet();
            Flyway.configure()
                    .dataSource(migrator)
                    .initSql(owner)
                    .schemas("command_side")
                    .locations("classpath:db/personal-data-service")
                    .placeholders(Map.of(
                            "person-keys-schema", "event_store_keys",
                            "personal-data-service-role", "command_side",
                            "person-keys-reader", ""))
                    .load()
                    .migrate();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
