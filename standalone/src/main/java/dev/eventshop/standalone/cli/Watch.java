package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Progress;
import dev.eventshop.standalone.console.Refused;
import java.io.PrintWriter;
import java.util.Set;
import java.util.function.LongFunction;
import tools.jackson.databind.JsonNode;

/** Shows how far work of a service is, until it has ended. */
final class Watch {

    private static final long POLL_MILLIS = 200;
    private static final int PERCENT = 100;

    /** A service that is started again is back within that many looks: half a minute, or more where each takes long. */
    private static final int PATIENCE = 150;

    private static final Set<String> ENDED = Set.of("COMPLETED", "CANCELLED", "FAILED");

    private Watch() {}

    /**
     * @param title what it is
     * @param begun what the service has answered: with {@code id}, {@code state} and {@code percent}
     * @param show  asks again, by its id
     * @return how it ended
     */
    static JsonNode untilEnd(PrintWriter out, String title, JsonNode begun, LongFunction<JsonNode> show) {
        JsonNode work = begun;
        long id = begun.path("id").asLong();
        try (Progress progress = new Progress(out, title, PERCENT)) {
            int shown = 0;
            while (true) {
                for (int percent = work.path("percent").asInt(); shown < percent; shown++) {
                    progress.step();
                }
                if (ENDED.contains(text(work, "state"))) {
                    return work;
                }
                work = again(show, id);
            }
        }
    }

    /** The work goes on whether or not somebody can look at it. */
    private static JsonNode again(LongFunction<JsonNode> show, long id) {
        for (int failures = 1; ; failures++) {
            pause();
            try {
                return show.apply(id);
            } catch (UnexpectedAnswer e) {
                if (failures == PATIENCE) {
                    throw e;
                }
            }
        }
    }

    /** @return the field for people, empty when it is null */
    static String text(JsonNode work, String field) {
        return work.path(field).asString("");
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(ExitCode.FAILED, "Interrupted.", e);
        }
    }
}
