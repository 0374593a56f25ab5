package dev.eventshop.notification.deadletter;

import dev.eventshop.messaging.deadletter.ParkedMessage;
import dev.eventshop.messaging.deadletter.ParkedMessages;
import dev.eventshop.messaging.inbox.Inbox;
import dev.eventshop.notification.person.Person;
import dev.eventshop.personaldata.key.PersonKey;
import dev.eventshop.personaldata.key.PersonKeys;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Table {@code dead_letter}: one row for each message of a queue that could not be handled. */
@Repository
class JdbcDeadLetters implements ParkedMessages, DeadLetters {

    private static final int LONGEST_NAME = 255;

    /** Bytes of a message that is opened to show its headers, which are at the front of it: far more than one should have. */
    private static final int LARGEST_SHOWN = 4 * 1024 * 1024;

    /** Rows that one transaction changes, to hold no locks for long. */
    private static final int BATCH = 1000;

    /** Before this project: a clock that is not set, or a header that somebody made up. */
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    /**
     * The same letter again, as its last failure shows, changes nothing. One that failed after it was sent back is the same
     * row, and counts on. The moment of a failure is by the clock of whoever met it, which may be behind: of what was sent
     * back, another moment is another failure, whether later or not.
     */
    private static final String KEEP = """
            INSERT INTO dead_letter AS known (queue, letter_key, message_id, routing_key, type, error_class, error_pattern,
                sealed_for, of_anybody, error, body, message, attempts, first_failed_at, last_failed_at)
            VALUES (:queue, :key, :messageId, :routingKey, :type, :errorClass, :pattern,
                :sealedFor, :anybody, :error, :body, :message, :attempts, :first, :last)
            ON CONFLICT (queue, letter_key) DO UPDATE SET
                routing_key = excluded.routing_key, type = excluded.type, error_class = excluded.error_class,
                error_pattern = excluded.error_pattern, sealed_for = excluded.sealed_for,
                of_anybody = excluded.of_anybody, error = excluded.error, body = excluded.body,
                message = excluded.message,
                attempts = CASE WHEN known.state = 'PARKED' THEN greatest(known.attempts, excluded.attempts)
                                ELSE known.attempts + excluded.attempts END,
                first_failed_at = least(known.first_failed_at, excluded.first_failed_at),
                last_failed_at = excluded.last_failed_at,
                collected_at = now(), state = 'PARKED', due_at = NULL, claim = NULL
            WHERE excluded.last_failed_at > known.last_failed_at
               OR known.state <> 'PARKED' AND excluded.last_failed_at < known.last_failed_at""";

    private static final String COLUMNS = """
            SELECT dead_letter_id, queue, message_id, routing_key, type, error_class, error_pattern, error,
                   first_failed_at, last_failed_at, attempts, body, sealed_for
            FROM dead_letter WHERE state <> 'RETRIED'""";

    private static final String GROUPS = """
            SELECT g.*, newest.error, newest.sealed_for
            FROM (SELECT queue, error_class, md5(error_pattern) AS hash, min(error_pattern) AS pattern,
                         count(*) AS letters, min(first_failed_at) AS first_at, max(last_failed_at) AS last_at,
                         max(dead_letter_id) FILTER (WHERE error IS NOT NULL) AS newest_id
                  FROM dead_letter
                  WHERE state <> 'RETRIED'
                    AND (:all OR (queue, error_class, md5(error_pattern)) > (:queue, :errorClass, :hash))
                  GROUP BY queue, error_class, md5(error_pattern)
                  ORDER BY queue, error_class, md5(error_pattern)
                  LIMIT :limit) g
            LEFT JOIN dead_letter newest ON newest.dead_letter_id = g.newest_id
            ORDER BY g.queue, g.error_class, g.hash""";

    private static final String HOURS = """
            SELECT date_trunc('hour', first_failed_at, 'UTC') AS hour, count(*) AS letters
            FROM dead_letter
            WHERE state <> 'RETRIED' AND first_failed_at >= date_trunc('hour', now(), 'UTC') - interval '7 days'
            GROUP BY hour
            ORDER BY hour""";

