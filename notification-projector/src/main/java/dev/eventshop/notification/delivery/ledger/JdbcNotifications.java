package dev.eventshop.notification.delivery.ledger;

import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.stereotype.Repository;

@Repository
class JdbcNotifications implements Notifications {

    /** One statement: whose order it is, who that is, and the row; the unique key decides whether it is new. */
    private static final String RECORD = """
            INSERT INTO notification (notification_key, kind, user_id, order_id, order_status, facts, locale, trace_id,
                                      recipient, full_name, status, give_up_at)
            SELECT n.key, n.kind, n.user_id, n.order_id, n.order_status, n.facts, coalesce(r.locale, n.locale), n.trace_id,
                   r.email, r.full_name,
                   CASE WHEN r.erased_at IS NOT NULL THEN 'SUPPRESSED'
                        WHEN r.email IS NOT NULL THEN 'PENDING'
                        ELSE 'WAITING_FOR_RECIPIENT' END,
                   now() + CASE WHEN r.email IS NOT NULL THEN ?::interval ELSE ?::interval END
            FROM (SELECT v.key, v.kind, coalesce(v.user_id, c.user_id) AS user_id, v.order_id, v.order_status, v.facts,
                         v.locale, v.trace_id
                  FROM (VALUES (?, ?, ?::int, ?::int, ?, ?::json, ?, ?))
                           AS v (key, kind, user_id, order_id, order_status, facts, locale, trace_id)
                  LEFT JOIN order_customer c ON c.order_id = v.order_id) n
            LEFT JOIN recipient r ON r.user_id = n.user_id
            ON CONFLICT (notification_key) DO NOTHING
            RETURNING status, user_id""";

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

    JdbcNotifications(
            JdbcTemplate jdbc, Rechecks rechecks, WakeUp wakeUp, LedgerSettings settings, LedgerMetrics metrics) {
        this.jdbc = jdbc;
        this.rechecks = rechecks;
        this.wakeUp = wakeUp;
        this.settings = settings;
        this.metrics = metrics;
    }

    @Override
    public boolean record(NewNotification notification) {
        List<Recorded> rows = jdbc.query(
                RECORD,
                (row, number) -> new Recorded(row.getString(1), row.getObject(2, Integer.class)),
                Intervals.sql(settings.retryFor()),
                Intervals.sql(settings.waitForRecipient()),
                notification.key(),
                notification.facts().kind().name(),
                notification.userId(),
                notification.orderId(),
                text(notification.orderStatus()),
                FactsJson.write(notification.facts()),
                text(notification.locale()),
                text(notification.traceId()));
        if (rows.isEmpty()) {
            return false;
        }
        Recorded recorded = rows.get(0);
        AfterCommit.run(() -> metrics.recorded(notification.facts().kind()));
        if (recorded.status().equals("PENDING")) {
            wakeUp.afterCommit();
        } else if (recorded.status().equals("WAITING_FOR_RECIPIENT")) {
            recheckAfterCommit(recorded.userId(), notification.orderId());
        }
        return true;
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

    private static SqlParameterValue text(@Nullable Object value) {
        return new SqlParameterValue(Types.VARCHAR, value == null ? null : value.toString());
    }

    private record Recorded(String status, @Nullable Integer userId) {}
}
