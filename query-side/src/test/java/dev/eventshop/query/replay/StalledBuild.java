package dev.eventshop.query.replay;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.query.projection.Slots;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/** A builder that may stand still between two of its transactions. */
public final class StalledBuild {

    private StalledBuild() {}

    /** What an application is made of. */
    public interface Beans {

        <T> T bean(Class<T> type);
    }

    /**
     * Builds in the current thread.
     *
     * @param builder    whose lease it has
     * @param afterwards is called after each transaction that the builder has made itself
     */
    public static void run(Beans beans, long id, String builder, Runnable afterwards) {
        run(beans, id, builder, beans.bean(EventLog.class), afterwards);
    }

    /** The same, of events that are read in another way. */
    public static void run(Beans beans, long id, String builder, EventLog events, Runnable afterwards) {
        Replays replays = beans.bean(Replays.class);
        TransactionOperations transactions = beans.bean(TransactionOperations.class);
        TransactionOperations watched = new TransactionOperations() {
            @Override
            public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
                T result = transactions.execute(action);
                afterwards.run();
                return result;
            }
        };
        SlotBuild.Parts parts = new SlotBuild.Parts(
                replays,
                beans.bean(Projections.class),
                beans.bean(ProjectionFlags.class),
                beans.bean(PostgresTokenStore.class).asAnotherNode(),
                events,
                beans.bean(StoredEventMessages.class),
                beans.bean(JdbcOperations.class),
                watched,
                beans.bean(Slots.class),
                beans.bean(QueryProperties.class).replays());
        new SlotBuild(parts, replays.find(id).orElseThrow(), builder).run();
    }
}
