package dev.eventshop.command.currency;

/** The service is configured with another currency than the shop's amounts are in. Only the configuration can help. */
public final class CurrencyChanged extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CurrencyChanged(String stored, String configured) {
        super("eventshop.currency is " + configured + ", but the amounts in this shop's event store are in " + stored
                + ", and the currency can't change after the first event.");
    }
}
