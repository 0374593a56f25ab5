package dev.eventshop.standalone.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.standalone.console.Refused;
import dev.eventshop.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** From one database into another, without the services. */
class RestoreIT {

    private static final List<String> SCHEMAS = List.of(
            "event_store",
            "event_store_keys",
            "command_side",
            "query_side",
            "query_side_keys",
            "notification",
            "notification_keys");

    /** What a copy has to have as well, each row as a text. Positions of columns may differ where some were dropped. */
    private static final Map<String, String> CATALOGS = Map.of(
            "columns",
            "select table_schema, table_name, column_name, data_type, column_default, is_nullable, is_identity,"
                    + " identity_generation, identity_increment, identity_minimum, identity_maximum, collation_name,"
                    + " is_generated from information_schema.columns where table_schema = any (?)",
            "indexes",
            "select schemaname, tablename, indexname, indexdef from pg_indexes where schemaname = any (?)",
            "constraints",
            "select n.nspname, conname, conrelid::regclass::text, pg_get_constraintdef(k.oid) from pg_constraint k"
                    + " join pg_namespace n on n.oid = connamespace where nspname = any (?) and contype not in ('t', 'n')",
            "relations",
            "select n.nspname, relname, relkind, relpersistence, reloptions::text,"
                    + " pg_get_userbyid(relowner), (select string_agg(g::text, ' ' order by g::text) from"
                    + "  (select pg_get_userbyid(grantor), grantee::regrole, privilege_type, is_grantable from"
                    + "   aclexplode(relacl)) g) from pg_class c join pg_namespace n on n.oid = relnamespace"
                    + " where n.nspname = any (?)",
            "storage",
            "select n.nspname, relname, attname, attstorage from pg_attribute a join pg_class c on c.oid = attrelid"
                    + " join pg_namespace n on n.oid = relnamespace where n.nspname = any (?) and relkind = 'r'"
                    + " and attnum > 0 and not attisdropped",
            "routines",
            "select n.nspname, proname, pg_get_functiondef(p.oid), pg_get_userbyid(proowner),"
                    + " (select string_agg(g::text, ' ' order by g::text) from (select grantee::regrole, privilege_type"
                    + " from aclexplode(proacl)) g) from pg_proc p join pg_namespace n on n.oid = pronamespace"
                    + " where n.nspname = any (?)",
            "triggers",
            "select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid join pg_namespace n"
                    + " on n.oid = relnamespace where n.nspname = any (?) and not tgisinternal",
            "views",
            "select schemaname, viewname, definition from pg_views where schemaname = any (?)",
            "schemas",
            "select nspname, pg_get_userbyid(nspowner), nspacl::text from pg_namespace where nspname = any (?)",
            "rights to come",
            "select nspname, defaclobjtype, defaclacl::text from pg_default_acl join pg_namespace n"
                    + " on n.oid = defaclnamespace where nspname = any (?)");

    @TempDir
    private Path folder;

    private TestDatabase from;
    private TestDatabase to;
    private JdbcTemplate source;
    private JdbcTemplate target;

    @BeforeEach
    void start() {
        from = TestDatabase.create();
        to = TestDatabase.create();
        source = new JdbcTemplate(from.admin());
        target = new JdbcTemplate(to.admin());
        migrate();
        fill();
    }

    @AfterEach
    void stop() {
        from.close();
        to.close();
    }

    /** With the placeholders as the services' libraries fill them. */
    private void migrate() {
        flyway("event_store", "db/event-store", Map.of("writer-role", "command_side", "reader-role", "query_side"));
        service("command_side", "event_store_keys", "query_side", "db/command-side", "db/event-store-service");
        service("query_side", "query_side_keys", "", "db/query-side", "db/event-store-service");
        service("notification", "notification_keys", "", "db/notification", "db/messaging-service");
    }

