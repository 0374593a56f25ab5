package dev.eventshop.standalone.probe;

import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.client.Written;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Sends a command and follows the event that it makes. The hops are watched at the same time. */
final class Tracer {

    private static final long POLL_MILLIS = 20;
    private static final String SENT = "SENT";

    private final ShopClient shop;
    private final ExchangeTap tap;
    private final Duration timeout;

    Tracer(ShopClient shop, ExchangeTap tap, Duration timeout) {
        this.shop = shop;
        this.tap = tap;
        this.timeout = timeout;
    }

    /**
     * Which event to expect, and what becomes of it.
     *
     * @param isMine whether a message's body is about the resource that the command was for, by its id
     * @param view   path on the query side of what the event changes, by the id
     * @param email  how to find the email that follows from it; null when none does
     */
    record Expectation(
            String event,
            String routingKey,
            IntFunction<Predicate<JsonNode>> isMine,
            IntFunction<String> view,
            @Nullable Email email) {}

    /**
     * @param query   of the ledger, by the id
     * @param subject a word that the email's subject has
     */
    record Email(IntFunction<String> query, String subject) {}

    /** What the command returned; empty when it was not carried out. */
    record Result(Trace trace, Optional<Written> written) {}

    Result follow(Expectation expected, Supplier<Written> command) {
        Trace trace = new Trace(expected.event());
        long start = System.nanoTime();
        Written written;
        try {
            written = command.get();
        } catch (UnexpectedAnswer e) {
            trace.missed(Hop.COMMAND, String.valueOf(e.getMessage()));
            return new Result(trace, Optional.empty());
        }
        Clock clock = new Clock(start, start + timeout.toNanos());
        trace.reached(Hop.COMMAND, clock.now());
        CompletableFuture.allOf(
                        watch("exchange", () -> watchExchange(trace, expected, written, clock)),
                        watch("view", () -> watchView(trace, expected, written, clock)),
                        watch("email", () -> watchEmail(trace, expected.email(), written, clock)))
                .join();
        return new Result(trace, Optional.of(written));
    }

    private record Clock(long start, long deadline) {

        Duration now() {
            return Duration.ofNanos(System.nanoTime() - start);
        }

        boolean isOver() {
            return System.nanoTime() > deadline;
        }
    }

    private interface Watch {
        void run() throws InterruptedException;
    }

    private static CompletableFuture<Void> watch(String name, Watch watch) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        watch.run();
                        done.complete(null);
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                },
                "watch " + name);
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private void watchExchange(Trace trace, Expectation expected, Written written, Clock clock)
            throws InterruptedException {
        Predicate<JsonNode> isMine = expected.isMine().apply(written.id());
        Optional<ExchangeTap.Seen> found = tap.await(
                message -> message.type().equals(expected.event()) && isMine.test(message.body()), clock.deadline());
        if (found.isEmpty()) {
            trace.missed(Hop.EXCHANGE, "");
            return;
        }
        ExchangeTap.Seen message = found.get();
        String problem = problem(message, expected);
        if (problem.isEmpty()) {
            trace.reached(Hop.EXCHANGE, Duration.ofNanos(message.nanos() - clock.start()));
        } else {
            trace.missed(Hop.EXCHANGE, problem);
        }
    }

    private static String problem(ExchangeTap.Seen message, Expectation expected) {
        if (!message.routingKey().equals(expected.routingKey())) {
            return "it came with the routing key " + message.routingKey();
        }
        if (message.messageId() == null) {
            return "it has no message id";
        }
        return EventFields.difference(expected.event(), message.body())
                .map(difference -> "it " + difference)
                .orElse("");
    }

    private void watchView(Trace trace, Expectation expected, Written written, Clock clock) {
        try {
            shop.read(expected.view().apply(written.id()), written.position(), timeout);
            trace.reached(Hop.READ_MODEL, clock.now());
        } catch (UnexpectedAnswer e) {
            trace.missed(Hop.READ_MODEL, String.valueOf(e.getMessage()));
        }
    }

    private void watchEmail(Trace trace, @Nullable Email email, Written written, Clock clock)
            throws InterruptedException {
        if (email == null) {
            return;
        }
        String status = "";
        while (!status.equals(SENT)) {
            if (clock.isOver()) {
                trace.missed(status.isEmpty() ? Hop.LEDGER : Hop.EMAIL, status.isEmpty() ? "" : "it is " + status);
                return;
            }
            Optional<String> found = status(email, written.id());
            if (found.isPresent() && status.isEmpty()) {
                trace.reached(Hop.LEDGER, clock.now());
            }
            status = found.orElse(status);
            if (!status.equals(SENT)) {
                Thread.sleep(POLL_MILLIS);
            }
        }
        trace.reached(Hop.EMAIL, clock.now());
    }

    private Optional<String> status(Email email, int id) {
        try {
            return shop.notifications(email.query().apply(id)).stream()
                    .filter(row -> row.path("subject").asString("").contains(email.subject()))
                    .map(row -> row.path("status").asString(""))
                    .findFirst();
        } catch (UnexpectedAnswer e) {
            return Optional.empty();
        }
    }
}
