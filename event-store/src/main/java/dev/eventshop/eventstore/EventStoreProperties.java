package dev.eventshop.eventstore;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the event store.
 *
 * @param migrate       whether this service makes the schema {@code event_store} and keeps it up to date; else it waits
 *                      for the one that does (default false)
 * @param waitForSchema how long to wait for it (default 60 s: a migration of another service at most)
 * @param append        whether this service adds events (default true)
 * @param snapshots     whether the service's schema has a table {@code snapshot}; default as {@code append}
 * @param writerRole    login role that the migration lets add and read events (default none: only the owner)
 * @param readerRole    login role that the migration lets read events (default none)
 * @param pollInterval  how often the head is asked for (default 20 ms: what an event of another process is late by)
 * @param pageSize      rows that a stream reads at a time (default 1000)
 * @param claimTimeout  after which the segment of a node that died is taken over (default 30 s: above any batch, since
 *                      transactions are bounded to 10 s)
 * @param datasource    of a service that only reads, when the event store is in another database than its own tables
 */
@ConfigurationProperties("eventshop.event-store")
record EventStoreProperties(
        @DefaultValue("false") boolean migrate,
        @DefaultValue("60s") Duration waitForSchema,
        @DefaultValue("true") boolean append,
        @Nullable Boolean snapshots,
        @DefaultValue("") String writerRole,
        @DefaultValue("") String readerRole,
        @DefaultValue("20ms") Duration pollInterval,
        @DefaultValue("1000") int pageSize,
        @DefaultValue("30s") Duration claimTimeout,
        @Nullable OtherDatabase datasource) {

    boolean withSnapshots() {
        return snapshots == null ? append : snapshots;
    }

    /**
     * @param url      JDBC
     * @param username null for the driver's default
     * @param password null for none
     */
    record OtherDatabase(
            String url, @Nullable String username, @Nullable String password) {}
}
