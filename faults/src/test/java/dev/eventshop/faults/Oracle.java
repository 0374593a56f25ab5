package dev.eventshop.faults;

import com.rabbitmq.client.AlreadyClosedException;
import dev.eventshop.testing.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares what customers were answered with the rows of the store, the messages of the exchange, what the query side
 * answers, and the emails that were received. It shares no code with the services.
 */
final class Oracle {

    private static final Set<String> HOLDING = Set.of("CONFIRMED", "SHIPPED", "COMPLETED");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String token = Shop.bearer("oracle");
    private final Servers servers;
    private final Shop shop;
    private final Customers customers;
    private final Tap tap;
    private final Duration patience;
    private final Mailbox mailbox;

    /** What was found once is not found again. */
    private final Set<String> known = new HashSet<>();

    private final Set<Integer> seenOrders = new HashSet<>();
    private int unansweredBefore;
    private int uncertainBefore;

    /** No order up to that index has anything before it. */
    private long quietUpTo;

    /** @param patience with what is to be done after a fault */
    Oracle(Servers servers, Shop shop, Customers customers, Tap tap, Duration patience) {
        this.servers = servers;
        this.shop = shop;
        this.customers = customers;
        this.tap = tap;
        this.patience = patience;
        this.mailbox = new Mailbox(servers.mail);
    }