    private static final String FILTER =
            " AND (:queue::text IS NULL OR queue = :queue) AND (:errorClass::text IS NULL OR error_class = :errorClass)";

    /** Whoever has claimed a message may have sent it by now, as long as the lease has not ended. */
    private static final String DISCARDABLE = " state <> 'RETRIED' AND (claim IS NULL OR due_at <= now())";

    private static final String TO_BE_SENT = "UPDATE dead_letter SET state = 'RETRYING',"
            + " due_at = coalesce(due_at, now()) WHERE message IS NOT NULL AND state ";

    private static final String CLAIM = """
            UPDATE dead_letter SET claim = :claim, due_at = now() + make_interval(secs => :lease)
            WHERE dead_letter_id = (
                SELECT dead_letter_id FROM dead_letter WHERE state = 'RETRYING' AND due_at <= now()
                ORDER BY due_at, dead_letter_id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING dead_letter_id, queue, sealed_for, message""";

    private static final String NOTHING_LEFT = " error = NULL, body = NULL, message = NULL";

    private static final String ERASE = "UPDATE dead_letter SET" + NOTHING_LEFT + ", due_at = NULL, claim = NULL,"
            + " state = CASE state WHEN 'RETRYING' THEN 'PARKED' ELSE state END WHERE error IS NOT NULL AND ";

    private final JdbcClient jdbc;
    private final PersonKeys keys;
    private final DeadLetterProperties properties;
    private final Inbox inbox;
    private final Clock clock;

