package dev.eventshop.notification.deadletter;

/** Texts that nobody has checked, as the database can store them. */
final class Clean {

    private Clean() {}

    /** @return the beginning of the text, with a question mark for each character that can't be stored or shown */
    static String text(String text, int longest) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(longest)
                .map(point -> Character.isISOControl(point) || isHalf(point) ? '?' : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
