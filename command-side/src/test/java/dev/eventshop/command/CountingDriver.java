package dev.eventshop.command;

import dev.eventshop.testing.ObservedDriver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what requests execute: their statements, commits, rollbacks and rows read. */
public final class CountingDriver extends ObservedDriver {

    private static final List<String> EXECUTED = new CopyOnWriteArrayList<>();

    /** @return what was executed since, on threads that serve requests */
    static List<String> during(Runnable requests) {
        EXECUTED.clear();
        requests.run();
        return List.copyOf(EXECUTED);
    }

    private static void note(String what) {
        String thread = Thread.currentThread().getName();
        if (thread.startsWith("http-nio") || thread.startsWith("tomcat-handler")) {
            EXECUTED.add(what);
        }
    }

    @Override
    protected Observer observer() {
        return new Observer() {

            @Override
            public void executing(String sql, List<Object> parameters) {
                note(sql);
            }

            @Override
            public void row() {
                note("row");
            }

            @Override
            public void ending(String how) {
                note(how);
            }
        };
    }
}
