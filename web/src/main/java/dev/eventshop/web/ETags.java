package dev.eventshop.web;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Entity tags, which are versions in quotes, and the conditions that clients make of them (RFC 9110, 8.8.3 and 13.1).
 *
 * <p>A malformed {@code If-Match} is refused with 422: to carry a write out without the condition that the client meant
 * could lose an update. A malformed {@code If-None-Match} is no condition, since the full answer is never wrong.
 */
public final class ETags {

    private static final int MAX_LENGTH = 4_000;
    private static final Pattern TAG =
            Pattern.compile("[ \\t]*+(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*+)\"[ \\t]*+(?:,|$)");

    private ETags() {}

    /** @return {@code "17"}, with its quotes */
    public static String of(long version) {
        return '"' + Long.toString(version) + '"';
    }

    /**
     * @param header {@code If-Match} as received, null when missing
     * @throws ProblemException 422 on the field {@code If-Match}
     */
    public static Condition ifMatch(@Nullable String header) {
        if (header == null) {
            return Condition.NONE;
        }
        Condition condition = parse(header, false);
        if (condition == null) {
            throw Problems.invalid("If-Match", "must be * or the ETag of an answer, with its quotes");
        }
        return condition;
    }

    /** @return whether the client has that version already: answer 304 */
    public static boolean isNotModified(@Nullable String ifNoneMatch, long version) {
        if (ifNoneMatch == null) {
            return false;
        }
        Condition condition = parse(ifNoneMatch, true);
        return condition != null && condition.isMetBy(version);
    }

    private static @Nullable Condition parse(String header, boolean weakly) {
        if (header.strip().equals("*")) {
            return new Condition(true, Set.of());
        }
        if (header.length() > MAX_LENGTH) {
            return null;
        }
        Set<Long> versions = new HashSet<>();
        Matcher tag = TAG.matcher(header);
        int end = 0;
        boolean any = false;
        while (end < header.length()) {
            if (!tag.find(end) || tag.start() != end) {
                return null;
            }
            any = true;
            if ((weakly || tag.group(1) == null) && tag.group(2).matches("0|[1-9][0-9]{0,17}")) {
                versions.add(Long.valueOf(tag.group(2)));
            }
            end = tag.end();
        }
        return any ? new Condition(false, versions) : null;
    }

    /**
     * What {@code If-Match} asks for.
     *
     * @param any      whether every version will do
     * @param versions that will do otherwise; may be empty: tags that none of ours equals
     */
    public record Condition(boolean any, Set<Long> versions) {

        static final Condition NONE = new Condition(true, Set.of());

        public Condition {
            versions = Set.copyOf(versions);
        }

        public boolean isMetBy(long version) {
            return any || versions.contains(version);
        }
    }
}
