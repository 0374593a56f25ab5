package dev.eventshop.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One line for each fault. */
final class FaultTable {

    private static final String LINE = "%-52s %8s %9s %12s %9s %5s %10s %10s %10s %9s %9s%n";

    private final StringBuilder text;
    private final List<String> failures = new ArrayList<>();

    /** @param heading what the faults are injected into */
    FaultTable(String heading) {
        text = new StringBuilder(heading)
                .append(System.lineSeparator())
                .append(line(
                        "fault",
                        "injected",
                        "attempted",
                        "acknowledged",
                        "no answer",
                        "lost",
                        "duplicated",
                        "unexpected",
                        "uncertain",
                        "recovery",
                        "longest"));
    }

    private static String line(Object... cells) {
        return String.format(Locale.ROOT, LINE, cells);
    }

    /**
     * @param failedTries of calls that were answered at a later one
     * @param recoveries  from the end of the fault until all was done; not empty
     */
    void add(
            Fault fault,
            int attempted,
            int acknowledged,
            int failedTries,
            List<Duration> recoveries,
            Findings findings) {
        List<Duration> sorted = new ArrayList<>(recoveries);
        Collections.sort(sorted);
        text.append(line(
                fault.name(),
                recoveries.size(),
                attempted,
                acknowledged,
                failedTries,
                findings.lost.size(),
                findings.duplicated.size(),
                findings.unexpected.size(),
                findings.uncertain + " of " + fault.uncertain() * recoveries.size(),
                seconds(sorted.get(sorted.size() / 2)),
                seconds(sorted.get(sorted.size() - 1))));
        if (!findings.isClean()) {
            failures.add(fault.name() + ": " + findings);
        }
    }

    /** A fault that can't be injected here. */
    void leftOut(Fault fault) {
        text.append(String.format(Locale.ROOT, "%-52s left out: there is no %s%n", fault.name(), fault.needs()));
    }

    /** Time was up. */
    void notRun(Fault fault, int runs) {
        String what = String.format(Locale.ROOT, "%-52s not run %d times: the time was up", fault.name(), runs);
        text.append(what).append(System.lineSeparator());
        failures.add(what);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
