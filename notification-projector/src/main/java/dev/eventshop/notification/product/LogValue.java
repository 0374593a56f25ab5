package dev.eventshop.notification.product;

/** Text from a message, made fit for one value of a log line. */
final class LogValue {

    private static final int LIMIT = 200;

    private LogValue() {}

    /** @return the text in quotes, on one line, without anything that could end the quotes or look like another line */
    static String quoted(String text) {
        StringBuilder value = new StringBuilder("\"");
        text.codePoints().limit(LIMIT).forEach(c -> {
            if (c == '"' || c == '\\') {
                value.append('\\').appendCodePoint(c);
            } else if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || c == 0x2028
                    || c == 0x2029) {
                value.append(' ');
            } else {
                value.appendCodePoint(c);
            }
        });
        return value.append('"').toString();
    }
}
