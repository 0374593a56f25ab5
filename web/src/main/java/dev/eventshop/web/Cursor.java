package dev.eventshop.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a page begins, as clients hand it back: the sort keys of the last item before it. Clients can't read it, but
 * they can write what they like, so nothing in it is trusted: a wrong cursor is 422 on the field {@code cursor}.
 *
 * @param list name of the list and its order; a cursor of another one is refused
 * @param keys sort keys of the last item
 */
public record Cursor(String list, List<String> keys) {

    public static final String PARAMETER = "cursor";

    private static final char SEPARATOR = '\u001f';
    private static final int MAX_LENGTH = 2_000;

    public Cursor {
        keys = List.copyOf(keys);
    }

    /** @param keys by their {@code toString}, without control characters */
    public static Cursor of(String list, Object... keys) {
        List<String> texts = new ArrayList<>();
        for (Object key : keys) {
            String text = key.toString();
            if (text.indexOf(SEPARATOR) >= 0) {
                throw new IllegalArgumentException("a key with a separator");
            }
            texts.add(text);
        }
        return new Cursor(list, texts);
    }

    /** @return the opaque form */
    public String encode() {
        String text = list + SEPARATOR + String.join(String.valueOf(SEPARATOR), keys);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a cursor and its keys.
     *
     * @param text   as received
     * @param list   that it must be a cursor of
     * @param length number of its keys
     * @param keys   makes something of the keys; what it throws means a wrong cursor
     * @return null when there is no text: the first page
     * @throws ProblemException 422
     */
    public static <T> @Nullable T decode(
            @Nullable String text, String list, int length, Function<List<String>, T> keys) {
        if (text == null) {
            return null;
        }
        try {
            if (text.length() <= MAX_LENGTH) {
                String decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
                List<String> parts = List.of(decoded.split(String.valueOf(SEPARATOR), -1));
                if (parts.size() == length + 1 && parts.get(0).equals(list) && Text.isStorable(decoded)) {
                    return keys.apply(parts.subList(1, parts.size()));
                }
            }
        } catch (RuntimeException wrongKey) {
            // refused below
        }
        throw Problems.invalid(PARAMETER, "is not a cursor of this list");
    }
}
