package dev.eventshop.command.http;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code If-Match} header of writes. */
public final class Preconditions {

    private static final int MAX_LENGTH = 1_000;

    /** An entity tag and what may follow it in a list (RFC 9110, 8.8.3 and 13.1.1). */
    private static final Pattern ENTITY_TAG =
            Pattern.compile("\\s*+(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*+)\"\\s*+(?:,|$)");

    /** Stands for a tag that is none of ours: no version is negative. */
    private static final Long NO_VERSION = -1L;

    private Preconditions() {}

    /**
     * @param header as received, null when missing
     * @return versions that the aggregate may be at; empty for any, as with {@code *} or without the header
     */
    public static Set<Long> ifMatch(@Nullable String header, Form form) {
        if (header == null || header.strip().equals("*")) {
            return Set.of();
        }
        Set<Long> versions = new HashSet<>();
        Matcher tag = ENTITY_TAG.matcher(header);
        int end = 0;
        while (end < header.length() && header.length() <= MAX_LENGTH && tag.find(end) && tag.start() == end) {
            boolean weak = tag.group(1) != null; // If-Match compares strongly: a weak tag matches nothing
            versions.add(weak ? NO_VERSION : version(tag.group(2)));
            end = tag.end();
        }
        if (end < header.length() || versions.isEmpty()) {
            form.reject("If-Match", "must be * or the ETag of an answer, with its quotes");
        }
        return versions;
    }

    private static Long version(String tag) {
        return tag.matches("0|[1-9][0-9]{0,17}") ? Long.valueOf(tag) : NO_VERSION;
    }
}
