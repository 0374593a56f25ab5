package dev.eventshop.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The report as a page of Markdown. */
final class Page {

    private static final String NONE = "";

    private final JsonNode all;
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    Page(JsonNode all) {
        this.all = all;
        this.results = new Results(all.path("lines"));
    }

    String text() {
        head();
        throughput();
        latency();
        broker();
        views();
        store();
        rounds();
        method();
        return text.toString();
    }

    private void head() {
        JsonNode machine = all.path("machine");
        JsonNode postgresql = machine.path("postgresql");
        line("# Performance");
        line(NONE);
        line("Written by `benchmarks/run report " + all.path("mode").asString() + "`, which measures all of it again.");
        line(
                "Everything runs on one machine: the servers, the services, and the load, which comes over loopback from a");
        line("process of its own. Numbers from elsewhere can't be compared with these; the ratios of one run can.");
        line(NONE);
        table(List.of("", ""), rows -> {
            rows.add(List.of(
                    "measured",
                    all.path("startedAt").asString() + ", "
                            + number(all.path("minutes").asDouble(), 0) + " minutes, commit "
                            + machine.path("commit").asString()));
            rows.add(List.of(
                    "machine",
                    machine.path("processor").asString() + ", "
                            + machine.path("cores").asInt() + " cores, "
                            + machine.path("memoryGib").asInt() + " GiB, "
                            + machine.path("system").asString()));
            rows.add(List.of(
                    "versions",
                    "JDK " + machine.path("java").asString() + ", Spring Boot "
                            + machine.path("springBoot").asString() + ", Axon "
                            + machine.path("axon").asString()
                            + ", PostgreSQL "
                            + postgresql.path("server_version").asString() + ", RabbitMQ "
                            + machine.path("rabbitmq").asString()));
            rows.add(List.of(
                    "durability",
                    List.of("fsync", "synchronous_commit", "full_page_writes").stream()
                                    .map(setting -> "`" + setting + "` "
                                            + postgresql.path(setting).asString())
                                    .collect(Collectors.joining(", "))
                            + "; durable queues, persistent messages, publisher confirms"));
            rows.add(List.of(
                    "PostgreSQL",
                    List.of("shared_buffers", "max_wal_size", "wal_sync_method").stream()
                            .map(setting -> "`" + setting + "` "
                                    + postgresql.path(setting).asString())
                            .collect(Collectors.joining(", "))));
            rows.add(List.of("load average", loads()));
        });
        all.path("failures").forEach(failure -> {
            line("**" + failure.path("benchmark").asString() + " failed** and is missing below, or is incomplete.");
            line(NONE);
        });
    }

