package dev.eventshop.messaging;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code traceparent} of W3C Trace Context, level 1: of a request, which is a span of the trace that it
 * names or the first of a new one, and of the messages that come of it.
 */
public final class TraceParent {

    public static final String HEADER = "traceparent";

    /** Version, trace, parent and flags; later versions may have more behind them. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");

    private static final int SAMPLED = 1;

    private static final SecureRandom RANDOM = new SecureRandom();

    private TraceParent() {}

    /** @return the request's own span, in the trace of the header; in a new, not sampled one when that is malformed */
    public static String continuing(@Nullable String header) {
        Matcher parts = FORM.matcher(header == null ? "" : header);
        if (!parts.matches()) {
            return "00-" + random(16) + "-" + random(8) + "-00";
        }
        int sampled = Integer.parseInt(parts.group(2), 16) & SAMPLED;
        return "00-" + parts.group(1) + "-" + random(8) + "-0" + sampled;
    }

    /** @return the trace of the header, 32 hexadecimal digits; null when there is none, or it is malformed */
    public static @Nullable String traceId(@Nullable Object header) {
        Matcher parts = FORM.matcher(header == null ? "" : header.toString());
        return parts.matches() ? parts.group(1) : null;
    }

    private static String random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
