package dev.eventshop.eventstore;

import org.axonframework.eventhandling.MergedTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are stored: kind and numbers, no class names. {@code 1-7431-99} is a position,
 * {@code merged(<token>,<token>)} one of a segment that came of two, {@code replay(<token at reset>,<current token>)}
 * one of a processor that repeats what it has seen before, and {@code none} a missing token within another.
 */
final class TokenForm {

    private static final String MERGED = "merged(";
    private static final String REPLAY = "replay(";
    private static final String NONE = "none";

    private TokenForm() {}

    /** @throws IllegalArgumentException when the token is of another kind, or a replay's with a context */
    static @Nullable String write(@Nullable TrackingToken token) {
        return token == null ? null : part(token);
    }

    private static String part(@Nullable TrackingToken token) {
        if (token == null) {
            return NONE;
        }
        if (token instanceof Position position) {
            return position.toString();
        }
        if (token instanceof MergedTrackingToken merged) {
            return MERGED + part(merged.lowerSegmentToken()) + "," + part(merged.upperSegmentToken()) + ")";
        }
        if (token instanceof ReplayToken replay && replay.context() == null) {
            return REPLAY + part(replay.getTokenAtReset()) + "," + part(replay.getCurrentToken()) + ")";
        }
        throw new IllegalArgumentException("a token that can't be stored: " + token);
    }

    /** @throws IllegalArgumentException when the text is not what {@link #write} makes */
    static @Nullable TrackingToken read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.equals(NONE)) {
            return null;
        }
        if (text.startsWith(MERGED)) {
            int comma = comma(text, MERGED.length());
            return new MergedTrackingToken(
                    read(text.substring(MERGED.length(), comma)), read(text.substring(comma + 1, text.length() - 1)));
        }
        if (text.startsWith(REPLAY)) {
            int comma = comma(text, REPLAY.length());
            return ReplayToken.createReplayToken(
                    read(text.substring(REPLAY.length(), comma)), read(text.substring(comma + 1, text.length() - 1)));
        }
        return Position.parse(text);
    }

    /** @return where the first part ends */
    private static int comma(String text, int from) {
        int depth = 0;
        for (int i = from; i < text.length() && text.endsWith(")"); i++) {
            char character = text.charAt(i);
            if (character == '(') {
                depth++;
            } else if (character == ')') {
                depth--;
            } else if (character == ',' && depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("not a stored token: " + text);
    }
}
