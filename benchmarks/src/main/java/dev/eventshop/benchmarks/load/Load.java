package dev.eventshop.benchmarks.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the generator is to do.
 *
 * @param port          of the server, on this machine
 * @param authorization value of the header; null for none
 * @param perSecond     requests that are due in a second, whether or not earlier ones are answered; 0 for as many as
 *     the connections can take, each sending its next request when the last one is answered
 * @param products      numbers of the products that {@link Kind#ADJUST} and {@link Kind#ORDER} are about
 * @param zipf          exponent of how often each of them is meant; 0 for all alike
 * @param user          who orders
 */
public record Load(
        int port,
        @Nullable String authorization,
        Kind kind,
        int connections,
        double perSecond,
        int warmUpSeconds,
        int seconds,
        List<Integer> products,
        double zipf,
        int user) {

    /** Length of the parts that a run is also counted by. */
    public static final int PART_SECONDS = 5;

    /** The generator says so when the warm-up is over. */
    static final String MEASURING = "measuring";

    /** Stops sending, until {@link #RESUME}. */
    static final String PAUSE = "pause";

    static final String RESUME = "resume";

    /** A request that is sent again and again. */
    public enum Kind {
        /** A new product. */
        CREATE,
        /** A unit more or less of a product. */
        ADJUST,
        /** One unit each of three products. */
        ORDER
    }
}
