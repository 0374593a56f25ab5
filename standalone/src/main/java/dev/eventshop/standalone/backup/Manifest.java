package dev.eventshop.standalone.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in a file of a backup.
 *
 * @param format     of the file; a reader refuses those that it does not know
 * @param backup     the same in both files of a backup
 * @param part       which of them this is
 * @param createdAt  moment that the backup shows
 * @param eventshop  version that has written it
 * @param postgresql version of the server that it comes from
 * @param cluster    {@code system_identifier} of that server
 * @param head       position of the last event; null when there is none
 * @param horizon    the first transaction that may still have been running at that moment; null in files of a version
 *     that did not write it down
 * @param schemas    each with the highest version of its migrations; null when it has none of its own
 * @param masterKeys names of those that the keys are wrapped with; without them the keys are of no use
 * @param entries    everything else in the file, in the order in which it is restored
 */
record Manifest(
        int format,
        String backup,
        Part part,
        Instant createdAt,
        String eventshop,
        String postgresql,
        String cluster,
        @Nullable String head,
        @Nullable String horizon,
        Map<String, @Nullable String> schemas,
        List<String> masterKeys,
        List<Entry> entries) {

    static final int FORMAT = 1;
    static final String NAME = "manifest.json";

    enum Part {
        /** All tables, and all rows but the keys. */
        DATA,
        /** The keys of persons, wrapped. */
        KEYS
    }

    /**
     * @param name   in the file
     * @param table  qualified, with its columns, as {@code COPY} takes it; null for a script
     * @param rows   0 for a script
     * @param sha256 of the content, in hex
     */
    record Entry(String name, @Nullable String table, long rows, long bytes, String sha256) {}
}
