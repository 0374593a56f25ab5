package dev.eventshop.command.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code traceparent} of W3C Trace Context, level 1: a request is a span of the trace that it names, or the
 * first of a new one.
 */
final class TraceParent {

    static final String HEADER = "traceparent";

    /** Version, trace, parent and flags; later versions may have more behind them. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");

    private static final int SAMPLED = 1;

    private static final SecureRandom RANDOM = new SecureRandom();

    private TraceParent() {}

    /** @return the request's own span, in the trace of the header; in a new, not sampled one when that is malformed */
    static String continuing(@Nullable String header) {
        Matcher parts = FORM.matcher(header == null ? "" : header);
        if (!parts.matches()) {
            return "00-" + random(16) + "-" + random(8) + "-00";
        }
        int sampled = Integer.parseInt(parts.group(2), 16) & SAMPLED;
        return "00-" + parts.group(1) + "-" + random(8) + "-0" + sampled;
    }

    private static String random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
