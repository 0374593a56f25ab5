package dev.eventshop.access.audit;

import dev.eventshop.access.audit.AuditEntry.Outcome;
import dev.eventshop.access.audit.AuditFilter.Condition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.SqlParameterValue;

/** Table {@code audit} in the service's own schema, and the logger {@code audit}. */
final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger("audit");

    /** Characters of a text that are kept. */
    static final int LONGEST = 300;

    private final JdbcTemplate jdbc;

    AuditLog(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** In one line; the path is as it was sent, so without line breaks. */
    void write(AuditEntry entry) {
        LOG.info(
                "{} {} actor={} roles={} target={} address={} status={} times={}",
                entry.outcome(),
                entry.action(),
                entry.actor(),
                entry.roles(),
                bounded(entry.target()),
                entry.address(),
                entry.status(),
                entry.times());
    }

    /**
     * Returns when it is stored, in a transaction of its own when there is none.
     *
     * @throws org.springframework.dao.DataAccessException when it is not
     */
    void store(AuditEntry entry) {
        jdbc.update(
                "insert into audit (actor, roles, action, target, address, outcome, status, times)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                text(entry.actor()),
                entry.roles(),
                bounded(entry.action()),
                bounded(entry.target()),
                entry.address(),
                entry.outcome().name(),
                new SqlParameterValue(Types.INTEGER, entry.status()),
                entry.times());
    }

    /** @return newest first */
    List<AuditRecord> list(AuditFilter filter, int limit) {
        Condition condition = filter.condition();
        List<Object> parameters = new ArrayList<>(condition.parameters());
        parameters.add(limit);
        return jdbc.query(
                "select * from audit where " + condition.sql() + " order by at desc, id desc limit ?",
                (row, number) -> record(row),
                parameters.toArray());
    }

    private static AuditRecord record(ResultSet row) throws SQLException {
        String roles = row.getString("roles");
        return new AuditRecord(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                roles.isEmpty() ? List.of() : List.of(roles.split(",")),
                row.getString("action"),
                row.getString("target"),
                row.getString("address"),
                Outcome.valueOf(row.getString("outcome")),
                row.getObject("status", Integer.class),
                row.getInt("times"));
    }

    /** @return how many addresses were forgotten */
    long forgetAddresses(Duration olderThan) {
        Long forgotten = jdbc.queryForObject(
                "select forget_audit_addresses(?::bigint * interval '1 second')", Long.class, olderThan.toSeconds());
        return forgotten == null ? 0 : forgotten;
    }

    /**
     * @param olderThan at least 30 days, whatever is asked for
     * @return how many entries were forgotten, at most so many
     */
    long forget(Duration olderThan, int atMost) {
        Long forgotten = jdbc.queryForObject(
                "select forget_audit(?::bigint * interval '1 second', ?)", Long.class, olderThan.toSeconds(), atMost);
        return forgotten == null ? 0 : forgotten;
    }

    private static SqlParameterValue text(@Nullable String text) {
        return new SqlParameterValue(Types.VARCHAR, text == null ? null : bounded(text));
    }

    private static String bounded(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
