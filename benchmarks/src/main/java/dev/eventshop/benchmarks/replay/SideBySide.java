package dev.eventshop.benchmarks.replay;

import dev.eventshop.benchmarks.shop.ServiceProcess;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Events per second of a replay side by side, from its start to the switch, of each projection through the query side's
 * own interface, against a hand-written loop and against the same projector in a stock Axon processor: all three on one
 * durable PostgreSQL, in turns. The loop has to come to the same rows.
 */
public final class SideBySide {

    private static final int STOCK_WARM_UP = 2_000;

    private SideBySide() {}

    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        int stockEvents = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10_000;
        List<ReadModel> models = arguments.length > 3
                ? Arrays.stream(arguments[3].split(",")).map(ReadModel::valueOf).toList()
                : List.of(ReadModel.values());
        try (FilledShop filled = new FilledShop(events);
                ServiceProcess querySide = filled.startQuerySide()) {
            QuerySideClient client =
                    new QuerySideClient(querySide.url(), filled.shop().token());
            for (ReadModel model : models) {
                replay(filled, client, model); // the first one warms up, and brings the view
                double[] replays = new double[rounds];
                double[] loops = new double[rounds];
                long own = 0;
                for (int round = 0; round < rounds; round++) {
                    loops[round] = new HandWrittenLoop(filled.shop(), model).eventsPerSecond();
                    JsonNode replay = replay(filled, client, model);
                    own = replay.path("total").asLong();
                    replays[round] = filled.replayRate(replay.path("id").asLong());
                    assertEqual(filled, model);
                }
                double stock = stockEvents == 0
                        ? Double.NaN
                        : StockProcessor.eventsPerSecond(filled.shop(), model, STOCK_WARM_UP, stockEvents);
                System.out.printf(
                        Locale.ROOT,
                        "{\"projection\": \"%s\", \"events\": %d, \"replayPerSecond\": %.0f, \"loopPerSecond\": %.0f,"
                                + " \"stockPerSecond\": %.0f, \"ofLoop\": %.2f, \"timesStock\": %.0f,"
                                + " \"replays\": %s, \"loops\": %s, \"load\": %.1f}%n",
                        model.projection(),
                        own,
                        median(replays),
                        median(loops),
                        stock,
                        median(replays) / median(loops),
                        median(replays) / stock,
                        rounded(replays),
                        rounded(loops),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            }
        }
    }

    private static JsonNode replay(FilledShop filled, QuerySideClient client, ReadModel model)
            throws InterruptedException {
        filled.jdbc().execute("checkpoint"); // what the one before has left is not this one's
        return client.awaitCompleted(client.replay(model));
    }

    private static void assertEqual(FilledShop filled, ReadModel model) {
        List<String> replayed = Tables.digests(filled.shop(), "query_side.", "", model);
        List<String> looped = Tables.digests(filled.shop(), HandWrittenLoop.SCHEMA + ".", "_a", model);
        if (!replayed.equals(looped)) {
            throw new IllegalStateException(model + " differs: " + replayed + ", by hand " + looped);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static List<Long> rounded(double[] values) {
        return Arrays.stream(values).mapToObj(Math::round).toList();
    }
}
