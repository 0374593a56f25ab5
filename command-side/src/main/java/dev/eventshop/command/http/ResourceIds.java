package dev.eventshop.command.http;

import dev.eventshop.web.ProblemException;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Numbers in paths. */
public final class ResourceIds {

    private static final int MAX_DIGITS = 10; // of an int

    private ResourceIds() {}

    /**
     * @param kind of resource, for example {@code product}
     * @return the number, positive
     * @throws ProblemException 404 when the text can't be the number of anything
     */
    public static int parse(String kind, String text) {
        if (!text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.charAt(0) != '0'
                && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long number = Long.parseLong(text);
            if (number <= Integer.MAX_VALUE) {
                return (int) number;
            }
        }
        throw notFound(kind);
    }

    static ProblemException notFound(String kind) {
        return new ProblemException(
                HttpStatus.NOT_FOUND, kind.toUpperCase(Locale.ROOT) + "_NOT_FOUND", "There is no such " + kind + ".");
    }
}
