package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.server.IssuerServer;
import dev.eventshop.standalone.server.IssuerServer.OperatorClient;
import dev.eventshop.standalone.server.Server;
import dev.eventshop.standalone.settings.Service;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A shop that is ready, and where it is reached. */
public final class RunningShop {

    private final Path folder;
    private final List<RunningService> services;
    private final Server database;
    private final Server broker;
    private final Server mail;
    private final IssuerServer issuer;
    private final boolean console;

    RunningShop(
            Path folder,
            List<RunningService> services,
            Server database,
            Server broker,
            Server mail,
            IssuerServer issuer,
            boolean console) {
        this.folder = folder;
        this.services = services;
        this.database = database;
        this.broker = broker;
        this.mail = mail;
        this.issuer = issuer;
        this.console = console;
    }

    public Endpoints endpoints() {
        return new Endpoints(
                of(Service.COMMAND_SIDE, RunningService::url),
                of(Service.QUERY_SIDE, RunningService::url),
                of(Service.NOTIFICATION_PROJECTOR, RunningService::url),
                new Endpoints.Management(
                        of(Service.COMMAND_SIDE, RunningService::managementUrl),
                        of(Service.QUERY_SIDE, RunningService::managementUrl),
                        of(Service.NOTIFICATION_PROJECTOR, RunningService::managementUrl)),
                broker.uri(),
                database.uri(),
                mail.uri(),
                issuer.uri(),
                issuer.operatorClient().map(OperatorClient::tokenEndpoint).orElse(null),
                issuer.operatorClient().map(OperatorClient::id).orElse(null),
                issuer.operatorClient().map(OperatorClient::secret).orElse(null));
    }

    private String of(Service service, Function<RunningService, String> url) {
        return services.stream()
                .filter(running -> running.service() == service)
                .map(url)
                .findFirst()
                .orElseThrow();
    }

    /** Prints the addresses, without passwords: output may end in a log that others read. */
    public void printTo(PrintWriter out) {
        new Banner(
                        endpoints(),
                        database.description(),
                        broker.description(),
                        mail.description(),
                        issuer.description(),
                        issuer.isEmbedded(),
                        console,
                        console ? issuer.firstLogin().orElse(null) : null,
                        folder)
                .printTo(out);
    }
}
