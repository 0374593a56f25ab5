package dev.eventshop.messaging.subscribing;

import org.jspecify.annotations.Nullable;

/** Texts that nobody has checked, as they may stand in a line of the log or in a header. */
final class Quoted {

    private static final int LONGEST_TEXT = 100;
    private static final int LONGEST_ERROR = 500;

    private Quoted() {}

    /** @return the beginning of the text, in quotes */
    static String text(@Nullable String text) {
        return text == null ? "missing" : "\"" + printable(text, LONGEST_TEXT) + "\"";
    }

    /** @return class and message */
    static String error(Throwable error) {
        return printable(error.toString(), LONGEST_ERROR);
    }

    private static String printable(String text, int longest) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .limit(longest)
                .map(point -> Character.isISOControl(point) ? '?' : point)
                .forEach(printable::appendCodePoint);
        return printable.length() < text.length() ? printable + "..." : printable.toString();
    }
}