    private void service(String role, String keys, String reader, String... scripts) {
        Map<String, String> placeholders =
                new TreeMap<>(Map.of("person-keys-schema", keys, "person-keys-reader", reader));
        for (String library : List.of("event-store", "messaging", "personal-data", "audit")) {
            placeholders.put(library + "-service-role", role);
        }
        String locations =
                String.join(",classpath:", scripts) + ",classpath:db/personal-data-service,classpath:db/audit-service";
        flyway(role, locations, placeholders);
    }

    private void flyway(String schema, String locations, Map<String, String> placeholders) {
        Flyway.configure()
                .dataSource(from.as("eventshop_migrator"))
                .initSql("SET ROLE eventshop_owner")
                .schemas(schema)
                .defaultSchema(schema)
                .locations(("classpath:" + locations).split(","))
                .outOfOrder(true)
                .placeholders(placeholders)
                .load()
                .migrate();
    }

    private void fill() {
        event("user-1", 0, "UserRegisteredEvent", "{\"fullName\": \"\\\\ Ä\\tö\\n 漢 \"}", "2026-11-01T10:00:00Z");
        event("order-1", 0, "OrderCreatedEvent", "{\"totalAmount\": 12.50}", "now");
        event("order-2", 0, "OrderCreatedEvent", "{}", "now");
        event("order-3", 0, "OrderCreatedEvent", "{}", "now");
        source.execute(
                "insert into command_side.tracking_token (processor_name, segment, token, owner, claimed_at) select"
                        + " 'forwarder', 0, " + position("order-3") + ", 'somebody', now()");
        source.execute("select nextval('command_side.order_id')");
        source.execute("insert into event_store_keys.person_key (person, master_key, wrapped)"
                + " values ('user-1', 'key-1', '\\x00ff')");
        source.execute("insert into event_store_keys.index_key (master_key, wrapped) values ('key-2', '\\x0a0d5c')");
        for (String aggregate : List.of("order-1", "order-3")) {
            source.update(
                    "insert into notification.message_inbox (queue, message_id, handled) select 'order.created',"
                            + " event_id::text, true from event_store.domain_event where aggregate_id = ?",
                    aggregate);
        }
        for (String status : List.of("PENDING", "SENT", "WAITING_FOR_RECIPIENT")) {
            source.update(
                    "insert into notification.notification (notification_key, kind, order_id, facts, recipient, status,"
                            + " give_up_at) values (?, 'ORDER_CONFIRMATION', 1, '{}', '\\x01', ?, now())",
                    status,
                    status);
        }
    }

    private void event(String aggregate, int sequence, String type, String payload, String time) {
        source.update(
                "insert into event_store.domain_event (event_id, aggregate_type, aggregate_id, sequence_number, event_type,"
                        + " event_revision, time, payload, metadata) values (gen_random_uuid(), 'X', ?, ?, ?, '1.0',"
                        + " cast(? as timestamptz), cast(? as json), '{}')",
                aggregate,
                sequence,
                type,
                time,
                payload);
    }

    private static String position(String aggregate) {
        return "(select epoch || '-' || transaction_id || '-' || global_index from event_store.domain_event"
                + " where aggregate_id = '" + aggregate + "')";
    }

    private BackupFiles backup(String name) {
        return new Backup(from.as("eventshop_reader"), "0.1.0")
                .write(folder.resolve(name))
                .files();
    }

    private DataSource owner() {
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(to.url());
        owner.setUser("eventshop_migrator");
        owner.setPassword(to.passwordOf("eventshop_migrator"));
        owner.setOptions("-c role=eventshop_owner");
        return owner;
    }

    private Aftermath restore(BackupFiles files, boolean moved) throws Exception {
        try (Restore restore = Restore.of(files, true)) {
            return restore.into(owner(), moved);
        }
    }

    private static List<String> rows(JdbcTemplate jdbc, String query) {
        return jdbc.query(
                connection -> {
                    var statement = connection.prepareStatement("select t::text from (" + query + ") t order by 1");
                    if (query.contains("?")) {
                        statement.setArray(1, connection.createArrayOf("text", SCHEMAS.toArray()));
                    }
                    return statement;
                },
                (row, number) -> row.getString(1));
    }

