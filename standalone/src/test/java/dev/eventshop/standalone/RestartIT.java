package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.client.Written;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.data.Endpoints;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which a system ends, and what it knows when it is started again. */
class RestartIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    @Test
    void findsAllItsDataAfterASignalAndAfterACrash() throws Exception {
        int amqpPort;
        Written order;
        try (StandaloneProcess shop = StandaloneProcess.start(data()).awaitReady()) {
            amqpPort = amqpPort(shop);
            order = placeOrder(new ShopClient(shop.endpoints(), PATIENCE));

            assertThat(shop.signal("TERM")).isEqualTo(143);
            assertThat(shop.out()).endsWith("Stopped." + System.lineSeparator());
            assertThat(shop.err()).isEmpty();
        }
        assertThat(data().resolve("endpoints.json")).doesNotExist();
        assertThat(postmaster()).isEmpty();
        assertNothingRuns();

        try (StandaloneProcess shop = StandaloneProcess.start(data()).awaitReady()) {
            assertThat(amqpPort(shop)).isEqualTo(amqpPort);
            ShopClient client = new ShopClient(shop.endpoints(), PATIENCE);
            assertThat(status(client, order)).isEqualTo("CONFIRMED");
            client.ship(order.id());

            assertThat(shop.signal("KILL")).isEqualTo(137);
        }
        assertThat(data().resolve("endpoints.json")).exists();
        assertThat(postmaster())
                .get()
                .satisfies(survivor -> assertThat(survivor.isAlive()).isTrue());
        assertNothingRuns();

        try (StandaloneProcess shop = StandaloneProcess.start(data()).awaitReady()) {
            assertThat(amqpPort(shop)).isEqualTo(amqpPort);
            ShopClient client = new ShopClient(shop.endpoints(), PATIENCE);
            Written completed = client.complete(order.id());
            assertThat(status(client, completed)).isEqualTo("COMPLETED");

            assertThat(shop.signal("INT")).isEqualTo(130);
        }
        assertThat(postmaster()).isEmpty();
    }

    private static int amqpPort(StandaloneProcess shop) {
        return URI.create(shop.endpoints().amqp()).getPort();
    }

    private static Written placeOrder(ShopClient client) {
        int user = client.register("ada@example.com", "Ada", "en").orElseThrow().id();
        int product = client.createProduct("Tea", BigDecimal.ONE, 10).id();
        Written order = client.placeOrder(user, List.of(new Item(product, 1)));
        client.awaitConfirmed(order, PATIENCE);
        return order;
    }

    private static String status(ShopClient client, Written order) {
        return client.read("/api/orders/" + order.id(), order.position(), PATIENCE)
                .path("status")
                .asString();
    }

    private void assertNothingRuns() {
        for (String command : List.of("check", "test-events")) {
            try (StandaloneProcess process = StandaloneProcess.run(command, data())) {
                assertThat(process.exitCode()).as(command).isEqualTo(ExitCode.FAILED);
                assertThat(process.err().lines())
                        .containsExactly("Nothing runs in " + data() + ", or it is not ready yet.");
            }
        }
    }

    /** @return the embedded PostgreSQL, by the file that it keeps as long as it runs */
    private Optional<ProcessHandle> postmaster() throws Exception {
        Path file = data().resolve("postgresql/data/postmaster.pid");
        return Files.exists(file)
                ? ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(file).get(0).strip()))
                : Optional.empty();
    }

    @Test
    void tellsInOneSentenceWhenAServiceDoesNotStart() throws Exception {
        try (StandaloneProcess shop = StandaloneProcess.start(data()).awaitReady()) {
            new ShopClient(shop.endpoints(), PATIENCE).createProduct("Tea", BigDecimal.ONE, 10);
        }
        try (StandaloneProcess shop = StandaloneProcess.start(data(), "--eventshop.currency=EUR")) {
            assertThat(shop.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(shop.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("command-side did not start:")
                    .contains("EUR", "USD", "logs/eventshop.log");
        }
        assertThat(Endpoints.of(data())).isEmpty();
        assertThat(postmaster()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void leavesNothingBehindWhenItIsStoppedWhileItStarts(String signal) throws Exception {
        try (StandaloneProcess shop = StandaloneProcess.start(data())) {
            shop.awaitOutput("PostgreSQL is up");
            shop.signal(signal);
            assertThat(shop.err()).isEmpty();
        }
        assertThat(data().resolve("endpoints.json")).doesNotExist();
        assertThat(postmaster()).isEmpty();
    }

    /** Root may write everywhere, so the process runs as nobody then. */
    @Test
    void isRefusedWithoutPermissionToWrite() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path readOnly = Files.createDirectory(folder.resolve("read-only"));
        Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
        List<String> wrapper = System.getProperty("user.name").equals("root")
                ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                : List.of();
        try (StandaloneProcess shop = StandaloneProcess.start(wrapper, Map.of(), readOnly)) {
            assertThat(shop.exitCode()).as(shop.err()).isEqualTo(ExitCode.DATA_FOLDER);
            assertThat(shop.err().lines())
                    .containsExactly("There is no permission to write to the data folder " + readOnly + ".");
        }
        try (StandaloneProcess shop = StandaloneProcess.start(wrapper, Map.of(), readOnly.resolve("data"))) {
            assertThat(shop.exitCode()).as(shop.err()).isEqualTo(ExitCode.DATA_FOLDER);
            assertThat(shop.err().lines())
                    .containsExactly(
                            "There is no permission to make the data folder " + readOnly.resolve("data") + ".");
        }
    }
}
