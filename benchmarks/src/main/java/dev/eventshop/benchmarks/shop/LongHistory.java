package dev.eventshop.benchmarks.shop;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a command costs on a product with a hundred thousand stock events against one with ten: by turns on both, one
 * after the other, so that whatever else the machine does meets both alike.
 */
public final class LongHistory {

    private static final int WARM_UP = 1_000;

    /** Events that are read at once while the history is made; even. */
    private static final int SLICE = 2_000;

    private static final String COPY = """
            insert into event_store.domain_event (event_id, aggregate_type, aggregate_id, sequence_number, event_type,
                event_revision, time, payload, metadata)
            select gen_random_uuid(), aggregate_type, aggregate_id, number, event_type, event_revision, time, payload,
                metadata
            from generate_series(
                    (select max(sequence_number) + 1 from event_store.domain_event where aggregate_id = ?), ?) as number
                join event_store.domain_event on aggregate_id = ? and sequence_number = 2 - number % 2""";

    private LongHistory() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int commands = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000;
        try (MeasuredShop shop = new MeasuredShop()) {
            int young = withHistory(shop, 10);
            int old = withHistory(shop, 100_000);
            compare(shop, young, old, WARM_UP);
            for (int round = 0; round < rounds; round++) {
                compare(shop, young, old, commands).print();
            }
        }
    }

    /** Most events are copies of the first two, written past the service, which reads them with commands between. */
    private static int withHistory(MeasuredShop shop, int events) throws InterruptedException {
        int product = shop.product(1_000_000);
        long version = shop.adjust(product, 1);
        while (version < events) {
            version = shop.adjust(product, -1);
            if (version < events) {
                repeat(shop, product, Math.min(version + SLICE, events) - 1);
            }
        }
        while (version >= SLICE && snapshotOf(shop, product) < version - SLICE) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return product;
    }

    /** @param last number of the last event that is added, odd as those that add to the stock */
    private static void repeat(MeasuredShop shop, int product, long last) {
        String id = "product-" + product;
        shop.jdbc().update(COPY, id, last, id);
    }

    private static long snapshotOf(MeasuredShop shop, int product) {
        Long version = shop.jdbc()
                .queryForObject(
                        "select coalesce(max(sequence_number), 0) from command_side.snapshot where aggregate_id = ?",
                        Long.class,
                        "product-" + product);
        return version == null ? 0 : version;
    }

    private static Compared compare(MeasuredShop shop, int young, int old, int commands) {
        Compared compared = new Compared(new Latencies(), new Latencies());
        for (int i = 0; i < commands; i++) {
            int delta = i % 2 == 0 ? 1 : -1;
            compared.young.time(() -> shop.adjust(young, delta));
            compared.old.time(() -> shop.adjust(old, delta));
        }
        return compared;
    }

    private record Compared(Latencies young, Latencies old) {

        void print() {
            System.out.printf(Locale.ROOT, "{\"events\": 10, %s}%n", young);
            System.out.printf(
                    Locale.ROOT,
                    "{\"events\": 100000, %s, \"p99Ratio\": %.2f}%n",
                    old,
                    old.percentile(99) / young.percentile(99));
        }
    }
}
