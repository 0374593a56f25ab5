package dev.eventshop.eventstore;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database that the store is in. Not a bean of type {@link DataSource}: the application has one already. */
public final class EventStoreDataSource implements AutoCloseable {

    /**
     * As the services have it for their own databases: a server that is silent holds nobody up for long. What the URL says
     * of the driver's settings counts more.
     */
    private static final String BOUNDS = """
            select set_config(name, case name when 'default_transaction_isolation' then 'read committed'
            when 'idle_in_transaction_session_timeout' then '5s' else '10s' end, false) from pg_settings
            where name in ('default_transaction_isolation', 'statement_timeout',
                'idle_in_transaction_session_timeout', 'transaction_timeout')""";

    private final DataSource dataSource;
    private final @Nullable HikariDataSource own;

    private EventStoreDataSource(DataSource dataSource, @Nullable HikariDataSource own) {
        this.dataSource = dataSource;
        this.own = own;
    }

    static EventStoreDataSource of(DataSource application, EventStoreProperties properties) {
        EventStoreProperties.OtherDatabase other = properties.datasource();
        if (other == null) {
            return new EventStoreDataSource(application, null);
        }
        if (properties.append()) {
            throw new IllegalStateException("Events are added in the application's own database only, where they commit"
                    + " together with its tables: set eventshop.event-store.append=false.");
        }
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("event-store");
        pool.setJdbcUrl(other.url());
        pool.setUsername(other.username());
        pool.setPassword(other.password());
        pool.setConnectionTimeout(5_000);
        pool.setValidationTimeout(2_000);
        pool.setConnectionInitSql(BOUNDS);
        pool.addDataSourceProperty("connectTimeout", "5");
        pool.addDataSourceProperty("socketTimeout", "20");
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        return new EventStoreDataSource(pool, pool);
    }

    /** @return the application's own, where the store is in the same database */
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
