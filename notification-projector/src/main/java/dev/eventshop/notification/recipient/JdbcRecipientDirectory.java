package dev.eventshop.notification.recipient;

import dev.eventshop.notification.commit.CollectedWrites;
import dev.eventshop.notification.delivery.ledger.Rechecks;
import dev.eventshop.notification.person.Person;
import dev.eventshop.personaldata.key.PersonKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcRecipientDirectory implements RecipientDirectory {

    private static final String REGISTER = """
            INSERT INTO recipient AS r (user_id, email, full_name, locale) VALUES (?, ?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE
            SET email = excluded.email, full_name = excluded.full_name, locale = excluded.locale, updated_at = now()
            WHERE r.erased_at IS NULL""";

    /** In the order of their numbers, so that no two can block each other. */
    private static final String ASSIGN = """
            INSERT INTO order_customer (order_id, user_id)
            SELECT order_id, user_id FROM unnest(?, ?) WITH ORDINALITY AS told (order_id, user_id, number)
            ORDER BY order_id, number
            ON CONFLICT (order_id) DO NOTHING
            RETURNING order_id""";

    private static final String ERASE = """
            INSERT INTO recipient AS r (user_id, erased_at) VALUES (?, now())
            ON CONFLICT (user_id) DO UPDATE
            SET email = NULL, full_name = NULL, locale = NULL, erased_at = coalesce(r.erased_at, now()), updated_at = now()""";

    private final JdbcClient jdbc;
    private final PersonKeys keys;
    private final Rechecks rechecks;
    private final CollectedWrites<Assignment> assignments = new CollectedWrites<>(0, this::assign);

    JdbcRecipientDirectory(JdbcClient jdbc, PersonKeys keys, Rechecks rechecks) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.rechecks = rechecks;
    }

    @Override
    public void register(int userId, String email, String fullName, @Nullable String locale) {
        keys.obtain(Person.named(userId)).ifPresent(key -> {
            jdbc.sql(REGISTER)
                    .params(userId, Person.EMAIL.seal(key, email), Person.FULL_NAME.seal(key, fullName), locale)
                    .update();
            rechecks.afterCommitOfUser(userId);
        });
    }

    @Override
    public void assign(int orderId, int userId) {
        assignments.add(new Assignment(orderId, userId));
    }

    private void assign(List<Assignment> assignments) {
        jdbc.sql(ASSIGN)
                .param(assignments.stream().map(Assignment::orderId).toArray(Integer[]::new))
                .param(assignments.stream().map(Assignment::userId).toArray(Integer[]::new))
                .query(Integer.class)
                .list()
                .forEach(rechecks::afterCommitOfOrder);
    }

    @Override
    public void erase(int userId) {
        keys.destroy(Person.named(userId));
        jdbc.sql(ERASE).params(userId).update();
        rechecks.afterCommitOfUser(userId);
    }

    private record Assignment(int orderId, int userId) {}
}
