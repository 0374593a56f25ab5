package dev.eventshop.standalone.probe;

/** A station on the way of an event. */
enum Hop {
    COMMAND("command", "the command was not carried out"),
    EXCHANGE("exchange", "not seen on the exchange"),
    READ_MODEL("read model", "not applied to the read model"),
    LEDGER("ledger", "no email recorded in the ledger"),
    EMAIL("email", "the email was not sent");

    private final String title;
    private final String failure;

    Hop(String title, String failure) {
        this.title = title;
        this.failure = failure;
    }

    String title() {
        return title;
    }

    String failure() {
        return failure;
    }
}
