package dev.eventshop.faults;

import java.util.ArrayList;
import java.util.List;

/** What is not as it should be after a fault. */
final class Findings {

    /** Acknowledged, and not there: in the store, in the broker, in a view, in a mailbox. */
    final List<String> lost = new ArrayList<>();

    /** Effects that are there more than once. */
    final List<String> duplicated = new ArrayList<>();

    final List<String> unexpected = new ArrayList<>();

    /** Emails more whose fate the service does not know, and says so: {@code UNCERTAIN} in its ledger. */
    int uncertain;

    boolean isClean() {
        return lost.isEmpty() && duplicated.isEmpty() && unexpected.isEmpty();
    }

    @Override
    public String toString() {
        return "lost " + some(lost) + ", duplicated " + some(duplicated) + ", unexpected " + some(unexpected)
                + ", uncertain " + uncertain;
    }

    private static String some(List<String> all) {
        return all.size() + (all.isEmpty() ? "" : " " + all.subList(0, Math.min(5, all.size())));
    }
}
