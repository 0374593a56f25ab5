package dev.eventshop.notification.recipient;

import dev.eventshop.notification.delivery.ledger.Rechecks;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives tests of other packages the directory. */
public final class RecipientDirectories {

    private RecipientDirectories() {}

    public static RecipientDirectory on(JdbcClient jdbc, Rechecks rechecks) {
        return new JdbcRecipientDirectory(jdbc, rechecks);
    }
}