    /** @return when all that follows from the commands was done; what is still open when it was not, in the findings */
    Duration awaitQuiet(Findings findings) {
        long start = System.nanoTime();
        long quietSince = 0;
        String open = "";
        while (System.nanoTime() - start < patience.toNanos()) {
            open = open();
            if (!open.isEmpty()) {
                quietSince = 0;
            } else if (quietSince == 0) {
                quietSince = System.nanoTime();
            } else if (System.nanoTime() - quietSince > TimeUnit.SECONDS.toNanos(2)) {
                quietUpTo = StoredEvents.last(servers.sql());
                return Duration.ofNanos(quietSince - start);
            }
            pause();
        }
        findings.unexpected.add("not done within " + patience.toSeconds() + " s: " + open);
        quietUpTo = StoredEvents.last(servers.sql()); // told once, and waited for once
        return patience;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @return what is not done yet; empty when all is */
    private String open() {
        try {
            long emails = count(
                    "notification.notification" + " where status in ('PENDING', 'SENDING', 'WAITING_FOR_RECIPIENT')");
            if (emails > 0) {
                return emails + " emails";
            }
            JsonNode forwarder = get(shop.commandSides.get(0).url() + "/api/admin/forwarder");
            if (forwarder.path("lagEvents").asLong(-1) != 0) {
                return "the forwarder: " + forwarder;
            }
            JsonNode projections =
                    get(shop.querySides.get(0).url() + "/api/admin/processors").path("items");
            for (JsonNode projection : projections) {
                if (projection.path("lagEvents").asLong(-1) != 0) {
                    return "a projection: " + projection;
                }
            }
            if (projections.isEmpty()) {
                return "no projections";
            }
            long pending = StoredEvents.pendingOrders(servers.sql(), quietUpTo);
            if (pending > 0) {
                return pending + " orders";
            }
            Map<String, Long> ready = new HashMap<>();
            servers.atBroker(channel -> {
                for (String queue : StoredEvents.QUEUES.values()) {
                    ready.put(queue, channel.messageCount(queue));
                }
            });
            ready.values().removeIf(messages -> messages == 0);
            if (!ready.isEmpty()) {
                return "queues: " + ready;
            }
            long notHandled = StoredEvents.notHandled(servers.sql(), quietUpTo);
            return notHandled == 0 ? "" : notHandled + " messages that the notification service has not handled";
        } catch (IOException
                | DataAccessException
                | IllegalStateException
                | JacksonException
                | AlreadyClosedException e) {
            return e.toString();
        }
    }

    private long count(String from) {
        Long count = servers.sql().queryForObject("select count(*) from " + from, Long.class);
        return count == null ? 0 : count;
    }

    /**
     * Looks at everything that has happened so far.
     *
     * @param fault what was injected last
     * @param runs  how often
     */
    void examine(Fault fault, int runs, Findings findings) throws IOException {
        StoredEvents stored = StoredEvents.read(servers.sql());
        compareAnswers(stored, findings);
        compareStocks(stored, findings);
        compareMessages(stored, fault.tapped(), findings);
        compareInbox(fault, findings);
        compareViews(stored, findings);
        compareEmails(stored, findings);
        countUncertain(fault.uncertain() * runs, findings);
        stored.holes.forEach(hole -> note(findings.lost, hole));
        stored.stepsTakenTwice.forEach(step -> note(findings.duplicated, step));
        customers.unexpected.forEach(answer -> note(findings.unexpected, answer));
        long deadLetters = count("notification.dead_letter where state <> 'RETRIED'") + count("query_side.dead_letter");
        if (deadLetters > 0) {
            findings.unexpected.add(deadLetters + " dead letters");
        }
    }

    /** What could not come to the tap, since it was away, is not waited for later either. */
    private void compareMessages(StoredEvents stored, boolean tapped, Findings findings) {
        Set<String> missing = new HashSet<>(stored.publicIds);
        missing.removeAll(tap.ids());
        missing.forEach(id ->
                note(tapped ? findings.lost : new ArrayList<>(), "message " + id + " did not come to the exchange"));
        Set<String> foreign = new HashSet<>(tap.ids());
        foreign.removeAll(stored.publicIds);
        foreign.forEach(id -> note(findings.unexpected, "message " + id + " is of no event"));
    }

    /** What the notification service says that it has handled; and the lines that it writes for a change of a stock. */
    private void compareInbox(Fault fault, Findings findings) throws IOException {
        StoredEvents.allNotHandled(servers.sql())
                .forEach(message -> note(findings.lost, "message in " + message + " was not handled"));
        Map<String, Integer> lines = new HashMap<>();
        for (String line : shop.notificationLines()) {
            int start = line.indexOf("event=stock-updated ");
            if (start >= 0) {
                lines.merge(line.substring(start), 1, Integer::sum);
            }
        }
        List<String> twice = fault.sparesConsumers() ? findings.duplicated : new ArrayList<>(); // as documented
        lines.forEach((line, times) -> {
            if (times > 1) {
                note(twice, times + " lines " + line);
            }
        });
    }

    private void note(List<String> findings, String what) {
        if (known.add(what)) {
            findings.add(what);
        }
    }

    private void compareAnswers(StoredEvents stored, Findings findings) {
        for (Customers.Order order : customers.orders.values()) {
            if (!order.equals(stored.orders.get(order.id()))) {
                note(findings.lost, order + " is stored as " + stored.orders.get(order.id()));
            }
        }
        customers.users.keySet().stream()
                .filter(user -> !stored.users.contains(user))
                .forEach(user -> note(findings.lost, "user " + user));
        customers.wished.forEach((order, status) -> {
            String is = stored.statuses.get(order);
            boolean done = status.equals(is) || status.equals("SHIPPED") && "COMPLETED".equals(is);
            if (!done) {
                note(findings.lost, "order " + order + " is " + is + ", and not " + status);
            }
        });
        int more = stored.orders.size() - customers.orders.size() + stored.users.size() - customers.users.size();
        if (more > customers.unanswered.size()) {
            note(findings.duplicated, more + " orders and users that nobody was told of");
        }
        int unanswered = customers.unanswered.size() - unansweredBefore;
        unansweredBefore += unanswered;
        if (unanswered > 0) {
            findings.unexpected.add(unanswered + " calls without an answer, as " + customers.unanswered.peek());
        }
    }

    private void compareStocks(StoredEvents stored, Findings findings) {
        if (!customers.unanswered.isEmpty()) {
            return; // nobody knows what the stocks should be
        }
        Map<Integer, Integer> held = new HashMap<>();
        stored.orders.values().stream()
                .filter(order -> HOLDING.contains(stored.statuses.get(order.id())))
                .forEach(order -> order.items().forEach((product, units) -> held.merge(product, units, Integer::sum)));
        customers.given.forEach((product, given) -> {
            int should = given.get() - held.getOrDefault(product, 0);
            int is = stored.stocks.getOrDefault(product, 0);
            if (is != should) {
                note(
                        is > should ? findings.lost : findings.duplicated,
                        "stock of product " + product + " is " + is + ", and not " + should);
            }
        });
    }

    private void compareViews(StoredEvents stored, Findings findings) throws IOException {
        String url = shop.querySides.get(shop.querySides.size() - 1).url();
        for (int order : stored.orders.keySet()) {
            if (seenOrders.add(order)) {
                String status = get(url + "/api/orders/" + order).path("status").asString("none");
                if (!status.equals(stored.statuses.get(order))) {
                    note(
                            findings.lost,
                            "the view shows order " + order + " as " + status + ", and not "
                                    + stored.statuses.get(order));
                }
            }
        }
        compareStatistics(url, stored, findings);
        for (Map.Entry<Integer, Integer> stock : stored.stocks.entrySet()) {
            int shown =
                    get(url + "/api/products/" + stock.getKey()).path("stock").asInt(-1);
            if (shown != stock.getValue()) {
                note(
                        findings.lost,
                        "the view shows a stock of " + shown + " of product " + stock.getKey() + ", and not "
                                + stock.getValue());
            }
        }
    }

    /** Unlike a status, a count shows an event that was applied twice. */
    private void compareStatistics(String url, StoredEvents stored, Findings findings) throws IOException {
        int counted = 0;
        for (JsonNode bucket : get(url + "/api/statistics/sales").path("buckets")) {
            counted += bucket.get("orders").intValue();
        }
        long orders = stored.statuses.values().stream()
                .filter(status -> !status.equals("CANCELLED"))
                .count();
        if (counted != orders) {
            note(
                    counted > orders ? findings.duplicated : findings.lost,
                    "the statistics count " + counted + " orders, and not " + orders);
        }
    }

    private void compareEmails(StoredEvents stored, Findings findings) {
        Map<String, Integer> users = new HashMap<>();
        customers.users.forEach((user, address) -> users.put(address, user));
        Map<Mailbox.Email, Integer> received = new HashMap<>();
        mailbox.received().forEach((email, times) -> {
            Integer user = users.get(email.to());
            if (user != null) { // otherwise its registration has never been answered
                received.put(new Mailbox.Email(user.toString(), email.step()), times);
            }
        });
        received.forEach((email, times) -> {
            if (times > 1) {
                note(findings.duplicated, times + " times " + email);
            }
            if (!stored.emails.contains(email)) {
                note(findings.unexpected, email + " is of no event");
            }
        });
        Set<Mailbox.Email> uncertain = uncertain();
        for (Mailbox.Email email : stored.emails) {
            boolean known = customers.users.containsKey(Integer.valueOf(email.to()));
            if (known && !received.containsKey(email) && !uncertain.contains(email)) {
                note(findings.lost, email + " did not come");
            }
        }
    }

    private Set<Mailbox.Email> uncertain() {
        return new HashSet<>(servers.sql()
                .query(
                        "select user_id, order_id, order_status from notification.notification"
                                + " where status = 'UNCERTAIN'",
                        (row, number) -> row.getString(3) == null
                                ? Mailbox.Email.welcome(row.getInt(1))
                                : Mailbox.Email.of(row.getInt(1), row.getInt(2), row.getString(3))));
    }

    /** A word that excuses what is lost has to be rare. */
    private void countUncertain(int atMost, Findings findings) {
        int uncertain = (int) count("notification.notification where status = 'UNCERTAIN'");
        findings.uncertain = uncertain - uncertainBefore;
        uncertainBefore = uncertain;
        if (findings.uncertain > atMost) {
            findings.unexpected.add(findings.uncertain + " uncertain emails, and not " + atMost + " at most");
        }
    }

    private JsonNode get(String url) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    /** Sends emails again that the mail server has refused for good. */
    void retryFailedEmails() throws IOException {
        for (Long id : servers.sql()
                .queryForList(
                        "select notification_id from notification.notification where status = 'FAILED'", Long.class)) {
            send(HttpRequest.newBuilder(URI.create(
                            shop.notificationProjectors.get(0).url() + "/api/notifications/" + id + "/retry"))
                    .POST(HttpRequest.BodyPublishers.noBody()));
        }
    }

    /** @return how many dead letters of messages there are, by queue */
    Map<String, Integer> deadLetters() {
        Map<String, Integer> letters = new TreeMap<>();
        servers.sql()
                .query(
                        "select queue, count(*) from notification.dead_letter where state <> 'RETRIED' group by queue",
                        row -> {
                            letters.put(row.getString(1), row.getInt(2));
                        });
        return letters;
    }

    void discardDeadLetters() throws IOException {
        send(HttpRequest.newBuilder(
                        URI.create(shop.notificationProjectors.get(0).url() + "/api/admin/dead-letters/discard"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    }

    /** @return status on a page of the health of a service, as it says itself */
    static String health(ServiceProcess service, String page) throws IOException {
        return JSON.readTree(service.management(page)).path("status").asString("none");
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> answer = client.send(
                    request.timeout(Duration.ofSeconds(20))
                            .header("Authorization", token)
                            .build(),
                    BodyHandlers.ofString());
            return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
