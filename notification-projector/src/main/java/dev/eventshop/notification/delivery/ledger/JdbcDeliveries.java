package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.notification.person.Person;
import dev.eventshop.personaldata.key.PersonKey;
import dev.eventshop.personaldata.key.PersonKeys;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Every statement commits by itself. The clock is the database's. */
@Repository
class JdbcDeliveries implements Deliveries {

    private static final int LONGEST_SAID = 1000;

    private static final String COLUMNS = """
            n.notification_id, n.kind, n.user_id, n.order_id, n.order_status, n.facts, n.locale, n.recipient, n.full_name,
            n.attempts, n.created_at, n.trace_id""";

    private static final String CLAIM = """
            UPDATE notification n
            SET status = 'SENDING', claim = :claim, lease_until = now() + :lease::interval, handed_over_at = NULL
            FROM (SELECT notification_id FROM notification
                  WHERE status = 'PENDING' AND due_at <= now()
                  ORDER BY due_at, notification_id
                  LIMIT :limit
                  FOR UPDATE SKIP LOCKED) due
            WHERE n.notification_id = due.notification_id
            RETURNING %s""".formatted(COLUMNS);

    /** Rows are locked in the order of their numbers, here and below, so that no two statements can block each other. */
    private static final String RENEW = """
            UPDATE notification n SET lease_until = now() + :lease::interval
            FROM (SELECT notification_id FROM notification
                  WHERE status = 'SENDING' AND claim = ANY (:claims::uuid[])
                  ORDER BY notification_id
                  FOR UPDATE) mine
            WHERE n.notification_id = mine.notification_id""";

    /**
     * Does nothing once the key is destroyed, and waits for a transaction that is about to destroy it: no email is handed
     * over after an erasure has committed.
     */
    private static final String HAND_OVER = """
            WITH known AS (
                SELECT person FROM %s WHERE person = :person AND wrapped IS NOT NULL FOR SHARE),
            handed AS (
                UPDATE notification n SET handed_over_at = now(), attempts = n.attempts + 1
                FROM known
                WHERE n.notification_id = :id AND n.claim = :claim AND n.status = 'SENDING' AND n.lease_until > now()
                RETURNING n.notification_id)
            INSERT INTO notification_content (notification_id, subject, html, text)
            SELECT notification_id, :subject, :html, :text FROM handed
            ON CONFLICT (notification_id) DO UPDATE
            SET subject = excluded.subject, html = excluded.html, text = excluded.text""";

    private static final String SUPPRESS = """
            WITH suppressed AS (
                UPDATE notification n
                SET status = 'SUPPRESSED', recipient = NULL, full_name = NULL, error = NULL, error_said = NULL,
                    claim = NULL, lease_until = NULL
                FROM (SELECT notification_id FROM notification
                      WHERE notification_id = ANY (:ids::bigint[]) AND claim = :claim AND status = 'SENDING'
                      ORDER BY notification_id
                      FOR UPDATE) mine
                WHERE n.notification_id = mine.notification_id
                RETURNING n.notification_id),
            emptied AS (
                DELETE FROM notification_content c USING suppressed s WHERE c.notification_id = s.notification_id)
            SELECT count(*)::int FROM suppressed""";

    private static final String SENT = """
            UPDATE notification
            SET status = 'SENT', sent_at = now(), error = NULL, error_said = NULL, claim = NULL, lease_until = NULL
            WHERE notification_id = :id AND claim = :claim AND status IN ('SENDING', 'UNCERTAIN')""";

    /** Without a recipient, the person was erased while the email was on its way. */
    private static final String RETRY_LATER = """
            UPDATE notification n
            SET status = CASE WHEN n.recipient IS NULL THEN 'SUPPRESSED'
                              WHEN now() + :pause::interval < n.give_up_at + late.by THEN 'PENDING'
                              ELSE 'FAILED' END,
                give_up_at = n.give_up_at + late.by,
                due_at = now() + :pause::interval, error = CASE WHEN n.recipient IS NOT NULL THEN :error END,
                error_said = CASE WHEN n.recipient IS NOT NULL THEN :said::bytea END,
                claim = NULL, lease_until = NULL, handed_over_at = NULL
            FROM (SELECT notification_id, greatest(handed_over_at - due_at, '0') AS by FROM notification
                  WHERE notification_id = :id AND claim = :claim AND status IN ('SENDING', 'UNCERTAIN')
                  FOR UPDATE) late
            WHERE n.notification_id = late.notification_id
            RETURNING n.status""";

