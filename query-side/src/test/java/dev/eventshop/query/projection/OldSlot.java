package dev.eventshop.query.projection;

import dev.eventshop.eventstore.EventLog;
import java.util.Locale;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.springframework.jdbc.core.JdbcOperations;

/** An instance whose processor writes into a slot that may not be the live one, or has not noticed a pause. */
public final class OldSlot {

    private OldSlot() {}

    /** Claims the first segment of the orders' view in the current transaction. */
    public static void claim(JdbcOperations jdbc, EventLog events, TokenStore tokens, String slot) {
        new SlotTokens(
                        tokens,
                        new ProjectionFlags(jdbc),
                        Slot.valueOf(slot.toUpperCase(Locale.ROOT)),
                        1,
                        events,
                        (segment, ahead) -> {})
                .fetchToken("order-summary", 0);
    }
}