    private static List<String> tables(JdbcTemplate jdbc) {
        return rows(
                        jdbc,
                        "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables"
                                + " where schemaname = any (?)")
                .stream()
                .map(row -> row.substring(1, row.length() - 1))
                .toList();
    }

    @Test
    void makesTheSameTablesWithTheSameRows() throws Exception {
        assertThat(rows(source, CATALOGS.get("schemas"))).hasSameSizeAs(SCHEMAS);

        Aftermath aftermath = restore(backup("a.zip"), true);

        CATALOGS.forEach((what, query) -> {
            List<String> copied = rows(target, query).stream()
                    .map(row -> row.startsWith("(event_store,domain_event,epoch,integer," + aftermath.epoch() + ",")
                            ? row.replace("," + aftermath.epoch() + ",", ",1,")
                            : row)
                    .toList();
            assertThat(copied).as(what).isNotEmpty().isEqualTo(rows(source, query));
        });
        assertThat(tables(source)).hasSizeGreaterThan(40).isEqualTo(tables(target));
        for (String table : tables(source)) {
            if (!table.endsWith(".tracking_token") && !table.equals("event_store.cluster")) {
                assertThat(rows(target, "select * from " + table))
                        .as(table)
                        .isEqualTo(rows(source, "select * from " + table));
            }
        }
        assertThat(rows(target, "select * from event_store.cluster"))
                .hasSize(2)
                .containsAll(rows(source, "select * from event_store.cluster"));
        assertThat(rows(target, "select nextval('command_side.order_id')")).containsExactly("(101)");
        assertThat(rows(target, "select owner, token from command_side.tracking_token"))
                .isEqualTo(rows(source, "select null, token from command_side.tracking_token"));
        assertThat(aftermath.heldEmails()).isZero();
        assertThat(aftermath.forwardsFrom()).isNull();
        target.execute("insert into notification.send_limit select * from notification.send_limit where false");
    }

    @Test
    void sendsAgainWhatNobodyHadHandled() throws Exception {
        String unhandled = source.queryForObject("select " + position("order-2"), String.class);
        String before = source.queryForObject("select " + position("order-1"), String.class);

        Aftermath aftermath = restore(backup("a.zip"), false);

        assertThat(aftermath.forwardsFrom()).isEqualTo(unhandled);
        assertThat(target.queryForObject("select token from command_side.tracking_token", String.class))
                .isEqualTo(before);
    }

