package dev.eventshop.notification.deadletter;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is alike in the errors of several messages. Whatever may come from a message is left out: what is quoted or in
 * brackets behind an equals sign, with all behind it; addresses, numbers. So it may stand in the clear, and errors are grouped by it.
 */
final class ErrorPattern {

    private static final int LONGEST = 300;

    /** To the end, since a quotation may have quotation marks in it, and may have been cut off. An apostrophe is none. */
    private static final Pattern QUOTED = Pattern.compile("(?s)(?:[\"`\u00AB\u201C]|(?<![\\p{L}\\p{N}])'|=\\().*");

    private static final Pattern ADDRESS = Pattern.compile("\\S*@\\S*");
    private static final Pattern IDENTIFIER =
            Pattern.compile("\\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\b");
    private static final Pattern NUMBER = Pattern.compile("-?\\p{N}+(?:[.,:]\\p{N}+)*");

    private ErrorPattern() {}

    /** @param error as the exception said it; null when it said nothing */
    static String of(@Nullable String error) {
        String text = error == null ? "" : error;
        text = QUOTED.matcher(text).replaceAll("?");
        text = ADDRESS.matcher(text).replaceAll("?");
        text = IDENTIFIER.matcher(text).replaceAll("#");
        text = NUMBER.matcher(text).replaceAll("#");
        return Clean.text(text, LONGEST);
    }
}
