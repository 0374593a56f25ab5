package dev.eventshop.embedded;

/** Another process listens on the port that was asked for. */
public final class PortTaken extends EmbeddedServerFailed {

    private static final long serialVersionUID = 1L;

    PortTaken(int port, String purpose) {
        super("Port " + port + " for " + purpose + " is taken by another process.");
    }
}