    /** Its first message ever, or the first one for longer than the inbox remembers. */
    @Test
    void sendsAgainWhatLayInAQueueThatHadHandledNothing() throws Exception {
        handleAll();
        event("order-1", 1, "OrderCancelledEvent", "{}", "now");
        source.update("update command_side.tracking_token set token = (select epoch || '-' || transaction_id || '-' ||"
                + " global_index from event_store.domain_event where sequence_number = 1)");

        Aftermath aftermath = restore(backup("a.zip"), false);

        assertThat(aftermath.forwardsFrom())
                .isEqualTo(source.queryForObject("select token from command_side.tracking_token", String.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PARKED", "RETRIED"})
    void sendsALetterAgainThatWasOnItsWayBackToItsQueue(String state) throws Exception {
        source.update(
                "insert into notification.dead_letter (queue, letter_key, message_id, error_class, error_pattern,"
                        + " sealed_for, of_anybody, attempts, first_failed_at, last_failed_at, state) select"
                        + " 'order.created', '\\x01', event_id::text, 'E', 'e', 'user-1', false, 5, now(), now(), ?"
                        + " from event_store.domain_event where aggregate_id = 'order-2'",
                state);

        Aftermath aftermath = restore(backup("a.zip"), false);

        assertThat(aftermath.forwardsFrom() != null).isEqualTo(state.equals("RETRIED"));
    }

    private void handleAll() {
        source.update("insert into notification.message_inbox (queue, message_id, handled) select 'order.created',"
                + " event_id::text, true from event_store.domain_event on conflict do nothing");
    }

    @Test
    void holdsEmailsThatMayHaveBeenSentSince() throws Exception {
        Aftermath aftermath = restore(backup("a.zip"), false);

        assertThat(aftermath.heldEmails()).isEqualTo(2);
        assertThat(rows(target, "select notification_key, status, error is null from notification.notification"))
                .containsExactly("(PENDING,UNCERTAIN,f)", "(SENT,SENT,t)", "(WAITING_FOR_RECIPIENT,UNCERTAIN,f)");
    }

    @Test
    void bringsReadersBackThatAreAheadOfTheStore() throws Exception {
        source.execute("delete from event_store.domain_event where aggregate_id in ('order-2', 'order-3')");

        Aftermath aftermath = restore(backup("a.zip"), true);

        assertThat(aftermath.ahead()).containsExactly("forwarder");
        assertThat(target.queryForObject("select token from command_side.tracking_token", String.class))
                .isEqualTo(target.queryForObject("select " + position("order-1"), String.class));
    }

    @Test
    void letsReadersThatAreAheadPassByNothingThatWasWrittenMeanwhile() throws Exception {
        source.execute("delete from event_store.domain_event where aggregate_id in ('order-2', 'order-3')");
        event("order-9", 0, "OrderCreatedEvent", "{}", "now");
        source.execute("update event_store.domain_event set epoch = 2 where aggregate_id = 'order-9'");

        restore(backup("a.zip"), true);

        assertThat(target.queryForObject("select token from command_side.tracking_token", String.class))
                .isEqualTo(target.queryForObject("select " + position("order-1"), String.class));
    }

    @Test
    void givesNoNumberAwayThatMayHaveBeenSince() throws Exception {
        Aftermath aftermath = restore(backup("a.zip"), false);

        assertThat(aftermath.skipped()).isEqualTo(1_000_000);
        assertThat(rows(target, "select nextval('command_side.order_id'), nextval('command_side.user_id')"))
                .containsExactly("(1000101,1000101)");
    }

    /** Not until that has ended does any reader come to what was written beside it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesWhatWasWrittenBesideARunningTransactionAnotherPosition(boolean moved) throws Exception {
        BackupFiles files;
        try (Connection running = from.admin().getConnection();
                Statement statement = running.createStatement()) {
            running.setAutoCommit(false);
            statement.execute("insert into command_side.tracking_token (processor_name, segment) values ('late', 0)");
            event("order-9", 0, "OrderCreatedEvent", "{}", "now");
            files = backup("a.zip");
            running.rollback();
        }

        Aftermath aftermath = restore(files, moved);

        assertThat(target.queryForList(
                        "select epoch from event_store.domain_event where aggregate_id = 'order-9'", Integer.class))
                .singleElement()
                .satisfies(epoch -> assertThat(epoch > 1).isEqualTo(!moved))
                .satisfies(epoch -> assertThat(epoch).isLessThan(aftermath.epoch()));
        assertThat(target.queryForList(
                        "select aggregate_id from event_store.domain_event"
                                + " order by epoch, transaction_id, global_index",
                        String.class))
                .containsExactly("user-1", "order-1", "order-2", "order-3", "order-9");
        assertThat(rows(target, "select " + position("order-3")))
                .isEqualTo(rows(source, "select " + position("order-3")));
    }

    @Test
    void adoptsWhatCameByOtherMeans() throws Exception {
        source.execute("update event_store.cluster set system_identifier = 42");

        PGSimpleDataSource owner = (PGSimpleDataSource) owner();
        owner.setUrl(from.url());
        Aftermath aftermath = Aftermath.ofAdoption(owner);

        assertThat(aftermath.epoch()).isGreaterThan(1);
        assertThat(aftermath.heldEmails()).isZero();
        assertThat(source.queryForObject(
                        "select system_identifier from event_store.cluster where epoch = ?",
                        Long.class,
                        aftermath.epoch()))
                .isNotEqualTo(42);
    }

    @Test
    void isOfViewsAloneWhereTheStoreIsElsewhere() throws Exception {
        source.execute(
                "drop schema event_store, event_store_keys, command_side, notification, notification_keys cascade");

        Aftermath aftermath = restore(backup("a.zip"), false);

        assertThat(aftermath.epoch()).isZero();
        assertThat(rows(target, "select name from query_side.projection")).hasSize(4);
    }

    @Test
    void isOfOneMoment() throws Exception {
        try (Connection writer = from.admin().getConnection();
                var statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("insert into command_side.reservation_permit (order_id, product_id) values (1, 1)");
            backup("a.zip"); // waits for no writer
            statement.execute("insert into query_side.instance (id, seen_at) values ('x', now())");
            writer.commit();
        }
        restore(BackupFiles.of(folder.resolve("a.zip")), true);

        assertThat(rows(target, "select * from query_side.instance")).isEmpty();
        assertThat(rows(target, "select * from command_side.reservation_permit"))
                .isEmpty();
    }

    @Test
    void hasNoKeysInTheFileOfTheData() throws Exception {
        BackupFiles files = backup("a.zip");
        try (ZipFile data = new ZipFile(files.data().toFile());
                ZipFile keys = new ZipFile(files.keys().toFile())) {
            assertThat(data.stream().map(ZipEntry::getName)).noneMatch(name -> name.contains("_keys."));
            assertThat(keys.stream().map(ZipEntry::getName))
                    .filteredOn(name -> name.startsWith("data/"))
                    .hasSize(6)
                    .allMatch(name -> name.contains("_keys."));
        }
        try (Restore restore = Restore.of(files, true)) {
            assertThat(restore.missingMasterKeys(Set.of("key-1"))).containsExactly("key-2");
        }
        try (Restore restore = Restore.of(files, false)) {
            assertThat(restore.missingMasterKeys(Set.of())).isEmpty();
            restore.into(owner(), true);
        }
        assertThat(rows(target, "select * from event_store_keys.person_key")).isEmpty();
        assertThat(rows(target, "select * from event_store.domain_event")).hasSize(4);
    }

    @Test
    void isRefusedWhenItIsNotWhole() throws Exception {
        BackupFiles files = backup("a.zip");
        String changed = "data/event_store.domain_event.copy";
        Path damaged = folder.resolve("damaged.zip");
        try (ZipFile good = new ZipFile(files.data().toFile());
                ZipOutputStream bad = new ZipOutputStream(Files.newOutputStream(damaged))) {
            for (ZipEntry entry : good.stream().toList()) {
                bad.putNextEntry(new ZipEntry(entry.getName()));
                byte[] content = good.getInputStream(entry).readAllBytes();
                if (entry.getName().equals(changed)) {
                    content = new String(content).replace("12.50", "13.50").getBytes();
                }
                bad.write(content);
            }
        }
        Files.copy(files.keys(), folder.resolve("damaged.keys.zip"), StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> restore(BackupFiles.of(damaged), true))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(changed);
        assertThat(rows(target, CATALOGS.get("schemas"))).isEmpty();
    }

    @Test
    void isRefusedWhenTheKeysAreOfAnotherBackup() throws Exception {
        backup("a.zip");
        backup("b.zip");
        Files.copy(folder.resolve("b.keys.zip"), folder.resolve("a.keys.zip"), StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> restore(BackupFiles.of(folder.resolve("a.zip")), true))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("different backups");
        Files.delete(folder.resolve("a.keys.zip"));
        assertThatThrownBy(() -> restore(BackupFiles.of(folder.resolve("a.zip")), true))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("--without-keys");
    }

    @Test
    void overwritesNothing() throws Exception {
        BackupFiles files = backup("a.zip");
        assertThatThrownBy(() -> backup("a.zip")).isInstanceOf(Refused.class).hasMessageContaining("there already");

        restore(files, true);
        assertThatThrownBy(() -> restore(files, true))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("into an empty one");
    }

    @Test
    void takesNothingAlongThatItCantBringBack() throws SQLException {
        source.execute("set role eventshop_owner; create type command_side.colour as enum ('red'); reset role");

        assertThatThrownBy(() -> backup("a.zip"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("command_side.colour");
        assertThat(folder).isEmptyDirectory();
    }
}
