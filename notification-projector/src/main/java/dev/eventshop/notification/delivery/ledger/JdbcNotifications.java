package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.notification.commit.AfterCommit;
import dev.eventshop.notification.commit.CollectedWrites;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

@Repository
class JdbcNotifications implements Notifications {

    /** After those who order: whose order it is has to be entered by then. */
    private static final int AFTER_THE_DIRECTORY = 1;

    /**
     * One statement: whose order it is, who that is, and the row; the unique key decides whether it is new. In the order
     * of the keys, so that no two can block each other.
     */
    private static final String RECORD = """
            INSERT INTO notification (notification_key, kind, user_id, order_id, order_status, facts, locale, trace_id,
                                      recipient, full_name, status, give_up_at)
            SELECT n.key, n.kind, n.user_id, n.order_id, n.order_status, n.facts::json, coalesce(r.locale, n.locale), n.trace_id,
                   r.email, r.full_name,
                   CASE WHEN r.erased_at IS NOT NULL THEN 'SUPPRESSED'
                        WHEN r.email IS NOT NULL THEN 'PENDING'
                        ELSE 'WAITING_FOR_RECIPIENT' END,
                   now() + CASE WHEN r.email IS NOT NULL THEN ?::interval ELSE ?::interval END
            FROM (SELECT v.key, v.kind, coalesce(v.user_id, c.user_id) AS user_id, v.order_id, v.order_status, v.facts,
                         v.locale, v.trace_id, v.number
                  FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY
                           AS v (key, kind, user_id, order_id, order_status, facts, locale, trace_id, number)
                  LEFT JOIN order_customer c ON c.order_id = v.order_id) n
            LEFT JOIN recipient r ON r.user_id = n.user_id
            ORDER BY n.key, n.number
            ON CONFLICT (notification_key) DO NOTHING
            RETURNING kind, status, user_id, order_id""";

    /** In the order of their numbers, as all statements do, so that no two can block each other. */
    private static final String LOCK_ALL =
            "SELECT notification_id FROM notification WHERE user_id = ? ORDER BY notification_id FOR UPDATE";

    /** What is on its way stays so; its answer is still to come, and finds nobody then. */
    private static final String ERASE = """
            UPDATE notification
            SET status = CASE WHEN %1$s THEN 'SUPPRESSED' ELSE status END,
                claim = CASE WHEN NOT (%1$s) THEN claim END,
                lease_until = CASE WHEN NOT (%1$s) THEN lease_until END,
                recipient = NULL, full_name = NULL, error = NULL, error_said = NULL
            WHERE user_id = ?""".formatted(
                    "status IN ('PENDING', 'WAITING_FOR_RECIPIENT') OR status = 'SENDING' AND handed_over_at IS NULL");

    /** A statement of its own: it sees what was handed over while the others waited for the row. */
    private static final String ERASE_CONTENT = """
            DELETE FROM notification_content c USING notification n
            WHERE c.notification_id = n.notification_id AND n.user_id = ?""";

    private final JdbcTemplate jdbc;
    private final Rechecks rechecks;
    private final WakeUp wakeUp;
    private final LedgerSettings settings;
    private final LedgerMetrics metrics;
    private final CollectedWrites<NewNotification> collected = new CollectedWrites<>(AFTER_THE_DIRECTORY, this::record);

    JdbcNotifications(
            JdbcTemplate jdbc, Rechecks rechecks, WakeUp wakeUp, LedgerSettings settings, LedgerMetrics metrics) {
        this.jdbc = jdbc;
        this.rechecks = rechecks;
        this.wakeUp = wakeUp;
        this.settings = settings;
        this.metrics = metrics;
    }

    @Override
    public void record(NewNotification notification) {
        collected.add(notification);
    }

    private void record(List<NewNotification> notifications) {
        List<Recorded> rows = jdbc.query(
                RECORD,
                (row, number) -> new Recorded(
                        NotificationKind.valueOf(row.getString(1)),
                        row.getString(2),
                        row.getObject(3, Integer.class),
                        row.getObject(4, Integer.class)),
                Intervals.sql(settings.retryFor()),
                Intervals.sql(settings.waitForRecipient()),
                texts(notifications, NewNotification::key),
                texts(notifications, notification -> notification.facts().kind().name()),
                numbers(notifications, NewNotification::userId),
                numbers(notifications, NewNotification::orderId),
                texts(notifications, JdbcNotifications::orderStatus),
                texts(notifications, notification -> FactsJson.write(notification.facts())),
                texts(notifications, NewNotification::locale),
                texts(notifications, NewNotification::traceId));
        AfterCommit.run(() -> rows.forEach(recorded -> metrics.recorded(recorded.kind())));
        for (Recorded recorded : rows) {
            if (recorded.status().equals("PENDING")) {
                wakeUp.afterCommit();
            } else if (recorded.status().equals("WAITING_FOR_RECIPIENT")) {
                recheckAfterCommit(recorded.userId(), recorded.orderId());
            }
        }
    }

    private static @Nullable String orderStatus(NewNotification notification) {
        OrderStatus status = notification.orderStatus();
        return status == null ? null : status.name();
    }

    private static @Nullable String[] texts(
            List<NewNotification> notifications, Function<NewNotification, @Nullable String> field) {
        return notifications.stream().map(field).toArray(String[]::new);
    }

    private static @Nullable Integer[] numbers(
            List<NewNotification> notifications, Function<NewNotification, @Nullable Integer> field) {
        return notifications.stream().map(field).toArray(Integer[]::new);
    }

    private void recheckAfterCommit(@Nullable Integer userId, @Nullable Integer orderId) {
        if (userId != null) {
            rechecks.afterCommitOfUser(userId);
        } else if (orderId != null) {
            rechecks.afterCommitOfOrder(orderId);
        }
    }

    @Override
    public void erase(int userId) {
        jdbc.queryForList(LOCK_ALL, Long.class, userId);
        jdbc.update(ERASE, userId);
        jdbc.update(ERASE_CONTENT, userId);
    }

    private record Recorded(
            NotificationKind kind,
            String status,
            @Nullable Integer userId,
            @Nullable Integer orderId) {}
}
