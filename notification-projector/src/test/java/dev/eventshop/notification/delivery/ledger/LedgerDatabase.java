package dev.eventshop.notification.delivery.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A fresh schema {@code notification}, and the ledger on it as the service's own role. */
public final class LedgerDatabase implements AutoCloseable {

    public final Rechecks rechecks = new Rechecks();
    public final WakeUp wakeUp = new WakeUp();
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final JdbcClient jdbc;
    public final TransactionTemplate transaction;
    public final Notifications notifications;
    public final Deliveries deliveries;

    private final TestDatabase database = TestDatabase.create();
    private final HikariDataSource pool;

    public LedgerDatabase() {
        this(new LedgerSettings(Duration.ofHours(24), Duration.ofHours(24)));
    }

    public LedgerDatabase(LedgerSettings settings) {
        Map<String, String> properties = database.springProperties("notification");
        Flyway.configure()
                .dataSource(
                        properties.get("spring.flyway.url"),
                        properties.get("spring.flyway.user"),
                        properties.get("spring.flyway.password"))
                .initSql(properties.getOrDefault("spring.flyway.init-sqls", "SET ROLE eventshop_owner"))
                .schemas("notification")
                .defaultSchema("notification")
                .locations("classpath:db/notification")
                .load()
                .migrate();
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.as("notification"));
        config.setSchema("notification");
        config.setMaximumPoolSize(12);
        pool = new HikariDataSource(config);
        jdbc = JdbcClient.create(pool);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
        LedgerMetrics metrics = new LedgerMetrics(meters);
        notifications = new JdbcNotifications(new JdbcTemplate(pool), rechecks, wakeUp, settings, metrics);
        deliveries = new JdbcDeliveries(jdbc, settings, metrics, rechecks, wakeUp);
    }

    public String status(long id) {
        return jdbc.sql("SELECT status FROM notification WHERE notification_id = ?")
                .param(id)
                .query(String.class)
                .single();
    }

    /** Status of the only row. */
    public String onlyStatus() {
        return jdbc.sql("SELECT status FROM notification").query(String.class).single();
    }

    /** Looks at what was asked to be looked at, as the housekeeping does. */
    public void recheck() {
        try {
            Rechecks.Due due = rechecks.take(Duration.ZERO);
            deliveries.release(due.users(), due.orders());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        pool.close();
        database.close();
    }
}
