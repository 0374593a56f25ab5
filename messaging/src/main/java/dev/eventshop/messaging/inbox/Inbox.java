package dev.eventshop.messaging.inbox;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The table {@code message_inbox}: one row for each message of a queue that had its effect, or that failed so far. */
public final class Inbox {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    /** @param transactions of that data source, the same that the handlers' writes take part in */
    public Inbox(DataSource dataSource, PlatformTransactionManager transactions) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Runs the handler once for each message that is not noted as handled, and notes those, in one transaction: all or
     * none. A second delivery at the same time waits for the end of the first.
     *
     * @param messageIds handled in that order, each once
     * @return those that the handler has run for
     */
    public Set<String> handleOnce(String queue, Collection<String> messageIds, Consumer<String> handler) {
        return transaction.execute(status -> {
            Set<String> noted = note(queue, messageIds);
            Set<String> first = new LinkedHashSet<>(messageIds);
            first.retainAll(noted);
            first.forEach(handler);
            return first;
        });
    }

    /** In the order of the identifiers, so that no two transactions wait for each other. */
    private Set<String> note(String queue, Collection<String> messageIds) {
        return jdbc.sql("""
                        insert into message_inbox as known (queue, message_id, handled)
                        select :queue, message_id, true from unnest(:messageIds) as message_id
                        group by message_id order by message_id
                        on conflict (queue, message_id) do update set handled = true, noted_at = excluded.noted_at
                        where not known.handled
                        returning message_id""")
                .param("queue", queue)
                .param("messageIds", messageIds.toArray(String[]::new))
                .query(String.class)
                .set();
    }

    /** Runs the handler in a transaction and notes nothing: it may have its effect each time, and leaves the first to come. */
    public void handleUnnoted(Runnable handler) {
        transaction.executeWithoutResult(status -> handler.run());
    }

    /** @return the failures including this one, or empty when the message has been handled in the meantime */
    public Optional<FailedAttempts> failed(String queue, String messageId) {
        return transaction.execute(status -> jdbc.sql("""
                        insert into message_inbox as known (queue, message_id, handled, attempts, first_failed_at)
                        values (:queue, :messageId, false, 1, now())
                        on conflict (queue, message_id) do update set
                            attempts = known.attempts + 1,
                            first_failed_at = coalesce(known.first_failed_at, excluded.first_failed_at),
                            noted_at = excluded.noted_at
                        where not known.handled
                        returning attempts, first_failed_at""")
                .param("queue", queue)
                .param("messageId", messageId)
                .query((row, i) -> new FailedAttempts(
                        row.getInt("attempts"),
                        row.getObject("first_failed_at", OffsetDateTime.class).toInstant()))
                .optional());
    }

    /** Forgets the failures of a message, which lies in the dead letters now and may come back from there. */
    public void forgetFailures(String queue, String messageId) {
        transaction.executeWithoutResult(status -> jdbc.sql(
                        "delete from message_inbox where queue = :queue and message_id = :messageId and not handled")
                .param("queue", queue)
                .param("messageId", messageId)
                .update());
    }

    /**
     * Tries whether the database takes rows, and leaves none behind.
     *
     * @throws RuntimeException when it does not
     */
    public void probe() {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("insert into message_inbox (queue, message_id, handled) values ('', 'probe', true)")
                    .update();
            status.setRollbackOnly();
        });
    }

    /**
     * Removes rows that nothing has happened to for that long.
     *
     * @param atMost of them, to hold no locks for long
     * @return how many were removed
     */
    public int removeOlderThan(Duration age, int atMost) {
        return transaction.execute(status -> jdbc.sql("""
                        delete from message_inbox where (queue, message_id) in (
                            select queue, message_id from message_inbox
                            where noted_at < now() - make_interval(secs => :seconds)
                            order by noted_at limit :atMost for update skip locked)""")
                .param("seconds", (double) age.toSeconds())
                .param("atMost", atMost)
                .update());
    }
}