    JdbcDeadLetters(JdbcClient jdbc, PersonKeys keys, DeadLetterProperties properties, Inbox inbox, Clock clock) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.properties = properties;
        this.inbox = inbox;
        this.clock = clock;
    }

    /** The inbox is in the same database. */
    @Override
    public void probe() {
        inbox.probe();
    }

    @Override
    @Transactional
    public void keep(ParkedMessage letter) {
        SealedLetter words = SealedLetter.of(letter, properties.bodyLength(), keys);
        Instant now = clock.instant();
        Instant last = letter.lastFailedAt().filter(at -> isPlausible(at, now)).orElse(now);
        Instant first = letter.firstFailedAt()
                .filter(at -> isPlausible(at, now) && !at.isAfter(last))
                .orElse(last);
        jdbc.sql(KEEP)
                .param("queue", letter.queue())
                .param("key", LetterKey.of(letter))
                .param("messageId", name(letter.properties().getMessageId()), Types.VARCHAR)
                .param("routingKey", name(letter.routingKey()), Types.VARCHAR)
                .param("type", name(letter.properties().getType()), Types.VARCHAR)
                .param("errorClass", letter.errorClass() == null ? "unknown" : name(letter.errorClass()))
                .param("pattern", ErrorPattern.of(letter.errorMessage()))
                .param("sealedFor", words.sealedFor())
                .param("anybody", words.anybody())
                .param("error", words.error(), Types.BINARY)
                .param("body", words.body(), Types.BINARY)
                .param("message", words.message(), Types.BINARY)
                .param("attempts", Math.max(0, letter.attempts().orElse(0)))
                .param("first", time(first))
                .param("last", time(last))
                .update();
    }

    private static boolean isPlausible(Instant at, Instant now) {
        return at.isAfter(EARLIEST) && at.isBefore(now.plus(1, ChronoUnit.DAYS));
    }

    /** As exact as the database, which a letter that comes again is compared with. */
    private static OffsetDateTime time(Instant at) {
        return at.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String name(@Nullable String text) {
        return text == null ? null : Clean.text(text, LONGEST_NAME);
    }

    List<DeadLetterEntry> list(ListDeadLetters query) {
        String error = query.error();
        List<Row> rows = jdbc.sql(COLUMNS + """
                         AND (:queue::text IS NULL OR queue = :queue)
                        AND (:error::text IS NULL OR position(lower(:error) IN lower(error_class)) > 0
                             OR position(lower(:pattern) IN lower(error_pattern)) > 0)
                        AND (:before::bigint IS NULL OR dead_letter_id < :before)
                        ORDER BY dead_letter_id DESC LIMIT :limit""")
                .param("queue", query.queue(), Types.VARCHAR)
                .param("error", error, Types.VARCHAR)
                .param("pattern", error == null ? null : ErrorPattern.of(error), Types.VARCHAR)
                .param("before", query.before(), Types.BIGINT)
                .param("limit", query.limit())
                .query(Row::of)
                .list();
        Map<String, PersonKey> known = keys(rows.stream().map(Row::sealedFor).toList());
        return rows.stream()
                .map(row -> {
                    DeadLetterEntry entry = row.entry(known.get(row.sealedFor()));
                    return query.personalData()
                            ? entry
                            : Masked.of(entry, row.entry().error());
                })
                .toList();
    }

    /** @param personalData whether what may tell of somebody is to be shown */
    Optional<DeadLetterDetails> find(long id, boolean personalData) {
        return jdbc.sql(COLUMNS + " AND dead_letter_id = :id")
                .param("id", id)
                .query(Row::of)
                .optional()
                .map(row -> {
                    @Nullable PersonKey key = keys.find(row.sealedFor()).orElse(null);
                    Optional<ParkedMessage> message = key == null ? Optional.empty() : openSmall(id, row, key);
                    DeadLetterDetails details = new DeadLetterDetails(
                            row.entry(key),
                            message.map(ParkedMessage::headersBefore).orElse(null),
                            message.map(ParkedMessage::stackTrace).orElse(null));
                    return personalData
                            ? details
                            : Masked.of(details, row.entry().error());
                });
    }

    private Optional<ParkedMessage> openSmall(long id, Row row, PersonKey key) {
        return jdbc.sql("SELECT message FROM dead_letter WHERE dead_letter_id = ? AND octet_length(message) <= ?")
                .params(id, LARGEST_SHOWN)
                .query(byte[].class)
                .optional()
                .map(bytes -> ParkedMessage.of(row.entry().queue(), Person.DEAD_LETTER_MESSAGE.openBytes(key, bytes)));
    }

    private Map<String, PersonKey> keys(Collection<String> owners) {
        return keys.find(Set.copyOf(owners));
    }

    List<DeadLetterGroup> groups(ListDeadLetterGroups query) {
        ListDeadLetterGroups.Position after = query.after();
        List<GroupRow> rows = jdbc.sql(GROUPS)
                .param("all", after == null)
                .param("queue", after == null ? "" : after.queue())
                .param("errorClass", after == null ? "" : after.errorClass())
                .param("hash", after == null ? "" : after.hash())
                .param("limit", query.limit())
                .query(GroupRow::of)
                .list();
        Map<String, PersonKey> known = keys(
                rows.stream().map(GroupRow::sealedFor).filter(Objects::nonNull).toList());
        return rows.stream()
                .map(row -> row.group(query.personalData() ? known.get(row.sealedFor()) : null))
                .toList();
    }

    List<DeadLetterHour> hours() {
        return jdbc.sql(HOURS)
                .query((row, number) -> new DeadLetterHour(
                        row.getObject("hour", OffsetDateTime.class).toInstant(), row.getLong("letters")))
                .list();
    }

    /** @return 1, also when it is to be sent already; 0 when there is no such letter, or nothing is left of it */
    int retry(long id) {
        return jdbc.sql(TO_BE_SENT + "IN ('PARKED', 'RETRYING') AND dead_letter_id = ?")
                .param(id)
                .update();
    }

    /** @return how many */
    int retry(DeadLetterFilter filter) {
        return inBatches(
                TO_BE_SENT + "= 'PARKED' AND dead_letter_id IN (SELECT dead_letter_id FROM dead_letter"
                        + " WHERE state = 'PARKED' AND message IS NOT NULL" + FILTER
                        + " ORDER BY dead_letter_id LIMIT :batch FOR UPDATE)",
                filter);
    }

    /** @return 0 when there is no such letter, or it is being sent at this moment */
    int discard(long id) {
        return jdbc.sql("DELETE FROM dead_letter WHERE dead_letter_id = ? AND" + DISCARDABLE)
                .param(id)
                .update();
    }

    /** @return how many; not those that are being sent at this moment */
    int discard(DeadLetterFilter filter) {
        return inBatches(
                "DELETE FROM dead_letter WHERE dead_letter_id IN (SELECT dead_letter_id FROM dead_letter" + " WHERE"
                        + DISCARDABLE + FILTER + " ORDER BY dead_letter_id LIMIT :batch FOR UPDATE)",
                filter);
    }

    private int inBatches(String sql, DeadLetterFilter filter) {
        return untilNone(() -> jdbc.sql(sql)
                .param("queue", filter.queue(), Types.VARCHAR)
                .param("errorClass", filter.errorClass(), Types.VARCHAR)
                .param("batch", BATCH)
                .update());
    }

    private static int untilNone(IntSupplier batch) {
        int all = 0;
        int changed;
        do {
            changed = batch.getAsInt();
            all += changed;
        } while (changed == BATCH);
        return all;
    }

    /**
     * Takes the next message that is to be sent, for a while: when nothing is said of it until then, it is due again.
     *
     * @return empty when there is none
     */
    Optional<Claimed> claim(UUID claim) {
        return jdbc.sql(CLAIM)
                .param("claim", claim)
                .param("lease", (double) properties.lease().toSeconds())
                .query((row, number) -> new Claimed(
                        row.getLong("dead_letter_id"),
                        row.getString("queue"),
                        row.getString("sealed_for"),
                        row.getBytes("message")))
                .optional();
    }

    /** @return the message; empty when its person was erased */
    Optional<ParkedMessage> open(Claimed claimed) {
        byte[] sealed = claimed.message();
        return keys.find(claimed.sealedFor())
                .filter(key -> sealed != null)
                .map(key -> ParkedMessage.of(
                        claimed.queue(), Person.DEAD_LETTER_MESSAGE.openBytes(key, Objects.requireNonNull(sealed))));
    }

    /** The broker has it. Does nothing when it has failed again meanwhile. */
    void sent(long id, UUID claim) {
        jdbc.sql("UPDATE dead_letter SET state = 'RETRIED', due_at = NULL, claim = NULL," + NOTHING_LEFT
                        + " WHERE dead_letter_id = ? AND claim = ?")
                .params(id, claim)
                .update();
    }

    /** Nothing is left to send: its person was erased. */
    void lost(long id, UUID claim) {
        jdbc.sql("UPDATE dead_letter SET state = 'PARKED', due_at = NULL, claim = NULL," + NOTHING_LEFT
                        + " WHERE dead_letter_id = ? AND claim = ?")
                .params(id, claim)
                .update();
    }

    /** It is due again, after a pause. */
    void notSent(long id, UUID claim, Duration pause) {
        jdbc.sql("UPDATE dead_letter SET claim = NULL, due_at = now() + make_interval(secs => ?)"
                        + " WHERE dead_letter_id = ? AND claim = ?")
                .params(pause.toMillis() / 1000.0, id, claim)
                .update();
    }

    @Override
    public void erase(int userId) {
        jdbc.sql(ERASE + "(sealed_for = ? OR of_anybody)")
                .param(Person.named(userId))
                .update();
    }

    /** What a backup has brought back of persons who had been erased, and whom nobody can tell. */
    int eraseUnnamed(Instant collectedBefore) {
        return jdbc.sql(ERASE + "of_anybody AND collected_at <= ?")
                .param(time(collectedBefore))
                .update();
    }

    /** @return how many were removed that nobody had sent back, or wanted to be */
    int removeOld() {
        return untilNone(() -> jdbc.sql("""
                        DELETE FROM dead_letter WHERE dead_letter_id IN (
                            SELECT dead_letter_id FROM dead_letter
                            WHERE state = 'PARKED' AND collected_at < now() - make_interval(secs => :age)
                            ORDER BY collected_at LIMIT :batch FOR UPDATE SKIP LOCKED)""")
                .param("age", (double) properties.retention().toSeconds())
                .param("batch", BATCH)
                .update());
    }

    /** Forgets what was sent back, and has not come again. */
    void forgetRetried() {
        untilNone(() -> jdbc.sql("""
                        DELETE FROM dead_letter WHERE dead_letter_id IN (
                            SELECT dead_letter_id FROM dead_letter
                            WHERE state = 'RETRIED' AND collected_at < now() - make_interval(secs => :age)
                            ORDER BY collected_at LIMIT :batch FOR UPDATE SKIP LOCKED)""")
                .param("age", (double) properties.retention().toSeconds())
                .param("batch", BATCH)
                .update());
    }

    Map<QueueAndState, Long> counts() {
        Map<QueueAndState, Long> counts = new LinkedHashMap<>();
        jdbc.sql("SELECT queue, state, count(*) FROM dead_letter WHERE state <> 'RETRIED' GROUP BY queue, state")
                .query(row -> {
                    counts.put(new QueueAndState(row.getString(1), row.getString(2)), row.getLong(3));
                });
        return counts;
    }

    @Override
    public Map<String, Long> byQueue() {
        return counts().entrySet().stream()
                .collect(Collectors.groupingBy(
                        count -> count.getKey().queue(), Collectors.summingLong(Map.Entry::getValue)));
    }

    record QueueAndState(String queue, String state) {}

    /** @param message sealed; null when nothing is left of it */
    record Claimed(long id, String queue, String sealedFor, byte @Nullable [] message) {}

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** @param entry with the pattern for an error, and without a body */
    private record Row(DeadLetterEntry entry, String sealedFor, byte @Nullable [] error, byte @Nullable [] body) {

        static Row of(ResultSet row, int number) throws SQLException {
            return new Row(
                    new DeadLetterEntry(
                            row.getLong("dead_letter_id"),
                            row.getString("queue"),
                            row.getString("message_id"),
                            row.getString("routing_key"),
                            row.getString("type"),
                            row.getString("error_class"),
                            row.getString("error_pattern"),
                            instant(row, "first_failed_at"),
                            instant(row, "last_failed_at"),
                            row.getInt("attempts"),
                            null),
                    row.getString("sealed_for"),
                    row.getBytes("error"),
                    row.getBytes("body"));
        }

        DeadLetterEntry entry(@Nullable PersonKey key) {
            String said = Person.DEAD_LETTER_ERROR.open(key, error);
            return new DeadLetterEntry(
                    entry.id(),
                    entry.queue(),
                    entry.messageId(),
                    entry.routingKey(),
                    entry.type(),
                    entry.errorClass(),
                    said == null ? entry.error() : said,
                    entry.firstFailedAt(),
                    entry.lastFailedAt(),
                    entry.attempts(),
                    SealedLetter.openBody(key, body));
        }
    }

    private record GroupRow(DeadLetterGroup group, @Nullable String sealedFor, byte @Nullable [] error) {

        static GroupRow of(ResultSet row, int number) throws SQLException {
            return new GroupRow(
                    new DeadLetterGroup(
                            row.getString("queue"),
                            row.getString("error_class"),
                            row.getString("pattern"),
                            row.getString("hash"),
                            row.getLong("letters"),
                            instant(row, "first_at"),
                            instant(row, "last_at")),
                    row.getString("sealed_for"),
                    row.getBytes("error"));
        }

        DeadLetterGroup group(@Nullable PersonKey key) {
            String said = Person.DEAD_LETTER_ERROR.open(key, error);
            return new DeadLetterGroup(
                    group.queue(),
                    group.errorClass(),
                    said == null ? group.error() : said,
                    group.hash(),
                    group.count(),
                    group.firstFailedAt(),
                    group.lastFailedAt());
        }
    }
}
