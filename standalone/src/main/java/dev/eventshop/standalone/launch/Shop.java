package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.data.PersonalDataFiles;
import dev.eventshop.standalone.server.IssuerServer;
import dev.eventshop.standalone.server.Server;
import dev.eventshop.standalone.server.Servers;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The three services and the servers that they need, in this process.
 *
 * <p>Starts once. What starts in parallel: the servers, and then the services, of which the query side waits by itself
 * for the tables of the command side. Stops in one order, from any thread and at any moment, also while it starts: the
 * services (each its web server first, then its consumers and processors), the mail server, the broker, the database.
 */
public final class Shop implements AutoCloseable {

    /** Longer than a service lets its requests take. */
    private static final Duration SERVICE_PATIENCE = Duration.ofSeconds(30);

    private static final Duration SERVER_PATIENCE = Duration.ofSeconds(20);

    private static final String LOGS = "logs";

    private final DataFolder folder;
    private final UserSettings settings;
    private final Consumer<String> progress;
    private final Path log;

    /** In the order in which they are to stop; guarded by this. */
    private final List<Start<Server>> servers = new ArrayList<>();

    private final List<Start<RunningService>> services = new ArrayList<>();
    private boolean ready;
    private boolean closing;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param progress takes a line for each thing that is up */
    public Shop(DataFolder folder, UserSettings settings, Consumer<String> progress) {
        this.folder = folder;
        this.settings = settings;
        this.progress = progress;
        this.log = folder.folder(LOGS).resolve("eventshop.log");
    }

    /**
     * @return where it is reached, as other programs find it in the data folder
     * @throws Refused when it does not start; what has started is to be stopped by {@link #close()} then
     * @throws CancellationException when it is stopped meanwhile
     */
    public RunningShop start() {
        Endpoints.withdraw(folder); // of a process that was killed
        List<ServiceSettings> wanted = Arrays.stream(Service.values())
                .map(service -> ServiceSettings.of(service, settings))
                .toList();
        HttpPorts.requireFree(
                wanted, Servers.fixedIssuerPort(settings), wanted.get(0).bindAddress());
        SharedLogging.start(folder.madeFolder(LOGS));

        Servers available = new Servers(folder, settings, progress);
        Start<Server> mail = begin(servers, "the mail server", SERVER_PATIENCE, available::mail);
        Start<Server> broker = begin(servers, "the AMQP broker", SERVER_PATIENCE, available::broker);
        Start<Server> database = begin(servers, "PostgreSQL", SERVER_PATIENCE, available::database);
        ConsoleAddresses console = new ConsoleAddresses(wanted, settings);
        AtomicReference<IssuerServer> issuer = new AtomicReference<>();
        Start<Server> issuing = begin(servers, "the issuer of tokens", SERVER_PATIENCE, () -> {
            issuer.set(available.issuer(console.origins()));
            return issuer.get();
        });
        List<Server> running = awaitAll(List.of(mail, broker, database, issuing));

        Map<String, Object> personalData = PersonalDataFiles.open(folder, settings);
        List<Start<RunningService>> starts = wanted.stream()
                .map(service -> begin(
                        services,
                        service.service().id(),
                        SERVICE_PATIENCE,
                        () -> RunningService.start(service, settings, running, console, personalData)))
                .toList();
        RunningShop shop = new RunningShop(
                folder.path(),
                awaitAll(starts),
                database.up().join(),
                broker.up().join(),
                mail.up().join(),
                Objects.requireNonNull(issuer.get()),
                console.areServed());
        if (!console.areServed()) {
            issuer.get().forgetFirstLogin();
        }
        synchronized (this) {
            requireOpen();
            shop.endpoints().publish(folder);
            ConsoleFilter.open(true);
            ready = true;
        }
        return shop;
    }

    private synchronized <T extends AutoCloseable> Start<T> begin(
            List<Start<T>> begun, String name, Duration patience, Callable<T> action) {
        requireOpen();
        long start = System.nanoTime();
        Start<T> next = new Start<>(name, patience, () -> {
            T running = action.call();
            progress.accept(
                    String.format(Locale.ROOT, "%s is up after %.1f s", name, (System.nanoTime() - start) / 1e9));
            return running;
        });
        begun.add(next);
        return next;
    }

    private void requireOpen() {
        if (closing) {
            throw new CancellationException("stopped while starting");
        }
    }

    /** Fails with the first that fails. */
    private <T extends AutoCloseable> List<T> awaitAll(List<Start<T>> starts) {
        CompletableFuture<Void> firstFailure = new CompletableFuture<>();
        starts.forEach(start -> start.up().whenComplete((running, failure) -> {
            if (failure != null) {
                firstFailure.completeExceptionally(StartFailure.explain(start.name(), failure, log));
            }
        }));
        CompletableFuture<?>[] all = starts.stream().map(Start::up).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.anyOf(CompletableFuture.allOf(all), firstFailure).join();
            return starts.stream().map(start -> start.up().join()).toList();
        } catch (CompletionException e) {
            synchronized (this) {
                requireOpen(); // what is stopped while it starts fails for that reason
            }
            throw firstFailure
                    .handle((nothing, failure) -> failure instanceof Refused refused ? refused : e)
                    .join();
        }
    }

    /** Returns when everything is stopped, also when another thread is at it. */
    @Override
    public void close() {
        synchronized (this) {
            if (!closing) {
                closing = true;
                new Thread(this::stop, "stop").start();
            }
        }
        awaitClose();
    }

    private void stop() {
        try {
            ConsoleFilter.open(false);
            Endpoints.withdraw(folder);
            services.stream().map(Start::stopIfUp).toList().forEach(CompletableFuture::join);
            servers.forEach(server -> server.stop().join());
        } finally {
            closed.countDown();
        }
    }

    /** @return whether it has come up, and nobody has stopped it */
    public synchronized boolean isReady() {
        return ready && !closing;
    }

    /** Returns when somebody has closed it. */
    public void awaitClose() {
        boolean interrupted = false;
        while (true) {
            try {
                closed.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // nothing is to be left running
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
