package dev.eventshop.notification.delivery.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.personaldata.key.PersonKeys;
import dev.eventshop.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** A fresh schema {@code notification}, and the ledger on it as the service's own role. */
public final class LedgerDatabase implements AutoCloseable {

    private static final String KEYS = "notification_keys";

    public final Rechecks rechecks = new Rechecks();
    public final WakeUp wakeUp = new WakeUp();
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final JdbcClient jdbc;
    public final TransactionTemplate transaction;
    public final Notifications notifications;
    public final Deliveries deliveries;
    public final PersonKeys keys;

    private final TestDatabase database = TestDatabase.create();
    private final HikariDataSource pool;
    private final AtomicLong statements = new AtomicLong();

    public LedgerDatabase() {
        this(new LedgerSettings(Duration.ofHours(24), Duration.ofHours(24)));
    }

    public LedgerDatabase(LedgerSettings settings) {
        Map<String, String> properties = database.springProperties("notification");
        flyway(database).load().migrate();
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.as("notification"));
        config.setSchema("notification");
        config.setMaximumPoolSize(12);
        pool = new HikariDataSource(config);
        DataSource counted = new CountingDataSource(pool, statements);
        jdbc = JdbcClient.create(counted);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(counted));
        LedgerMetrics metrics = new LedgerMetrics(meters);
        notifications = new JdbcNotifications(new JdbcTemplate(counted), rechecks, wakeUp, settings, metrics);
        keys = new PersonKeys(counted, KEYS, MasterKeys.parse(properties.get("eventshop.personal-data.master-keys")));
        deliveries = new JdbcDeliveries(jdbc, keys, settings, metrics, rechecks, wakeUp);
    }

    /** The migrations of the schema, as the service runs them. */
    static FluentConfiguration flyway(TestDatabase database) {
        Map<String, String> properties = database.springProperties("notification");
        return Flyway.configure()
                .dataSource(
                        properties.get("spring.flyway.url"),
                        properties.get("spring.flyway.user"),
                        properties.get("spring.flyway.password"))
                .initSql("SET ROLE eventshop_owner")
                .schemas("notification")
                .defaultSchema("notification")
                .locations("classpath:db/notification", "classpath:db/personal-data-service")
                .placeholders(Map.of(
                        "person-keys-schema", KEYS,
                        "personal-data-service-role", "notification",
                        "person-keys-reader", ""));
    }

    /** Forgets everybody, also that somebody was erased, which the service can't. */
    public void clean() {
        JdbcClient.create(database.admin())
                .sql("TRUNCATE notification.notification, notification.notification_content, notification.recipient,"
                        + " notification.order_customer, notification_keys.person_key")
                .update();
    }

    /** How many statements were sent so far. */
    public long statements() {
        return statements.get();
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

    /** Counts each prepared statement; they are used once here. */
    private static final class CountingDataSource extends DelegatingDataSource {

        private final AtomicLong statements;

        CountingDataSource(DataSource target, AtomicLong statements) {
            super(target);
            this.statements = statements;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection real = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")) {
                            statements.incrementAndGet();
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
