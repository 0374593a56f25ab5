package dev.eventshop.personaldata.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.testing.TestDatabase;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class PersonKeysIT {

    private static final String ONE = MasterKeys.newLine("one");
    private static final String TWO = MasterKeys.newLine("two");

    private static TestDatabase database;
    private static DataSource dataSource;
    private static JdbcTemplate jdbc;

    private final PersonKeys keys = new PersonKeys(dataSource, "some_keys", MasterKeys.parse(ONE));

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        Flyway.configure()
                .dataSource(database.as("eventshop_migrator"))
                .initSql("SET ROLE eventshop_owner")
                .schemas("notification")
                .locations("classpath:db/personal-data-service")
                .placeholders(Map.of(
                        "person-keys-schema", "some_keys",
                        "personal-data-service-role", "notification",
                        "person-keys-reader", "query_side"))
                .load()
                .migrate();
        dataSource = database.as("notification");
        jdbc = new JdbcTemplate(dataSource);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void empty() {
        JdbcTemplate owner = new JdbcTemplate(database.as("eventshop_migrator"));
        owner.execute("set role eventshop_owner; truncate some_keys.person_key, some_keys.index_key");
    }

    @Test
    void aPersonHasOneKeyHoweverManyAskAtTheSameTime() throws Exception {
        List<CompletableFuture<PersonKey>> asked = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> keys.obtain("user-1").orElseThrow()))
                .toList();
        byte[] sealed = keys.obtain("user-1").orElseThrow().seal("text", "a");

        for (CompletableFuture<PersonKey> key : asked) {
            assertThat(key.get(30, TimeUnit.SECONDS).open(sealed, "a")).isEqualTo("text");
        }
        assertThat(jdbc.queryForObject("select count(*) from some_keys.person_key", Integer.class))
                .isOne();
    }

    @Test
    void aKeyOfATransactionThatIsRolledBackIsNone() {
        new TransactionTemplate(new DataSourceTransactionManager(dataSource)).executeWithoutResult(status -> {
            assertThat(keys.obtain("user-1")).isPresent();
            status.setRollbackOnly();
        });

        assertThat(keys.find("user-1")).isEmpty();
    }

    @Test
    void theKeyToHashesStaysWhenTheTransactionThatNeededItFirstIsRolledBack() {
        byte[] hash = new TransactionTemplate(new DataSourceTransactionManager(dataSource)).execute(status -> {
            status.setRollbackOnly();
            return keys.indexKey().hash("email", "x");
        });

        assertThat(new PersonKeys(dataSource, "some_keys", MasterKeys.parse(ONE))
                        .indexKey()
                        .hash("email", "x"))
                .isEqualTo(hash);
        assertThat(keys.indexKey().hash("email", "x")).isEqualTo(hash);
    }

    @Test
    void whatIsDestroyedIsGoneForGoodAndForThisPersonOnly() {
        keys.obtain(Set.of("user-1", "user-2"));

        assertThat(keys.destroy("user-1")).isTrue();

        assertThat(keys.destroy("user-1")).isFalse();
        assertThat(keys.find(Set.of("user-1", "user-2", "user-3"))).containsOnlyKeys("user-2");
        assertThat(keys.obtain(Set.of("user-1", "user-2"))).containsOnlyKeys("user-2");
        assertThat(jdbc.queryForMap("select * from some_keys.person_key where person = 'user-1'"))
                .containsEntry("wrapped", null)
                .containsEntry("master_key", null);
    }

    @Test
    void whoIsErasedBeforeTheyHaveAKeyNeverGetsOne() {
        assertThat(keys.destroy("user-1")).isTrue();

        assertThat(keys.obtain("user-1")).isEmpty();
    }

    @Test
    void whoIsErasedIsErasedAgainAfterARestoreButNotWhoHasTheirNumberNow() {
        keys.obtain(Set.of("user-1", "user-2"));
        Instant created = jdbc.queryForObject(
                        "select created_at from some_keys.person_key where person = 'user-1'", OffsetDateTime.class)
                .toInstant();

        assertThat(keys.destroyAgain("user-1", created.plusSeconds(1))).isTrue();
        assertThat(keys.destroyAgain("user-1", created.plusSeconds(1))).isFalse();
        assertThat(keys.destroyAgain("user-2", created.minusSeconds(1))).isFalse();
        assertThat(keys.destroyAgain("user-3", created.plusSeconds(1))).isFalse();

        assertThat(keys.obtain(Set.of("user-1", "user-2", "user-3"))).containsOnlyKeys("user-2", "user-3");
    }

    @Test
    void aMasterKeyIsReplacedWithoutTouchingTheData() {
        List<byte[]> sealed = new ArrayList<>();
        Set<String> persons = new HashSet<>();
        IntStream.range(0, 500).mapToObj(i -> "user-" + i).forEach(persons::add);
        keys.obtain(persons);
        for (int i = 0; i < 500; i++) {
            sealed.add(keys.find("user-" + i).orElseThrow().seal("text " + i, "a"));
        }
        keys.destroy("user-7");
        byte[] hash = keys.indexKey().hash("email", "x");

        PersonKeys both = new PersonKeys(dataSource, "some_keys", MasterKeys.parse(TWO + "\n" + ONE));
        both.verify();
        Optional<String> last = Optional.of("");
        while (last.isPresent()) {
            last = both.rewrap(last.get(), 100);
        }

        PersonKeys onlyNew = new PersonKeys(dataSource, "some_keys", MasterKeys.parse(TWO));
        onlyNew.verify();
        Map<String, PersonKey> found = onlyNew.find(persons);
        assertThat(found).hasSize(499).doesNotContainKey("user-7");
        for (int i = 0; i < 500; i++) {
            if (i != 7) {
                assertThat(found.get("user-" + i).open(sealed.get(i), "a")).isEqualTo("text " + i);
            }
        }
        assertThat(onlyNew.indexKey().hash("email", "x")).isEqualTo(hash);
        assertThatThrownBy(keys::verify).isInstanceOf(MissingMasterKeyException.class);
    }

    @Test
    void whatIsInTheDatabaseOpensNothingWithoutTheMasterKey() {
        keys.obtain("user-1");
        PersonKeys stranger = new PersonKeys(
                dataSource, "some_keys", MasterKeys.parse(MasterKeys.newLine("one"))); // the name is right

        assertThatThrownBy(() -> stranger.find("user-1")).isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(stranger::verify)
                .isInstanceOf(MissingMasterKeyException.class)
                .hasMessageContaining("another master key \"one\"");
    }

    @Test
    void theKeyToHashesIsTheSameForAllAndUnknownBeforeItIsMade() {
        PersonKeys reader = new PersonKeys(database.as("query_side"), "some_keys", MasterKeys.parse(ONE));
        assertThat(reader.findIndexKey()).isEmpty();
        assertThat(new PersonKeys(dataSource, "no_such_schema", MasterKeys.parse(ONE)).findIndexKey())
                .isEmpty();

        byte[] hash = keys.indexKey().hash("email", "x");

        assertThat(reader.findIndexKey().orElseThrow().hash("email", "x")).isEqualTo(hash);
        assertThat(new PersonKeys(dataSource, "some_keys", MasterKeys.parse(ONE))
                        .indexKey()
                        .hash("email", "x"))
                .isEqualTo(hash);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into some_keys.person_key (person, destroyed_at) values ('user-1', now())",
                "update some_keys.person_key set wrapped = null",
                "delete from some_keys.person_key",
                "truncate some_keys.person_key"
            })
    void aReaderOfKeysChangesNone(String sql) {
        JdbcTemplate reader = new JdbcTemplate(database.as("query_side"));

        assertThatThrownBy(() -> reader.execute(sql)).rootCause().hasMessageContaining("permission denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete from some_keys.person_key", "truncate some_keys.person_key"})
    void aServiceCantForgetThatSomebodyWasErased(String sql) {
        assertThatThrownBy(() -> jdbc.execute(sql)).rootCause().hasMessageContaining("permission denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Keys", "keys; drop", "\"keys\"", "1keys"})
    void aSchemaIsAPlainName(String schema) {
        assertThatThrownBy(() -> new PersonKeys(dataSource, schema, MasterKeys.parse(ONE)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
