package dev.eventshop.query.projection;

import java.util.ArrayList;
import java.util.List;

/** Where something failed, for operators. Without the words of exceptions, which may quote what an event says. */
final class StackTrace {

    private static final int LONGEST = 8_000;
    private static final int MOST_CAUSES = 10;
    private static final int DEEPEST_CAUSE = 1_000; // causes may go round in circles

    private StackTrace() {}

    /** @return innermost cause first, which is not what is left out when there are too many, or cut off when it is too long */
    static String of(Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable cause = failure; cause != null && all.size() < DEEPEST_CAUSE; cause = cause.getCause()) {
            all.add(cause);
        }
        List<Throwable> causes = all.subList(Math.max(0, all.size() - MOST_CAUSES), all.size());
        StringBuilder text = new StringBuilder();
        for (int i = causes.size() - 1; i >= 0; i--) {
            Throwable cause = causes.get(i);
            text.append(text.isEmpty() ? "" : "Wrapped by: ")
                    .append(cause.getClass().getName())
                    .append('\n');
            List<StackTraceElement> frames = List.of(cause.getStackTrace());
            List<StackTraceElement> shared = i == 0 ? List.of() : shared(frames, causes.get(i - 1));
            frames.subList(0, frames.size() - shared.size())
                    .forEach(frame -> text.append("\tat ").append(frame).append('\n'));
        }
        return text.length() <= LONGEST ? text.toString() : text.substring(0, LONGEST) + "...";
    }

    /** @return the last frames, which those of what it is wrapped in end with too */
    private static List<StackTraceElement> shared(List<StackTraceElement> frames, Throwable wrapper) {
        List<StackTraceElement> outer = List.of(wrapper.getStackTrace());
        int count = 0;
        while (count < Math.min(frames.size(), outer.size())
                && frames.get(frames.size() - 1 - count).equals(outer.get(outer.size() - 1 - count))) {
            count++;
        }
        return frames.subList(frames.size() - count, frames.size());
    }
}