    private String loads() {
        double[] loads = StreamSupport.stream(all.path("lines").spliterator(), false)
                .map(line -> line.path("load"))
                .filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::asDouble)
                .sorted()
                .toArray();
        return loads.length == 0
                ? "not known"
                : number(loads[0], 1) + " to " + number(loads[loads.length - 1], 1)
                        + " over one minute, the measurements themselves included; beside each figure in"
                        + " [results.json](performance/results.json)";
    }

    private void throughput() {
        line("## Commands");
        line(NONE);
        line(
                "Answered with success in a second, over 64 connections that each send the next request when the last one");
        line(
                "is answered. Medians of the rounds. \"Raw\" is pgbench with 64 clients: one INSERT of the same row into the same");
        line("table, and its commit.");
        line(NONE);
        table(List.of("", "Eventshop", "stock", "times stock", "raw", "of raw", "most behind at the end"), rows -> {
            rows.add(row("product creations", "create", "perSecond", "create"));
            rows.add(row("stock adjustments, 1 000 products, uniform", "adjust", "perSecond", "adjust"));
            rows.add(row("stock adjustments, 1 000 products, Zipf 1.0", "adjust-zipf", "perSecond", "adjust"));
            rows.add(row("orders of 3 items, placed and confirmed", "order", "confirmedPerSecond", null));
        });
        line(
                "Of Eventshop only rounds count in which projections, forwarder and saga had caught up within 5 s of the end"
                        + notCounted() + ".");
        line(
                "Of the stock application all count; \"falls behind\" says that it had not. Then the ratio is to what it comes to");
        line(
                "when the time counts that its processors still needed after the end. A warm-up has few connections for most of");
        line("its time: the compilers of the services would get no turn among the threads that serve 64.");
        line(NONE);
        line("![Commands per second](performance/throughput.svg)");
        line(NONE);
        line("Adjustments in parts of five seconds, while the histories of the products grow:");
        line(NONE);
        line("![Adjustments per second over time](performance/flatness.svg)");
        line(NONE);
    }

    private String notCounted() {
        long left = List.of("create", "adjust", "adjust-zipf", "order").stream()
                .flatMap(what -> results.commands(Results.EVENTSHOP, what).stream())
                .filter(line -> !Results.isBounded(line))
                .count();
        return left == 0 ? "; all did" : "; " + left + " did not";
    }

    private List<String> row(String title, String what, String field, @Nullable String raw) {
        OptionalDouble own = Results.median(results.counted(Results.EVENTSHOP, what), field);
        OptionalDouble stock = Results.median(results.counted(Results.STOCK, what), field);
        boolean keepsUp = !field.equals("perSecond") // what is confirmed has been caught up with
                || results.commands(Results.STOCK, what).stream().allMatch(Results::isBounded);
        OptionalDouble kept =
                keepsUp ? stock : Results.median(results.counted(Results.STOCK, what), "withCatchingUpPerSecond");
        OptionalDouble bare = raw == null
                ? OptionalDouble.empty()
                : Results.median(results.counted(Results.PGBENCH, raw), "perSecond");
        return List.of(
                title,
                perSecond(own),
                perSecond(stock) + (keepsUp ? "" : ", with catching up " + perSecond(kept)),
                ratio(own, kept, 1),
                perSecond(bare),
                ratio(own, bare, 2),
                "Eventshop " + behind(Results.EVENTSHOP, what) + "; stock " + behind(Results.STOCK, what));
    }

    private String behind(String system, String what) {
        List<JsonNode> lines = results.commands(system, what);
        long most = lines.stream()
                .flatMap(line -> StreamSupport.stream(line.path("lag").spliterator(), false))
                .mapToLong(JsonNode::asLong)
                .max()
                .orElse(0);
        return most + (lines.stream().allMatch(Results::isBounded) ? "" : ", falls behind");
    }

    private void latency() {
        line("## Latency of a command");
        line(NONE);
        line(
                "At a fixed rate, whether or not earlier requests are answered. Counted from the moment that a request was due,");
        line("so what it waits for a free connection is in it. Medians of the rounds, in milliseconds.");
        line(NONE);
        table(List.of("", "offered/s", "achieved/s", "p50", "p99", "p99.9", "longest"), rows -> {
            for (String system : List.of(Results.EVENTSHOP, Results.STOCK)) {
                for (String what : List.of("create", "adjust")) {
                    List<JsonNode> lines = results.commands(system, what + "-latency");
                    rows.add(List.of(
                            (system.equals(Results.STOCK) ? "stock" : "Eventshop") + ", "
                                    + (what.equals("create") ? "product creation" : "stock adjustment"),
                            perSecond(Results.median(lines, "offeredPerSecond")),
                            perSecond(Results.median(lines, "perSecond")),
                            millis(lines, "p50Millis"),
                            millis(lines, "p99Millis"),
                            millis(lines, "p999Millis"),
                            millis(lines, "maxMillis")));
                }
            }
        });
        line("![Latency of a command](performance/latency.svg)");
        line(NONE);
    }

    private void broker() {
        line("## To and from RabbitMQ");
        line(NONE);
        table(List.of("", "Eventshop", "bare client", "of bare", "body"), rows -> {
            List<JsonNode> backlog = results.of("forwarding.Backlog");
            rows.add(List.of(
                    "forwarder through a backlog of " + count(backlog, "events") + " events, messages/s",
                    perSecond(Results.median(backlog, "forwarderPerSecond")),
                    perSecond(Results.median(backlog, "barePerSecond")),
                    fraction(Results.median(backlog, "ofBare")),
                    count(backlog, "bodyBytes") + " bytes"));
            List<JsonNode> consumer = results.of("messaging.Consumer");
            rows.add(List.of(
                    "queue to ledger, " + count(consumer, "messages") + " orders, messages/s",
                    perSecond(Results.median(consumer, "consumerPerSecond")),
                    perSecond(Results.median(consumer, "barePerSecond")),
                    fraction(Results.median(consumer, "ofBare")),
                    count(consumer, "bodyBytes") + " bytes"));
        });
        line(
                "The bare client publishes the same bytes, persistent and mandatory, and waits for the confirms in batches of 500,");
        line(
                "as many as the forwarder sends at once; or it takes the same messages, with the same prefetch of 100, and drops");
        line("them. The first fifth of each is not counted.");
        line(NONE);
        List<JsonNode> confirms = results.of("forwarding.ConfirmLag");
        if (confirms.isEmpty()) {
            return;
        }
        table(List.of("until the broker's confirm, 200 a second", "p50 ms", "p99 ms", "longest"), rows -> {
            for (JsonNode line : confirms) {
                rows.add(
                        lags("from an answer to a command, round " + line.path("round"), line.path("answerToConfirm")));
                rows.add(lags("bare client, round " + line.path("round"), line.path("bare")));
            }
        });
    }

    private static List<String> lags(String title, JsonNode lag) {
        return List.of(
                title,
                number(lag.path("p50Millis").asDouble(), 1),
                number(lag.path("p99Millis").asDouble(), 1),
                number(lag.path("maxMillis").asDouble(), 1));
    }

    private void store() {
        List<JsonNode> lines = results.of("store.LargeStore");
        if (lines.isEmpty()) {
            return;
        }
        line("## A large store");
        line(NONE);
        table(List.of("", "append p50 ms", "p99", "read of the tail p50 ms", "p99"), rows -> {
            for (JsonNode line : lines) {
                if (line.has("round")) {
                    rows.add(List.of(
                            line.path("store").asString() + ", round " + line.path("round"),
                            number(line.path("append").path("p50Millis").asDouble(), 2),
                            number(line.path("append").path("p99Millis").asDouble(), 2),
                            number(line.path("tail").path("p50Millis").asDouble(), 2),
                            number(line.path("tail").path("p99Millis").asDouble(), 2)));
                }
            }
        });
        for (JsonNode line : lines) {
            if (line.has("appendP99Ratio")) {
                line("Medians of the 99th percentiles with "
                        + grouped(line.path("large").asDouble()) + " events to those with "
                        + grouped(line.path("small").asDouble()) + ": appends "
                        + number(line.path("appendP99Ratio").asDouble(), 2) + ", reads "
                        + number(line.path("tailP99Ratio").asDouble(), 2) + ".");
                line(NONE);
            }
        }
    }

    private void views() {
        line("## Views");
        line(NONE);
        line("Of the query side, on the embedded PostgreSQL 18, with the same durability.");
        line(NONE);
        table(List.of("rebuild", "events/s", "by hand", "of by hand", "stock", "times stock", "load"), rows -> {
            for (JsonNode line : results.of("replay.SideBySide")) {
                if (!line.has("projection")) {
                    continue; // how long filling the store took
                }
                rows.add(List.of(
                        "`" + line.path("projection").asString() + "`, "
                                + grouped(line.path("events").asDouble()) + " events",
                        grouped(line.path("replayPerSecond").asDouble()),
                        grouped(line.path("loopPerSecond").asDouble()),
                        number(line.path("ofLoop").asDouble(), 2),
                        grouped(line.path("stockPerSecond").asDouble()),
                        number(line.path("timesStock").asDouble(), 0),
                        number(line.path("load").asDouble(), 1)));
            }
        });
        table(List.of("from an answer to its row in the view", "p50 ms", "p99 ms", "longest", "rows"), rows -> {
            for (JsonNode line : results.of("shop.ViewLag")) {
                JsonNode lag = line.path("answerToRow");
                if (line.has("commandsPerSecond")) {
                    rows.add(List.of(
                            "at " + line.path("commandsPerSecond").asInt() + " commands/s",
                            number(lag.path("p50Millis").asDouble(), 1),
                            number(lag.path("p99Millis").asDouble(), 1),
                            number(lag.path("maxMillis").asDouble(), 1),
                            grouped(lag.path("count").asDouble())));
                }
            }
        });
    }

    private void rounds() {
        line("## All rounds");
        line(NONE);
        line("Processor seconds are those of all "
                + all.path("machine").path("cores").asInt()
                + " cores during the measured time; what is missing to its length times the cores was idle,");
        line(
                "waited for the disk, or somebody else. \"ms of a command\" are those of services and servers for one request.");
        line(NONE);
        table(
                List.of(
                        "round",
                        "system",
                        "what",
                        "per second",
                        "behind at the end",
                        "caught up after",
                        "processor seconds",
                        "ms of a command",
                        "load before"),
                rows -> {
                    for (JsonNode line : results.of("http.Commands")) {
                        rows.add(List.of(
                                line.path("round").asString(),
                                line.path("system").asString(),
                                line.path("what").asString(),
                                line.has("confirmedPerSecond")
                                        ? grouped(
                                                line.path("confirmedPerSecond").asDouble())
                                        : grouped(line.path("perSecond").asDouble()),
                                named(line.path("lag")),
                                !line.has("drainSeconds")
                                        ? ""
                                        : line.path("drainSeconds").isNumber()
                                                ? number(
                                                                line.path("drainSeconds")
                                                                        .asDouble(),
                                                                1) + " s"
                                                : "not in time",
                                named(line.path("cpuSeconds")),
                                perCommand(line),
                                number(line.path("load").asDouble(), 1)));
                    }
                });
    }

    /** @return milliseconds that the services and their servers worked for it, the generator left out */
    private static String perCommand(JsonNode line) {
        if (!line.has("cpuSeconds")) {
            return "";
        }
        double used = 0;
        for (Map.Entry<String, JsonNode> process : line.path("cpuSeconds").properties()) {
            used += process.getKey().equals("generator")
                    ? 0
                    : process.getValue().asDouble();
        }
        String counted = line.has("confirmedPerSecond") ? "confirmedPerSecond" : "perSecond";
        double done = line.path(counted).asDouble() * line.path("seconds").asDouble();
        return done == 0 ? "" : number(used / done * 1_000, 2);
    }

    private static String named(JsonNode values) {
        StringJoiner joined = new StringJoiner(", ");
        values.forEachEntry((name, value) -> {
            if (value.asDouble() != 0) {
                joined.add(name + " " + (value.isIntegralNumber() ? value.asString() : number(value.asDouble(), 1)));
            }
        });
        return joined.length() == 0 && !values.isMissingNode() ? "0" : joined.toString();
    }

    private void method() {
        double own = Results.median(results.counted(Results.EVENTSHOP, "adjust"), "bytesPerEvent")
                .orElse(0);
        double stock = Results.median(results.counted(Results.STOCK, "adjust"), "bytesPerEvent")
                .orElse(0);
        double bare = Results.median(results.counted(Results.PGBENCH, "adjust"), "bytesPerEvent")
                .orElse(0);
        JsonNode first = results.commands(Results.EVENTSHOP, "create").stream()
                .findFirst()
                .orElse(all.path("nothing"));
        line("## How it was measured");
        line(NONE);
        line(
                "- In each round: pgbench, Eventshop, pgbench, the stock application, each with a new database and a new virtual host.");
        line(
                "  " + first.path("settlingSeconds").asInt()
                        + " s of 200 creations a second over 4 connections at first, in which the JVMs compile most of what there");
        line("  is, then a warm-up of " + first.path("warmUpSeconds").asInt() + " s before each of the "
                + first.path("seconds").asInt() + " s that count, the same for both, by the same requests in the same");
        line("  process; what is left to do is waited for in between.");
        line(
                "- Eventshop is the executable jars of the command side, which forwards and fulfils orders as well, and of the query");
        line(
                "  side with its four projections, with 1 GB each and nothing set but addresses. It checks a signed token in each");
        line("  request, of " + first.path("requestBytes").asInt() + " bytes altogether, and encrypts personal data.");
        line(
                "- The stock application ([`benchmarks/stock`](../benchmarks/stock)) has the same commands, events and paths, three");
        line("  projections and the saga in one process with 1 GB: JPA event store, tracking processors, Jackson, and");
        line(
                "  `SpringAMQPPublisher` with publisher acknowledgement, all as they come; it publishes what Eventshop publishes, asks");
        line("  for no token, and encrypts nothing.");
        line("- Payload and metadata of a stock adjustment in the store: " + number(own, 0) + " bytes in Eventshop, "
                + number(stock, 0) + " in the stock application, " + number(bare, 0) + " in");
        line("  pgbench's row.");
        line(
                "- Orders are placed as fast as the saga can follow: the load pauses while more than 200 orders (stock: events of");
        line("  orders) wait for it. What counts is orders that were confirmed.");
        line(
                "- Everything that was printed is in [results.json](performance/results.json): all rounds, parts of five seconds,");
        line("  processor time, load.");
        line(NONE);
        line("```");
        all.path("benchmarks").forEach(benchmark -> line("benchmarks/run " + benchmark.asString()));
        line("```");
    }

    private String count(List<JsonNode> lines, String field) {
        OptionalDouble value = Results.median(lines, field);
        return value.isPresent() ? grouped(value.getAsDouble()) : "";
    }

    private static String millis(List<JsonNode> lines, String field) {
        OptionalDouble value = Results.median(lines, field);
        return value.isPresent() ? number(value.getAsDouble(), 1) : "not measured";
    }

    private static String perSecond(OptionalDouble value) {
        return value.isPresent() ? grouped(value.getAsDouble()) : "";
    }

    private static String fraction(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble(), 2) : "";
    }

    private static String ratio(OptionalDouble one, OptionalDouble other, int digits) {
        return one.isPresent() && other.isPresent() ? number(one.getAsDouble() / other.getAsDouble(), digits) : "";
    }

    private static String grouped(double value) {
        return String.format(Locale.ROOT, "%,.0f", value).replace(',', ' ');
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void table(List<String> head, Consumer<List<List<String>>> body) {
        List<List<String>> rows = new ArrayList<>();
        body.accept(rows);
        line("| " + String.join(" | ", head) + " |");
        line("|" + "---|".repeat(head.size()));
        rows.forEach(row -> line("| " + String.join(" | ", row) + " |"));
        line(NONE);
    }
}
