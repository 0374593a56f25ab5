package dev.eventshop.benchmarks.load;

import java.util.List;
import java.util.Map;

/**
 * What became of a {@link Load}, its warm-up not included.
 *
 * @param requestBytes   of the last request, with its headers
 * @param doneBefore     requests that were answered with success in the warm-up
 * @param done           requests that were answered with success
 * @param perSecond      of them
 * @param parts          the same for each {@link Load#PART_SECONDS}
 * @param failed         other answers, by status; 0 for connections that broke
 * @param due            requests that should have been sent; 0 when there was no rate
 * @param p50Millis      from the moment that a request was due to its answer, so waiting for a free connection counts;
 *     when there was no rate, from sending it
 * @param p99Millis      likewise
 * @param p999Millis     likewise
 * @param maxMillis      likewise
 * @param connects       connections that were opened, since the server closes them now and then
 * @param pausedMillis   for which it was told to pause
 * @param generatorCpuSeconds what the generator itself used
 */
public record LoadResult(
        int requestBytes,
        long doneBefore,
        long done,
        double perSecond,
        List<Double> parts,
        Map<String, Long> failed,
        long due,
        double p50Millis,
        double p99Millis,
        double p999Millis,
        double maxMillis,
        long connects,
        long pausedMillis,
        double generatorCpuSeconds) {}
