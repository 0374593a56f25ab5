package dev.eventshop.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The services with a defect, which a run with some faults has to find.
 *
 * @param faults regular expression of the names of faults that are to find it
 */
record Mutant(String name, List<Edit> edits, String faults) {

    /**
     * @param source    file, from the project's folder on
     * @param text      what is there, once
     * @param defective what takes its place
     */
    record Edit(String source, String text, String defective) {}

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static final String COMMAND_SIDE = "command-side/src/main/java/dev/eventshop/command/";
    private static final String EVENT_STORE = "event-store/src/main/java/dev/eventshop/eventstore/";
    private static final String MESSAGING = "messaging/src/main/java/dev/eventshop/messaging/";
    private static final String LEDGER =
            "notification-projector/src/main/java/dev/eventshop/notification/delivery/ledger/";

    static List<Mutant> all() {
        return List.of(
                new Mutant(
                        "position moved before the confirm",
                        List.of(new Edit(
                                COMMAND_SIDE + "forwarding/Forwarder.java",
                                "        if (!messages.isEmpty()) {\n            try {",
                                "        writeDown(batch, messages.size());\n"
                                        + "        if (!messages.isEmpty()) {\n            try {")),
                        "broker: away"),
                new Mutant(
                        "confirms not awaited",
                        List.of(new Edit(
                                MESSAGING + "publishing/Batch.java",
                                "while (!lost && (writing || settled < written))",
                                "while (!lost && writing)")),
                        "broker: messages lost on their way"),
                new Mutant(
                        "mandatory off",
                        List.of(new Edit(MESSAGING + "publishing/ConfirmChannel.java", "message.mandatory()", "false")),
                        "broker: binding deleted"),
                new Mutant(
                        "horizon removed",
                        List.of(new Edit(
                                EVENT_STORE + "EventLog.java",
                                "\"(epoch, transaction_id)\"\n            + \" < ((select max(epoch) from"
                                        + " event_store.cluster), pg_snapshot_xmin(pg_current_snapshot()))\"",
                                "\"true\"")),
                        "PostgreSQL: server processes freeze"),
                new Mutant(
                        "acknowledged before the commit",
                        List.of(
                                new Edit(
                                        MESSAGING + "subscribing/MessageHandling.java",
                                        "        long start = System.nanoTime();\n        int first;",
                                        "        long start = System.nanoTime();\n        int first;\n"
                                                + "        Delivery.acknowledge(open.stream().map(ReadMessage::delivery).toList());")),
                        "killed at CONSUMER_BEFORE_COMMIT"),
                new Mutant(
                        "inbox and key of the ledger removed",
                        List.of(
                                new Edit(MESSAGING + "inbox/Inbox.java", "first.retainAll(noted);", ""),
                                new Edit(
                                        LEDGER + "JdbcNotifications.java",
                                        "SELECT n.key, n.kind",
                                        "SELECT n.key || random(), n.kind")),
                        "messages: all again, in any order"),
                new Mutant(
                        "dead letters acknowledged and not sent",
                        List.of(
                                new Edit(
                                        MESSAGING + "subscribing/MessageHandling.java",
                                        "        DeadLetter letter = new DeadLetter(",
                                        "        if (attempts.count() > 0) {\n            delivery.acknowledge();\n"
                                                + "            return;\n        }\n        DeadLetter letter = new DeadLetter(")),
                        "messages: hostile"),
                new Mutant(
                        "emails of a dead process sent again",
                        List.of(new Edit(
                                LEDGER + "JdbcDeliveries.java",
                                "WHEN n.handed_over_at IS NULL THEN 'PENDING' ELSE 'UNCERTAIN' END",
                                "WHEN n.handed_over_at IS NULL THEN 'PENDING' ELSE 'PENDING' END")),
                        "mail: killed after it is accepted"),
                new Mutant(
                        "emails given up at the first refusal",
                        List.of(new Edit(
                                LEDGER + "JdbcDeliveries.java",
                                "WHEN now() + :pause::interval < n.give_up_at + late.by THEN 'PENDING'",
                                "WHEN now() + :pause::interval < n.give_up_at + late.by THEN 'FAILED'")),
                        "mail: refused for now.*"),
                new Mutant(
                        "idempotency keys forgotten",
                        List.of(
                                new Edit(
                                        COMMAND_SIDE + "idempotency/JdbcIdempotencyKeys.java",
                                        ".findFirst();",
                                        ".filter(kept -> kept == null)\n                .findFirst();"),
                                new Edit(
                                        COMMAND_SIDE + "idempotency/JdbcIdempotencyKeys.java",
                                        "where kept.created_at <= excluded.created_at - ?::bigint * interval '1"
                                                + " millisecond'\"",
                                        "where kept.created_at <= excluded.created_at - ?::bigint * interval '1"
                                                + " millisecond' or true\"")),
                        "killed at EVENT_AFTER_COMMIT"));
    }

    /**
     * Compiles the defective classes.
     *
     * @param folder for their sources and classes
     * @return class folder
     */
    Path compile(Path folder) throws IOException {
        Path sources = folder.resolve("sources");
        for (Edit edit : edits) {
            Path target = sources.resolve(edit.source());
            String text = Files.readString(
                    Files.exists(target) ? target : PROJECT.resolve(edit.source()), StandardCharsets.UTF_8);
            int at = text.indexOf(edit.text());
            if (at < 0 || text.indexOf(edit.text(), at + 1) >= 0) {
                throw new IllegalStateException(
                        "\"" + edit.text() + "\" is not once in " + edit.source() + ": bring the mutant up to date");
            }
            Files.createDirectories(target.getParent());
            Files.writeString(target, text.replace(edit.text(), edit.defective()));
        }
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> edited = edits.stream()
                    .map(edit -> sources.resolve(edit.source()))
                    .distinct()
                    .toList();
            List<String> options = List.of(
                    "-d",
                    classes.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-parameters",
                    "-proc:none");
            if (!compiler.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(edited))
                    .call()) {
                throw new IllegalStateException("mutant \"" + name + "\" does not compile");
            }
        }
        return classes;
    }
}
