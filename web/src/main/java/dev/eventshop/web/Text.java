package dev.eventshop.web;

/** What texts from clients must be like. */
public final class Text {

    static final String NOT_STORABLE = "must not contain NUL or halves of characters";
    static final String NOT_INSTANT = "must be an ISO-8601 instant with a time zone, such as 2026-01-31T12:00:00Z";

    private Text() {}

    /** @return whether the text has neither NUL, which PostgreSQL refuses, nor an unpaired surrogate */
    public static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
