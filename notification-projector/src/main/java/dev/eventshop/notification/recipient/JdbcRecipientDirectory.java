package dev.eventshop.notification.recipient;

import dev.eventshop.notification.delivery.ledger.Rechecks;
import dev.eventshop.notification.person.Person;
import dev.eventshop.personaldata.key.PersonKeys;
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

    private static final String ASSIGN =
            "INSERT INTO order_customer (order_id, user_id) VALUES (?, ?) ON CONFLICT (order_id) DO NOTHING";

    private static final String ERASE = """
            INSERT INTO recipient AS r (user_id, erased_at) VALUES (?, now())
            ON CONFLICT (user_id) DO UPDATE
            SET email = NULL, full_name = NULL, locale = NULL, erased_at = coalesce(r.erased_at, now()), updated_at = now()""";

    private final JdbcClient jdbc;
    private final PersonKeys keys;
    private final Rechecks rechecks;

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
        if (jdbc.sql(ASSIGN).params(orderId, userId).update() > 0) {
            rechecks.afterCommitOfOrder(orderId);
        }
    }

    @Override
    public void erase(int userId) {
        keys.destroy(Person.named(userId));
        jdbc.sql(ERASE).params(userId).update();
        rechecks.afterCommitOfUser(userId);
    }
}
