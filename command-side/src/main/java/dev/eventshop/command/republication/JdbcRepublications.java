package dev.eventshop.command.republication;

import dev.eventshop.eventstore.EventFilter;
import dev.eventshop.eventstore.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Republications in PostgreSQL. */
final class JdbcRepublications implements Republications {

    private static final String OF_CARRIER = " where id = ? and carrier = ? and state = 'RUNNING'";

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;

    JdbcRepublications(JdbcClient jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public Republication add(RepublicationOrder order, long total, Consumer<Republication> beforeCommit) {
        return add(order, RepublicationState.QUEUED, total, beforeCommit);
    }

    @Override
    public Republication addCounted(RepublicationOrder order, long total, Consumer<Republication> beforeCommit) {
        return add(order, RepublicationState.COMPLETED, total, beforeCommit);
    }

    private Republication add(
            RepublicationOrder order, RepublicationState state, long total, Consumer<Republication> beforeCommit) {
        return transactions.execute(status -> {
            Republication added = jdbc.sql("""
                            insert into republication (queue, after_position, up_to_position, event_types, aggregate_id,
                                                       rate_per_second, state, total, reached, requested_at, finished_at)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp(),
                                    case when ? then clock_timestamp() end)
                            returning *
                            """)
                    .params(Arrays.asList(
                            order.queue(),
                            order.after().toString(),
                            order.upTo().toString(),
                            order.filter().types().toArray(String[]::new),
                            order.filter().aggregateId(),
                            order.ratePerSecond(),
                            state.name(),
                            total,
                            order.after().toString(),
                            state == RepublicationState.COMPLETED))
                    .query(JdbcRepublications::republication)
                    .single();
            beforeCommit.accept(added);
            return added;
        });
    }

    @Override
    public Optional<Republication> find(long id) {
        return jdbc.sql("select * from republication where id = ?")
                .param(id)
                .query(JdbcRepublications::republication)
                .optional();
    }

    @Override
    public List<Republication> list(long before, int limit) {
        return jdbc.sql("select * from republication where id < ? order by id desc limit ?")
                .params(before, limit)
                .query(JdbcRepublications::republication)
                .list();
    }

    @Override
    public List<Republication> waiting() {
        return jdbc.sql("""
                        select * from republication
                         where state in ('QUEUED', 'RUNNING') and (carrier is null or carrier_until < clock_timestamp())
                         order by id
                        """).query(JdbcRepublications::republication).list();
    }

    @Override
    public boolean lease(long id, String carrier, Duration time, int maxRunning) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            // one at a time: or two instances could each let one too many begin
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended('republication', 0))")
                    .query()
                    .singleRow();
            return jdbc.sql("""
                                    update republication
                                       set state = 'RUNNING', started_at = coalesce(started_at, clock_timestamp()),
                                           carrier = ?, carrier_until = clock_timestamp() + cast(? as interval)
                                     where id = ? and (carrier is null or carrier_until < clock_timestamp())
                                       and (state = 'RUNNING' or state = 'QUEUED'
                                            and (select count(*) from republication where state = 'RUNNING') < ?)
                                    """).params(carrier, interval(time), id, maxRunning).update() == 1;
        }));
    }

    @Override
    public boolean confirmed(Republication progress, String carrier, Duration time) {
        return jdbc.sql("update republication set reached = ?, processed = ?, error = ?,"
                                + " carrier_until = clock_timestamp() + cast(? as interval)" + OF_CARRIER)
                        .params(Arrays.asList(
                                progress.reached().toString(),
                                progress.processed(),
                                progress.error(),
                                interval(time),
                                progress.id(),
                                carrier))
                        .update()
                == 1;
    }

    @Override
    public void release(long id, String carrier) {
        jdbc.sql("update republication set carrier = null, carrier_until = null where id = ? and carrier = ?")
                .params(id, carrier)
                .update();
    }

    @Override
    public boolean complete(long id, String carrier) {
        return jdbc.sql("update republication set state = 'COMPLETED', finished_at = clock_timestamp(),"
                                + " reached = up_to_position, error = null" + OF_CARRIER)
                        .params(id, carrier)
                        .update()
                == 1;
    }

    @Override
    public boolean fail(long id, String carrier, String error) {
        return jdbc.sql("update republication set state = 'FAILED', finished_at = clock_timestamp(), error = ?"
                                + OF_CARRIER)
                        .params(error, id, carrier)
                        .update()
                == 1;
    }

    @Override
    public boolean cancel(long id) {
        return jdbc.sql("update republication set state = 'CANCELLED', finished_at = clock_timestamp(), error = null"
                                + " where id = ? and state in ('QUEUED', 'RUNNING')")
                        .param(id)
                        .update()
                == 1;
    }

    private static String interval(Duration time) {
        return time.toMillis() + " milliseconds";
    }

    private static Republication republication(ResultSet row, int number) throws SQLException {
        String[] types = (String[]) row.getArray("event_types").getArray();
        return new Republication(
                row.getLong("id"),
                new RepublicationOrder(
                        row.getString("queue"),
                        Position.parse(row.getString("after_position")),
                        Position.parse(row.getString("up_to_position")),
                        new EventFilter(Set.of(types), row.getString("aggregate_id")),
                        row.getObject("rate_per_second", Integer.class)),
                RepublicationState.valueOf(row.getString("state")),
                row.getLong("total"),
                row.getLong("processed"),
                Position.parse(row.getString("reached")),
                row.getString("error"));
    }
}
