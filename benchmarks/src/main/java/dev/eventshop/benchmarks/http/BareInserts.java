package dev.eventshop.benchmarks.http;

import dev.eventshop.benchmarks.server.RealPostgreSql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the database gives when it is asked for nothing but the row: pgbench with one INSERT into the event store's own
 * table, and the commit, in each transaction.
 */
final class BareInserts {

    private static final String TABLE = "db/event-store/V1__domain_events.sql";

    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+) \\(without");

    private static final String METADATA = "{\"causationId\":\"0193783a-57a6-7e4d-a5a1-f2c1b4d3e7a1\","
            + "\"correlationId\":\"0193783a-57a6-7e4d-a5a1-f2c1b4d3e7a1\","
            + "\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"}";

    private BareInserts() {}

    /** A row to insert; in {@code aggregateId}, {@code :client_id} and {@code :i} make it another one each time. */
    enum Row {
        /** First event of a new product. */
        CREATE(
                "'product-' || :client_id || '-' || :i",
                "0",
                "ProductCreatedEvent",
                "{\"productId\":1234567,\"name\":\"Teapot\",\"price\":19.90,\"initialStock\":1000000,"
                        + "\"createdAt\":\"2026-11-30T12:00:00.123456Z\"}"),
        /** The next event of one of some products. */
        ADJUST(
                "'product-' || :client_id",
                ":i",
                "ProductStockUpdatedEvent",
                "{\"productId\":1234,\"productName\":\"Teapot\",\"oldStock\":1000000,\"newStock\":1000001,"
                        + "\"updatedAt\":\"2026-11-30T12:00:00.123456Z\"}");

        private final String aggregateId;
        private final String sequenceNumber;
        private final String type;
        private final String payload;

        Row(String aggregateId, String sequenceNumber, String type, String payload) {
            this.aggregateId = aggregateId;
            this.sequenceNumber = sequenceNumber;
            this.type = type;
            this.payload = payload;
        }

        int bytes() {
            return payload.length() + METADATA.length();
        }

        private String script() {
            return "\\set i :i + 1\n"
                    + "insert into domain_event (event_id, aggregate_type, aggregate_id, sequence_number, event_type,"
                    + " event_revision, time, payload, metadata) values (gen_random_uuid(), 'Product', " + aggregateId
                    + ", " + sequenceNumber + "::bigint, '" + type + "', '1.0', now(), '" + payload + "', '"
                    + METADATA + "');\n";
        }
    }

    /**
     * @return transactions per second; empty where there is no pgbench
     * @throws IOException when it fails
     */
    static Optional<Double> perSecond(Row row, int clients, int seconds) throws IOException, InterruptedException {
        Optional<Path> pgbench = pgbench();
        if (pgbench.isEmpty()) {
            return Optional.empty();
        }
        Path script = Files.createTempFile("benchmark-", ".sql");
        try (RealPostgreSql database = RealPostgreSql.createDatabase()) {
            Files.writeString(script, row.script());
            database.jdbc().execute(table());
            database.jdbc().execute("checkpoint"); // what others have left is not this one's
            ProcessBuilder command = new ProcessBuilder(
                            pgbench.get().toString(),
                            "--no-vacuum",
                            "--protocol=prepared",
                            "--client=" + clients,
                            "--jobs=2",
                            "--time=" + seconds,
                            "--define=i=0",
                            "--file=" + script)
                    .redirectErrorStream(true);
            command.environment().putAll(database.environment());
            Process process = command.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher tps = TPS.matcher(said);
            if (process.waitFor() != 0 || !tps.find()) {
                throw new IOException("pgbench: " + said);
            }
            return Optional.of(Double.parseDouble(tps.group(1)));
        } finally {
            Files.delete(script);
        }
    }

    private static String table() throws IOException {
        try (var sql = BareInserts.class.getClassLoader().getResourceAsStream(TABLE)) {
            if (sql == null) {
                throw new IOException(TABLE + " is missing");
            }
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Optional<Path> pgbench() throws IOException {
        List<Path> folders =
                Stream.of(System.getenv("PATH").split(":")).map(Path::of).toList();
        Path debian = Path.of("/usr/lib/postgresql");
        try (Stream<Path> versions = Files.isDirectory(debian) ? Files.list(debian) : Stream.empty()) {
            return Stream.concat(folders.stream(), versions.map(version -> version.resolve("bin")))
                    .map(folder -> folder.resolve("pgbench"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }
}
