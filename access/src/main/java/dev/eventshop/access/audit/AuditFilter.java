package dev.eventshop.access.audit;

import dev.eventshop.access.audit.AuditEntry.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are meant: those that have all that is given.
 *
 * @param target what the path begins with
 * @param from   of that moment and later
 * @param to     before that moment
 * @param before only those that stand behind it in a list with the newest first
 */
record AuditFilter(
        @Nullable String actor,
        @Nullable String target,
        @Nullable Outcome outcome,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Place before) {

    /** @return as a condition on {@code audit} */
    Condition condition() {
        List<String> terms = new ArrayList<>(List.of("true"));
        List<Object> parameters = new ArrayList<>();
        add(terms, parameters, "actor = ?", actor);
        add(terms, parameters, "starts_with(target, ?)", target);
        add(terms, parameters, "outcome = ?", outcome == null ? null : outcome.name());
        add(terms, parameters, "at >= ?::timestamptz", from);
        add(terms, parameters, "at < ?::timestamptz", to);
        if (before != null) {
            add(terms, parameters, "(at, id) < (?::timestamptz, ?)", before.at());
            parameters.add(before.id());
        }
        return new Condition(String.join(" and ", terms), parameters);
    }

    private static void add(List<String> terms, List<Object> parameters, String term, @Nullable Object value) {
        if (value != null) {
            terms.add(term);
            parameters.add(value instanceof Instant moment ? moment.toString() : value);
        }
    }

    /** Where an entry stands. */
    record Place(Instant at, long id) {}

    /** @param parameters of the question marks in it */
    record Condition(String sql, List<Object> parameters) {}
}
