package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.server.IssuerServer;
import dev.eventshop.standalone.server.Servers;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The embedded issuer without the shop. */
public final class LoneIssuer implements AutoCloseable {

    private static final String LOGS = "logs";

    private final IssuerServer issuer;
    private final CountDownLatch closed = new CountDownLatch(1);

    private LoneIssuer(IssuerServer issuer) {
        this.issuer = issuer;
    }

    /** @throws Refused when it does not start */
    public static LoneIssuer start(DataFolder folder, UserSettings settings) {
        ServiceSettings console = ServiceSettings.of(Service.QUERY_SIDE, settings);
        HttpPorts.requireFree(List.of(), Servers.fixedIssuerPort(settings), console.bindAddress());
        SharedLogging.start(folder.madeFolder(LOGS));
        try {
            IssuerServer issuer = new Servers(folder, settings, announcement -> {})
                    .issuer(new ConsoleAddresses(List.of(console), settings).origins());
            ConsoleFilter.open(true);
            return new LoneIssuer(issuer);
        } catch (RuntimeException e) {
            throw StartFailure.explain("the issuer", e, folder.folder(LOGS).resolve("eventshop.log"));
        }
    }

    public String url() {
        return issuer.uri();
    }

    /** Returns when it is stopped. */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    @Override
    public void close() {
        ConsoleFilter.open(false);
        issuer.close();
        closed.countDown();
    }
}
