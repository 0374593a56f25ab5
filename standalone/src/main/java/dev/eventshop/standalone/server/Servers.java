package dev.eventshop.standalone.server;

import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.data.KeptPorts;
import dev.eventshop.standalone.issuer.IssuerSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Finds the servers that the user has named, and starts those that were not. All methods can be called at the same time. */
public final class Servers {

    private static final String AMQP_PORT = "eventshop.standalone.amqp-port";
    private static final String SMTP_PORT = "eventshop.standalone.smtp-port";
    private static final int USUAL_AMQP_PORT = 5672;
    private static final int USUAL_SMTP_PORT = 1025;

    private final DataFolder folder;
    private final UserSettings settings;
    private final KeptPorts ports;
    private final Consumer<String> announcements;

    /** @param announcements takes sentences about ports that are not the usual ones */
    public Servers(DataFolder folder, UserSettings settings, Consumer<String> announcements) {
        this.folder = folder;
        this.settings = settings;
        this.ports = new KeptPorts(folder);
        this.announcements = announcements;
    }

    /** @throws dev.eventshop.standalone.console.Refused when there is none */
    public DatabaseServer database() {
        return ExternalDatabase.isNamed(settings)
                ? ExternalDatabase.prepare(settings)
                : EmbeddedDatabase.start(folder.folder("postgresql"));
    }

    /** @return whether the database is the user's own, and not in the data folder */
    public static boolean databaseIsNamed(UserSettings settings) {
        return ExternalDatabase.isNamed(settings);
    }

    /** @return whether the broker is the user's own, and not in the data folder */
    public static boolean brokerIsNamed(UserSettings settings) {
        return ExternalMessageBroker.isNamed(settings);
    }

    /** @throws dev.eventshop.standalone.console.Refused when there is none */
    public Server broker() {
        return ExternalMessageBroker.isNamed(settings)
                ? ExternalMessageBroker.find(settings)
                : EmbeddedMessageBroker.start(folder.folder("broker"), port("amqp", AMQP_PORT, USUAL_AMQP_PORT));
    }

    /** @throws dev.eventshop.standalone.console.Refused when there is none */
    public Server mail() {
        return ExternalMail.isNamed(settings)
                ? ExternalMail.find(settings)
                : EmbeddedMail.start(port("smtp", SMTP_PORT, USUAL_SMTP_PORT));
    }

    /** @param console base URLs of the console, which people log in to */
    public IssuerServer issuer(List<String> console) {
        return ExternalIssuer.isNamed(settings)
                ? ExternalIssuer.named(settings)
                : EmbeddedIssuer.start(folder, IssuerSettings.of(settings, this::freeIssuerPort, console));
    }

    private int freeIssuerPort() {
        return ports.choose("issuer", IssuerSettings.PORT, OptionalInt.of(0), IssuerSettings.USUAL_PORT);
    }

    /** @return the port that the embedded issuer takes for sure; empty for any, or when none is embedded */
    public static OptionalInt fixedIssuerPort(UserSettings settings) {
        int port = settings.port(IssuerSettings.PORT).orElse(IssuerSettings.USUAL_PORT);
        return ExternalIssuer.isNamed(settings) || port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private int port(String name, String property, int usual) {
        OptionalInt wanted = settings.port(property);
        int port = ports.choose(name, property, wanted, usual);
        if (wanted.isEmpty() && port != usual) {
            announcements.accept("The port of " + name.toUpperCase() + " is " + port + ", since " + usual
                    + " was taken when it was chosen.");
        }
        return port;
    }
}
