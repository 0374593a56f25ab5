package dev.eventshop.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes the bytes of one request after the other. */
final class Requests {

    private static final int ITEMS = 3;

    private final Load load;
    private final Random random = new Random(17);
    private final double[] cumulative;

    Requests(Load load) {
        this.load = load;
        double[] weights = IntStream.rangeClosed(1, load.products().size())
                .mapToDouble(rank -> Math.pow(rank, -load.zipf()))
                .toArray();
        Arrays.parallelPrefix(weights, Double::sum);
        this.cumulative = weights;
    }

    byte[] next() {
        return switch (load.kind()) {
            case CREATE -> post("/api/products", "{\"name\":\"Teapot\",\"price\":19.90,\"initialStock\":1000000}");
            case ADJUST ->
                post(
                        "/api/products/" + product() + "/stock-adjustments",
                        "{\"delta\":" + (random.nextBoolean() ? 1 : -1) + "}");
            case ORDER ->
                post(
                        "/api/orders",
                        IntStream.generate(this::product)
                                .distinct()
                                .limit(ITEMS)
                                .mapToObj(product -> "{\"productId\":" + product + ",\"quantity\":1}")
                                .collect(Collectors.joining(",", "{\"userId\":" + load.user() + ",\"items\":[", "]}")));
        };
    }

    private int product() {
        double point = random.nextDouble() * cumulative[cumulative.length - 1];
        int index = Arrays.binarySearch(cumulative, point);
        return load.products().get(index < 0 ? -index - 1 : index);
    }

    private byte[] post(String path, String body) {
        String authorization = load.authorization() == null ? "" : "Authorization: " + load.authorization() + "\r\n";
        return ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + authorization
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
