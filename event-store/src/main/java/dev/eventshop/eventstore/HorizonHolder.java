package dev.eventshop.eventstore;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/**
 * The oldest writing transaction of the cluster, in whatever database: what others have appended since it began to
 * write can't be read from the tail before it ends.
 *
 * @param applicationName of the session; empty when it has none, {@code prepared transaction} for one that has no
 *                        session any more
 * @param pid             of the session's process; 0 for a prepared transaction
 * @param transactionId   its 32-bit id
 * @param age             since the transaction began; null when it is somebody else's and the role may not see it (it
 *                        may with {@code pg_read_all_stats})
 */
public record HorizonHolder(
        String applicationName,
        int pid,
        long transactionId,
        @Nullable Duration age) {

    static final String QUERY = """
            select application_name, pid, xid, extract(epoch from clock_timestamp() - since) * 1000
            from (
                select coalesce(application_name, '') as application_name, pid, backend_xid as xid, xact_start as since
                from pg_stat_activity
                where backend_xid is not null
                union all
                select 'prepared transaction', 0, transaction, prepared
                from pg_prepared_xacts
            ) as writers
            order by age(xid) desc
            limit 1""";

    static final RowMapper<HorizonHolder> ROW = (row, number) -> {
        double millis = row.getDouble(4);
        Duration age = row.wasNull() ? null : Duration.ofMillis(Math.max(0, Math.round(millis)));
        return new HorizonHolder(row.getString(1), row.getInt(2), row.getLong(3), age);
    };
}
