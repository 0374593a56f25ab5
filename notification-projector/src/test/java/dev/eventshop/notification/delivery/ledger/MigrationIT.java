package dev.eventshop.notification.delivery.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** From the schemas of earlier versions, with what may stand there. */
class MigrationIT {

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient sql = JdbcClient.create(database.admin());

    @AfterEach
    void drop() {
        database.close();
    }

    private void migrateTo(String version) {
        LedgerDatabase.flyway(database).target(version).load().migrate();
    }

    private void run(String statement) {
        sql.sql(statement).update();
    }

    private List<String> list(String query) {
        return sql.sql(query).query(String.class).list();
    }

    @Nested
    class FromTheClear {

        private static final String EMAIL_OF_SOMEBODY =
                "INSERT INTO notification.notification (notification_key, kind, user_id, order_id, facts, status, give_up_at,"
                        + " %s) VALUES ('k', 'WELCOME', 7, 1, '{}', '%s', now(), %s)";

        @BeforeEach
        void earlierVersion() {
            migrateTo("1");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "INSERT INTO notification.recipient (user_id, email) VALUES (7, 'ada@example.org')",
                    "INSERT INTO notification.recipient (user_id, full_name) VALUES (7, 'Ada')",
                    "recipient, SENT, 'ada@example.org'",
                    "full_name, FAILED, 'Ada'",
                    "content"
                })
        void isRefusedWithPersonalData(String data) {
            if (data.equals("content")) {
                run(EMAIL_OF_SOMEBODY.formatted("locale", "SENT", "'en'"));
                run("INSERT INTO notification.notification_content SELECT notification_id, 's', 'h', 't'"
                        + " FROM notification.notification");
            } else if (data.startsWith("INSERT")) {
                run(data);
            } else {
                run(EMAIL_OF_SOMEBODY.formatted((Object[]) data.split(", ")));
            }

            assertThatThrownBy(() -> migrateTo("latest")).hasMessageContaining("personal data in the clear");
            assertThat(list("SELECT data_type FROM information_schema.columns WHERE table_schema = 'notification'"
                            + " AND table_name = 'notification' AND column_name = 'recipient'"))
                    .containsExactly("text");
        }

        @Test
        void isTakenOverWithoutPersonalData() {
            run("INSERT INTO notification.recipient (user_id, erased_at) VALUES (7, now())");
            run(EMAIL_OF_SOMEBODY.formatted("locale", "SUPPRESSED", "'en'"));

            migrateTo("latest");

            assertThat(
                            list(
                                    "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = 'notification'"
                                            + " AND column_name IN ('recipient', 'full_name', 'email', 'subject', 'html', 'text')"))
                    .containsExactly("bytea");
            assertThat(list("SELECT status FROM notification.notification")).containsExactly("SUPPRESSED");
        }
    }

    @Nested
    class FromFailuresInTheClear {

        private static final String SAID = "550 5.1.1 \"qx7ada\"@example.org unknown";

        @BeforeEach
        void earlierVersion() {
            migrateTo("4");
            List<String> errors = List.of(
                    SAID,
                    "Nobody told whose order 1 is (order.created) in time.",
                    "Nobody told the address of user 7 (user.registered) in time.",
                    "Nobody told the address of user 7 (user.registered) in time. qx7ada",
                    "The service stopped between handing the email over and writing down the answer.");
            for (String error : errors) {
                sql.sql(
                                "INSERT INTO notification.notification (notification_key, kind, user_id, facts, status, give_up_at,"
                                        + " error) VALUES (:error, 'WELCOME', 8, '{}', 'FAILED', now(), :error)")
                        .param("error", error)
                        .update();
            }
            run("UPDATE notification.notification SET notification_key = notification_id::text");
        }

        @Test
        void keepsOurOwnWordsAndNothingElse() {
            assertThat(file()).contains("qx7ada"); // so it can be found there

            migrateTo("latest");

            String gone = "Not delivered; an earlier version has written down why, and it was taken away.";
            assertThat(list("SELECT error FROM notification.notification ORDER BY notification_id"))
                    .containsExactly(
                            gone,
                            "Nobody told whose order 1 is (order.created) in time.",
                            "Nobody told the address of user 7 (user.registered) in time.",
                            gone,
                            "The service stopped between handing the email over and writing down the answer.");
            assertThat(file()).contains("Not delivered").doesNotContain("qx7ada");
        }

        /** What PostgreSQL has of the table on the disk, dead rows included. */
        private String file() {
            run("CHECKPOINT");
            return list("SELECT encode(pg_read_binary_file(pg_relation_filepath('notification.notification')), 'escape')")
                    .get(0);
        }
    }

    @Nested
    class FromAnErasureWhileTheEmailWasSent {

        @BeforeEach
        void earlierVersion() {
            migrateTo("4");
            run("INSERT INTO notification.recipient (user_id, erased_at) VALUES (7, now())");
            run("INSERT INTO notification.recipient (user_id, email) VALUES (8, 'sealed')");
            for (int user : List.of(7, 8)) {
                int number = 0;
                for (String status : List.of("SENT", "PENDING", "SENDING", "UNCERTAIN")) {
                    run(
                            "INSERT INTO notification.notification (notification_key, kind, user_id, facts, status, give_up_at,"
                                    + " recipient, full_name, claim, lease_until) VALUES ('" + user + "/" + number++
                                    + "', 'WELCOME', " + user + ", '{}', '" + status + "', now(), 'sealed', 'sealed',"
                                    + " gen_random_uuid(), now())");
                }
            }
            run("INSERT INTO notification.notification_content SELECT notification_id, 's', 'h', 't'"
                    + " FROM notification.notification");
        }

        @Test
        void leavesNothingOfThatPersonAndAllOfTheOthers() {
            migrateTo("latest");

            assertThat(list("SELECT user_id || ' ' || status || ' ' || num_nonnulls(recipient, full_name, subject)"
                            + " FROM notification.notification LEFT JOIN notification.notification_content"
                            + " USING (notification_id) ORDER BY notification_key"))
                    .containsExactly(
                            "7 SENT 0",
                            "7 SUPPRESSED 0",
                            "7 SUPPRESSED 0",
                            "7 UNCERTAIN 0",
                            "8 SENT 3",
                            "8 PENDING 3",
                            "8 SENDING 3",
                            "8 UNCERTAIN 3");
        }
    }
}
