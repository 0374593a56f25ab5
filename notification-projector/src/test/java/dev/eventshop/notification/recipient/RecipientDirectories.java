package dev.eventshop.notification.recipient;

import dev.eventshop.notification.delivery.ledger.Rechecks;
import dev.eventshop.personaldata.key.PersonKeys;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives tests of other packages the directory. */
public final class RecipientDirectories {

    private RecipientDirectories() {}

    public static RecipientDirectory on(JdbcClient jdbc, PersonKeys keys, Rechecks rechecks) {
        return new JdbcRecipientDirectory(jdbc, keys, rechecks);
    }
}
