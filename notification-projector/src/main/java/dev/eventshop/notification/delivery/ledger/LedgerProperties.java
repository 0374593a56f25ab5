package dev.eventshop.notification.delivery.ledger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long emails are remembered.
 *
 * @param retention       after which a row that will not change any more is removed, with the email's text (default 365
 *                        days); longer than the inbox knows its messages, since the row is what keeps a message that comes
 *                        again later from being a second email
 * @param cleanUpInterval how often such rows are looked for (default 1 h)
 */
@ConfigurationProperties("eventshop.notification.ledger")
public record LedgerProperties(
        @DefaultValue("365d") Duration retention,
        @DefaultValue("1h") Duration cleanUpInterval) {

    public LedgerProperties {
        if (retention.toMillis() < 1 || cleanUpInterval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "eventshop.notification.ledger.retention and clean-up-interval must be positive");
        }
    }

    /** @throws IllegalArgumentException when the inbox knows its messages for as long or longer */
    LedgerProperties longerThan(Duration inboxRetention) {
        if (retention.compareTo(inboxRetention) <= 0) {
            throw new IllegalArgumentException("eventshop.notification.ledger.retention must be longer than"
                    + " eventshop.messaging.inbox-retention: a message that the inbox has forgotten would be a second"
                    + " email");
        }
        return this;
    }
}
