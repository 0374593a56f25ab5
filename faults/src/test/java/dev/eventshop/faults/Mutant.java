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
 * @param instances of each service
 * @param fault     name of the fault that is to find it
 * @param finding   as what
 */
record Mutant(String name, List<Edit> edits, int instances, String fault, Finding finding) {

    /** What a defect leads to. Anything else that is found besides may be a test that is only slow. */
    sealed interface Finding {

        boolean isIn(Findings findings);

        record Lost() implements Finding {

            @Override
            public boolean isIn(Findings findings) {
                return !findings.lost.isEmpty();
            }
        }

        record Duplicated() implements Finding {

            @Override
            public boolean isIn(Findings findings) {
                return !findings.duplicated.isEmpty();
            }
        }

        /** @param text regular expression */
        record Unexpected(String text) implements Finding {

            @Override
            public boolean isIn(Findings findings) {
                return findings.unexpected.stream().anyMatch(what -> what.matches(text));
            }
        }
    }

    private static final Finding LOST = new Finding.Lost();
    private static final Finding DUPLICATED = new Finding.Duplicated();

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
                        1,
                        "broker: away",
                        LOST),
                new Mutant(
                        "confirms not awaited",
                        List.of(new Edit(
                                MESSAGING + "publishing/Batch.java",
                                "while (!lost && (writing || settled < written))",
                                "while (!lost && writing)")),
                        1,
                        "broker: messages lost on their way",
                        LOST),
                new Mutant(
                        "mandatory off",
                        List.of(new Edit(MESSAGING + "publishing/ConfirmChannel.java", "message.mandatory()", "false")),
                        1,
                        "broker: binding deleted",
                        LOST),
                new Mutant(
                        "horizon removed",
                        List.of(new Edit(
                                EVENT_STORE + "EventLog.java",
                                "\"(epoch, transaction_id)\"\n            + \" < ((select max(epoch) from"
                                        + " event_store.cluster), pg_snapshot_xmin(pg_current_snapshot()))\"",
                                "\"true\"")),
                        1,
                        "PostgreSQL: server processes freeze",
                        LOST),
                new Mutant(
                        "acknowledged before the commit",
                        List.of(
                                new Edit(
                                        MESSAGING + "subscribing/MessageHandling.java",
                                        "        long start = System.nanoTime();\n        int first;",
                                        "        long start = System.nanoTime();\n        int first;\n"
                                                + "        Delivery.acknowledge(open.stream().map(ReadMessage::delivery).toList());")),
                        1,
                        "killed at CONSUMER_BEFORE_COMMIT",
                        LOST),
                new Mutant(
                        "inbox and key of the ledger removed",
                        List.of(
                                new Edit(MESSAGING + "inbox/Inbox.java", "first.retainAll(noted);", ""),
                                new Edit(
                                        LEDGER + "JdbcNotifications.java",
                                        "SELECT n.key, n.kind",
                                        "SELECT n.key || random(), n.kind")),
                        1,
                        "messages: all again, in any order",
                        DUPLICATED),
                new Mutant(
                        "dead letters acknowledged and not sent",
                        List.of(
                                new Edit(
                                        MESSAGING + "subscribing/MessageHandling.java",
                                        "        DeadLetter letter = new DeadLetter(",
                                        "        if (attempts.count() > 0) {\n            delivery.acknowledge();\n"
                                                + "            return;\n        }\n        DeadLetter letter = new DeadLetter(")),
                        1,
                        "messages: hostile",
                        new Finding.Unexpected("(?s).* dead letters of .*")),
                new Mutant(
                        "emails of a dead process sent again",
                        List.of(new Edit(
                                LEDGER + "JdbcDeliveries.java",
                                "WHEN n.handed_over_at IS NULL THEN 'PENDING' ELSE 'UNCERTAIN' END",
                                "WHEN n.handed_over_at IS NULL THEN 'PENDING' ELSE 'PENDING' END")),
                        1,
                        "mail: killed after it is accepted",
                        DUPLICATED),
                new Mutant(
                        "emails given up at the first refusal",
                        List.of(new Edit(
                                LEDGER + "JdbcDeliveries.java",
                                "WHEN now() + :pause::interval < n.give_up_at + late.by THEN 'PENDING'",
                                "WHEN now() + :pause::interval < n.give_up_at + late.by THEN 'FAILED'")),
                        1,
                        "mail: refused for now (451)",
                        LOST),
                new Mutant(
                        "inbox removed",
                        List.of(new Edit(MESSAGING + "inbox/Inbox.java", "first.retainAll(noted);", "")),
                        1,
                        "messages: all again, in any order",
                        DUPLICATED),
                new Mutant(
                        "position moved before it is published",
                        List.of(new Edit(
                                COMMAND_SIDE + "forwarding/Forwarder.java",
                                "        if (!messages.isEmpty()) {\n            try {",
                                "        writeDown(batch, messages.size());\n"
                                        + "        if (!messages.isEmpty()) {\n            try {")),
                        1,
                        "broker: command side killed before it publishes",
                        LOST),
                new Mutant(
                        "token written apart from its projection",
                        List.of(new Edit(
                                EVENT_STORE + "PostgresTokenStore.java",
                                "if (jdbc.update(STORE, TokenForm.write(token), processorName, segment, nodeId) == 0) {",
                                "org.springframework.transaction.support.TransactionTemplate apart ="
                                        + " new org.springframework.transaction.support.TransactionTemplate(new"
                                        + " org.springframework.jdbc.support.JdbcTransactionManager(jdbc.getDataSource()));\n"
                                        + "        apart.setPropagationBehavior(3);\n"
                                        + "        if (apart.execute(any -> jdbc.update("
                                        + "STORE, TokenForm.write(token), processorName, segment, nodeId)) == 0) {")),
                        1,
                        "killed at PROJECTION_AFTER_COMMIT",
                        LOST),
                new Mutant(
                        "claims of the dead never expire",
                        List.of(new Edit(
                                EVENT_STORE + "PostgresTokenStore.java",
                                "\"claimed_at < clock_timestamp() - cast(? as interval)\"",
                                "\"claimed_at < clock_timestamp() - cast(? as interval) - interval '1 day'\"")),
                        1,
                        "query side: killed",
                        new Finding.Unexpected("(?s)not done within .*: a projection: .*")),
                new Mutant(
                        "token written by whomever, and redeliveries counted",
                        List.of(
                                new Edit(
                                        EVENT_STORE + "PostgresTokenStore.java",
                                        "\"update tracking_token set token = ?, claimed_at = clock_timestamp()\""
                                                + " + ONE + \" and owner = ?\"",
                                        "\"update tracking_token set token = ?, claimed_at = clock_timestamp()\""
                                                + " + ONE + \" and (owner = ? or true)\""),
                                new Edit(
                                        EVENT_STORE + "PostgresTokenStore.java",
                                        "\"update tracking_token set claimed_at = clock_timestamp()\""
                                                + " + ONE + \" and owner = ?\"",
                                        "\"update tracking_token set claimed_at = clock_timestamp()\""
                                                + " + ONE + \" and (owner = ? or true)\""),
                                new Edit(
                                        "query-side/src/main/java/dev/eventshop/query/salesstatistics/"
                                                + "SalesStatisticsProjector.java",
                                        "if (figures.find(event.orderId()).isPresent()) {",
                                        "if (figures.find(event.orderId()).isPresent() && version < 0) {")),
                        2,
                        "query side: frozen",
                        DUPLICATED),
                new Mutant(
                        "reservation without its permit",
                        List.of(new Edit(
                                COMMAND_SIDE + "product/Product.java",
                                "if (!permits.take(command.orderId(), id.value())) {",
                                "if (!permits.take(command.orderId(), id.value()) && command.quantity() < 0) {")),
                        2,
                        "command side: frozen",
                        DUPLICATED),
                new Mutant(
                        "stock of a cancelled order kept",
                        List.of(new Edit(
                                COMMAND_SIDE + "order/fulfilment/StockSteps.java",
                                "case RELEASE -> each(step, product -> new ReleaseStock(product, step.orderId()));",
                                "case RELEASE -> {}")),
                        1,
                        "command side: killed",
                        DUPLICATED),
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
                        1,
                        "killed at EVENT_AFTER_COMMIT",
                        DUPLICATED));
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