    private static final String END = """
            UPDATE notification
            SET status = :status, error = CASE WHEN recipient IS NOT NULL THEN :error END,
                error_said = CASE WHEN recipient IS NOT NULL THEN :said::bytea END,
                claim = CASE WHEN :status = 'UNCERTAIN' THEN claim END, lease_until = NULL
            WHERE notification_id = :id AND claim = :claim AND status = 'SENDING'""";

    private static final String GIVE_BACK = """
            UPDATE notification n SET status = 'PENDING', claim = NULL, lease_until = NULL
            FROM (SELECT notification_id FROM notification
                  WHERE claim = :claim AND status = 'SENDING' AND handed_over_at IS NULL
                  ORDER BY notification_id
                  FOR UPDATE) mine
            WHERE n.notification_id = mine.notification_id""";

    private static final String RELEASE = """
            UPDATE notification n
            SET user_id = f.user_id, recipient = f.email, full_name = f.full_name,
                locale = coalesce(f.locale, n.locale),
                status = CASE WHEN f.erased_at IS NOT NULL THEN 'SUPPRESSED'
                              WHEN f.email IS NOT NULL THEN 'PENDING'
                              ELSE n.status END,
                due_at = now(),
                give_up_at = CASE WHEN f.email IS NOT NULL THEN now() + :retryFor::interval ELSE n.give_up_at END
            FROM (SELECT w.notification_id, coalesce(w.user_id, c.user_id) AS user_id, r.email, r.full_name, r.locale,
                         r.erased_at
                  FROM notification w
                  LEFT JOIN order_customer c ON c.order_id = w.order_id
                  LEFT JOIN recipient r ON r.user_id = coalesce(w.user_id, c.user_id)
                  WHERE w.status = 'WAITING_FOR_RECIPIENT' AND %s
                    AND (r.user_id IS NOT NULL OR (w.user_id IS NULL AND c.user_id IS NOT NULL))
                  ORDER BY w.notification_id
                  FOR UPDATE OF w) f
            WHERE n.notification_id = f.notification_id
            RETURNING n.status, n.user_id""";

    private static final String RELEASE_SOME =
            RELEASE.formatted("(w.user_id = ANY (:users::int[]) OR w.order_id = ANY (:orders::int[]))");

    private static final String RELEASE_ALL = RELEASE.formatted("true");

    private static final String EXPIRE = """
            UPDATE notification n
            SET status = 'FAILED',
                error = CASE WHEN n.user_id IS NULL
                    THEN 'Nobody told whose order ' || n.order_id || ' is (order.created) in time.'
                    ELSE 'Nobody told the address of user ' || n.user_id || ' (user.registered) in time.' END
            FROM (SELECT notification_id FROM notification
                  WHERE status = 'WAITING_FOR_RECIPIENT' AND give_up_at <= now()
                  FOR UPDATE SKIP LOCKED) e
            WHERE n.notification_id = e.notification_id""";

    private static final String RECOVER = """
            UPDATE notification n
            SET status = CASE WHEN n.handed_over_at IS NULL THEN 'PENDING' ELSE 'UNCERTAIN' END,
                error = CASE WHEN n.handed_over_at IS NULL THEN n.error
                    ELSE 'The service stopped between handing the email over and writing down the answer.' END,
                error_said = CASE WHEN n.handed_over_at IS NULL THEN n.error_said END,
                claim = CASE WHEN n.handed_over_at IS NULL THEN NULL ELSE n.claim END,
                lease_until = NULL
            FROM (SELECT notification_id FROM notification
                  WHERE status = 'SENDING' AND lease_until <= now()
                  FOR UPDATE SKIP LOCKED) e
            WHERE n.notification_id = e.notification_id
            RETURNING n.status""";

