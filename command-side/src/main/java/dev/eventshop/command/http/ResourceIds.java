package dev.eventshop.command.http;

import dev.eventshop.command.ids.IdSequence;
import dev.eventshop.command.ids.IdsExhausted;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** Numbers of resources: of those in paths, and of new ones. */
public final class ResourceIds {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceIds.class);

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

    /**
     * @return a number for a new resource
     * @throws ProblemException 500 when all are given away
     */
    public static int next(IdSequence sequence) {
        try {
            return sequence.next();
        } catch (IdsExhausted exhausted) {
            LOG.error("No new number", exhausted);
            throw new ProblemException(
                    HttpStatus.INTERNAL_SERVER_ERROR, "IDS_EXHAUSTED", "There are no numbers left for new resources.");
        }
    }

    static ProblemException notFound(String kind) {
        return Problems.notFound(kind.toUpperCase(Locale.ROOT) + "_NOT_FOUND", "There is no such " + kind + ".");
    }
}
