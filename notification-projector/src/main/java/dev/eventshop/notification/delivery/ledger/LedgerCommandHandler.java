package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.access.AccessRules;
import org.springframework.stereotype.Component;

/** Changes the ledger for those who may. */
@Component
public class LedgerCommandHandler {

    private final AccessRules rules;
    private final Deliveries deliveries;

    LedgerCommandHandler(AccessRules rules, Deliveries deliveries) {
        this.rules = rules;
        this.deliveries = deliveries;
    }

    /** @return false when it is neither failed nor uncertain, or there is no such email */
    public boolean handle(RetryNotification command) {
        rules.check(command);
        return deliveries.retry(command.id());
    }
}