    private static final String RETRY = """
            UPDATE notification
            SET status = CASE WHEN recipient IS NULL THEN 'WAITING_FOR_RECIPIENT' ELSE 'PENDING' END,
                due_at = now(), error = NULL, error_said = NULL, claim = NULL, lease_until = NULL, handed_over_at = NULL,
                give_up_at = now() + CASE WHEN recipient IS NULL THEN :wait::interval ELSE :retryFor::interval END
            WHERE notification_id = :id AND status IN ('FAILED', 'UNCERTAIN')
            RETURNING status, user_id, order_id""";

    private final JdbcClient jdbc;
    private final PersonKeys keys;
    private final LedgerSettings settings;
    private final LedgerMetrics metrics;
    private final Rechecks rechecks;
    private final WakeUp wakeUp;
    private final String handOver;

    JdbcDeliveries(
            JdbcClient jdbc,
            PersonKeys keys,
            LedgerSettings settings,
            LedgerMetrics metrics,
            Rechecks rechecks,
            WakeUp wakeUp) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.settings = settings;
        this.metrics = metrics;
        this.rechecks = rechecks;
        this.wakeUp = wakeUp;
        this.handOver = HAND_OVER.formatted(keys.table());
    }

    @Override
    public List<Notification> claim(UUID claim, int limit, Duration lease) {
        List<SealedNotification> claimed = jdbc.sql(CLAIM)
                .param("claim", claim)
                .param("lease", Intervals.sql(lease))
                .param("limit", limit)
                .query(JdbcDeliveries::notification)
                .list();
        List<Notification> opened = opened(claimed);
        suppress(
                claim,
                opened.stream()
                        .filter(notification -> notification.recipient() == null)
                        .map(Notification::id)
                        .toList());
        return opened.stream()
                .filter(notification -> notification.recipient() != null)
                .sorted(Comparator.comparingLong(Notification::id))
                .toList();
    }

    private List<Notification> opened(List<SealedNotification> rows) {
        Set<String> persons = rows.stream()
                .map(SealedNotification::person)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        Map<String, PersonKey> known = keys.find(persons);
        return rows.stream().map(row -> row.opened(known.get(row.person()))).toList();
    }

    private void suppress(UUID claim, Collection<Long> ids) {
        if (!ids.isEmpty()) {
            metrics.outcome(
                    NotificationStatus.SUPPRESSED,
                    jdbc.sql(SUPPRESS)
                            .param("ids", array(ids))
                            .param("claim", claim)
                            .query(Integer.class)
                            .single());
        }
    }

    @Override
    public void renew(Collection<UUID> claims, Duration lease) {
        if (!claims.isEmpty()) {
            jdbc.sql(RENEW)
                    .param("lease", Intervals.sql(lease))
                    .param("claims", array(claims))
                    .update();
        }
    }

    @Override
    public boolean handOver(UUID claim, Notification notification, MailContent content) {
        String person = notification.userId() == null ? null : Person.named(notification.userId());
        PersonKey key = notification.key();
        if (person != null && key != null && handOver(claim, notification.id(), person, key, content)) {
            return true;
        }
        if (person == null || keys.find(person).isEmpty()) {
            suppress(claim, List.of(notification.id()));
        }
        return false;
    }

    private boolean handOver(UUID claim, long id, String person, PersonKey key, MailContent content) {
        return jdbc.sql(handOver)
                        .param("person", person)
                        .param("id", id)
                        .param("claim", claim)
                        .param("subject", Person.MAIL_SUBJECT.seal(key, content.subject()))
                        .param("html", Person.MAIL_HTML.seal(key, content.html()))
                        .param("text", Person.MAIL_TEXT.seal(key, content.text()))
                        .update()
                > 0;
    }

    @Override
    public void sent(UUID claim, long id) {
        metrics.outcome(
                NotificationStatus.SENT,
                jdbc.sql(SENT).param("id", id).param("claim", claim).update());
    }

    @Override
    public void retryLater(UUID claim, Notification notification, Failure failure, Duration pause) {
        List<String> statuses = jdbc.sql(RETRY_LATER)
                .param("id", notification.id())
                .param("claim", claim)
                .param("error", failure.summary())
                .param("said", said(notification, failure), Types.BINARY)
                .param("pause", Intervals.sql(pause))
                .query(String.class)
                .list();
        metrics.outcome(NotificationStatus.FAILED, count(statuses, "FAILED"));
        metrics.outcome(NotificationStatus.SUPPRESSED, count(statuses, "SUPPRESSED"));
        metrics.attemptFailed(count(statuses, "PENDING"));
    }

    @Override
    public void failed(UUID claim, Notification notification, Failure failure) {
        end(claim, notification, failure, NotificationStatus.FAILED);
    }

    @Override
    public void uncertain(UUID claim, Notification notification, Failure failure) {
        end(claim, notification, failure, NotificationStatus.UNCERTAIN);
    }

    private void end(UUID claim, Notification notification, Failure failure, NotificationStatus status) {
        metrics.outcome(
                status,
                jdbc.sql(END)
                        .param("id", notification.id())
                        .param("claim", claim)
                        .param("status", status.name())
                        .param("error", failure.summary())
                        .param("said", said(notification, failure), Types.BINARY)
                        .update());
    }

    @Override
    public void giveBack(UUID claim) {
        jdbc.sql(GIVE_BACK).param("claim", claim).update();
    }

    @Override
    public int release(Collection<Integer> users, Collection<Integer> orders) {
        Set<Integer> newlyKnown = new HashSet<>();
        int released = 0;
        List<Looked> looked = jdbc.sql(RELEASE_SOME)
                .param("users", array(users))
                .param("orders", array(orders))
                .param("retryFor", Intervals.sql(settings.retryFor()))
                .query(JdbcDeliveries::looked)
                .list();
        for (Looked row : looked) {
            if (row.status().equals("WAITING_FOR_RECIPIENT")) {
                newlyKnown.add(row.userId());
            }
        }
        released += ended(looked);
        if (!newlyKnown.isEmpty()) {
            // The order has told the user only now: who registered that user meanwhile could not find the row yet.
            released += release(newlyKnown, Set.of());
        }
        return released;
    }

    @Override
    public int releaseAll() {
        return ended(jdbc.sql(RELEASE_ALL)
                .param("retryFor", Intervals.sql(settings.retryFor()))
                .query(JdbcDeliveries::looked)
                .list());
    }

    private int ended(List<Looked> looked) {
        List<String> statuses = looked.stream().map(Looked::status).toList();
        int pending = count(statuses, "PENDING");
        int suppressed = count(statuses, "SUPPRESSED");
        metrics.outcome(NotificationStatus.SUPPRESSED, suppressed);
        if (pending > 0) {
            wakeUp.now();
        }
        return pending + suppressed;
    }

    @Override
    public int expireWaiting() {
        int expired = jdbc.sql(EXPIRE).update();
        metrics.outcome(NotificationStatus.FAILED, expired);
        return expired;
    }

    @Override
    public int recover() {
        List<String> statuses = jdbc.sql(RECOVER).query(String.class).list();
        int uncertain = count(statuses, "UNCERTAIN");
        metrics.outcome(NotificationStatus.UNCERTAIN, uncertain);
        if (statuses.size() > uncertain) {
            wakeUp.now();
        }
        return uncertain;
    }

    @Override
    public void count() {
        Map<NotificationStatus, Integer> counts = new EnumMap<>(NotificationStatus.class);
        jdbc.sql("SELECT status, count(*)::int FROM notification WHERE status <> 'SENT' GROUP BY status")
                .query((RowCallbackHandler) row ->
                        counts.merge(NotificationStatus.ofStored(row.getString(1)), row.getInt(2), Integer::sum));
        metrics.open(counts);
    }

    @Override
    public boolean retry(long id) {
        Optional<Retried> retried = jdbc.sql(RETRY)
                .param("id", id)
                .param("wait", Intervals.sql(settings.waitForRecipient()))
                .param("retryFor", Intervals.sql(settings.retryFor()))
                .query((row, number) ->
                        new Retried(row.getString(1), row.getObject(2, Integer.class), row.getObject(3, Integer.class)))
                .optional();
        retried.ifPresent(row -> {
            if (row.status().equals("PENDING")) {
                wakeUp.afterCommit();
            } else if (row.userId() != null) {
                rechecks.afterCommitOfUser(row.userId());
            } else if (row.orderId() != null) {
                rechecks.afterCommitOfOrder(row.orderId());
            }
        });
        return retried.isPresent();
    }

    @Override
    public Optional<Notification> find(long id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM notification n WHERE n.notification_id = :id")
                .param("id", id)
                .query(JdbcDeliveries::notification)
                .optional()
                .map(row -> opened(List.of(row)).get(0));
    }

    @Override
    public Optional<MailContent> content(long id) {
        return jdbc.sql("""
                        SELECT n.user_id, c.subject, c.html, c.text
                        FROM notification_content c JOIN notification n USING (notification_id)
                        WHERE notification_id = :id""")
                .param("id", id)
                .query((row, number) ->
                        new SealedContent(row.getInt(1), row.getBytes(2), row.getBytes(3), row.getBytes(4)))
                .optional()
                .flatMap(content -> keys.find(Person.named(content.userId())).map(content::opened));
    }

    private static int count(List<String> statuses, String status) {
        return (int) statuses.stream().filter(status::equals).count();
    }

    /** @return the array as PostgreSQL writes it; numbers and UUIDs need no quoting */
    private static String array(Collection<?> values) {
        StringBuilder array = new StringBuilder("{");
        for (Object value : values) {
            array.append(array.length() > 1 ? "," : "").append(value);
        }
        return array.append('}').toString();
    }

    /** @return sealed; null when nothing was said, or nobody could read it */
    private static byte @Nullable [] said(Notification notification, Failure failure) {
        PersonKey key = notification.key();
        String said = failure.said();
        if (key == null || said == null || said.isBlank()) {
            return null;
        }
        return Person.MAIL_FAILURE.seal(key, said.length() <= LONGEST_SAID ? said : said.substring(0, LONGEST_SAID));
    }

    private static Looked looked(ResultSet row, int number) throws SQLException {
        return new Looked(row.getString(1), row.getInt(2));
    }

    private static SealedNotification notification(ResultSet row, int number) throws SQLException {
        return new SealedNotification(
                row.getObject("user_id", Integer.class),
                row.getBytes("recipient"),
                row.getBytes("full_name"),
                withoutPerson(row));
    }

    private static Notification withoutPerson(ResultSet row) throws SQLException {
        return new Notification(
                row.getLong("notification_id"),
                NotificationKind.valueOf(row.getString("kind")),
                row.getObject("user_id", Integer.class),
                row.getObject("order_id", Integer.class),
                row.getString("order_status"),
                row.getString("facts"),
                row.getString("locale"),
                null,
                null,
                row.getInt("attempts"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("trace_id"),
                null);
    }

    private record SealedNotification(
            @Nullable Integer userId, byte @Nullable [] recipient, byte @Nullable [] fullName, Notification rest) {

        @Nullable
        String person() {
            return userId == null ? null : Person.named(userId);
        }

        Notification opened(@Nullable PersonKey key) {
            return rest.to(Person.EMAIL.open(key, recipient), Person.FULL_NAME.open(key, fullName), key);
        }
    }

    private record SealedContent(int userId, byte[] subject, byte[] html, byte[] text) {

        MailContent opened(PersonKey key) {
            return new MailContent(
                    Objects.requireNonNull(Person.MAIL_SUBJECT.open(key, subject)),
                    Objects.requireNonNull(Person.MAIL_HTML.open(key, html)),
                    Objects.requireNonNull(Person.MAIL_TEXT.open(key, text)));
        }
    }

    private record Looked(String status, int userId) {}

    private record Retried(
            String status,
            @Nullable Integer userId,
            @Nullable Integer orderId) {}
}
