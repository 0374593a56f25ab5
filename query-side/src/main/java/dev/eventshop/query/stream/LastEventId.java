package dev.eventshop.query.stream;

import dev.eventshop.web.Problems;
import org.jspecify.annotations.Nullable;

/** The header by which a client goes on where its stream broke off. */
public final class LastEventId {

    public static final String HEADER = "Last-Event-ID";

    /** Nothing was told yet. */
    public static final long NONE = -1;

    private LastEventId() {}

    /**
     * @param text null for none
     * @return the version that the client knows of
     * @throws dev.eventshop.web.ProblemException 422 when it is no id of ours
     */
    public static long parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return NONE;
        }
        if (!text.matches("0|[1-9][0-9]{0,17}")) {
            throw Problems.invalid(HEADER, "must be the id of an event of this stream");
        }
        return Long.parseLong(text);
    }
}
