package dev.eventshop.notification.delivery.template;

import org.jspecify.annotations.Nullable;

/** Text that people typed, made fit for one line of an email. */
final class PlainText {

    private PlainText() {}

    /**
     * @return the text without control characters, line ends and marks that turn the direction of writing, cut to
     *     {@code limit} characters; empty for null
     */
    static String line(@Nullable String text, int limit) {
        if (text == null) {
            return "";
        }
        String clean = text.codePoints()
                .map(c -> Character.isISOControl(c) || invisible(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .replaceAll("\\s+", " ")
                .strip();
        if (clean.codePointCount(0, clean.length()) <= limit) {
            return clean;
        }
        return clean.substring(0, clean.offsetByCodePoints(0, limit - 1)).strip() + "…";
    }

    private static boolean invisible(int c) {
        int type = Character.getType(c);
        return type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
