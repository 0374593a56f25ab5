package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.standalone.client.Http;
import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.client.Written;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.testing.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A backup of a running system, brought back on another cluster. */
class BackupIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private Path old() {
        return folder.resolve("old");
    }

    private Path fresh() {
        return folder.resolve("fresh");
    }

    private Path file() {
        return folder.resolve("shop.zip");
    }

    private Path keys() {
        return folder.resolve("shop.keys.zip");
    }

    @Test
    void comesBackInANewDataFolder() throws Exception {
        int ada;
        int bob;
        int product;
        Written order;
        Written lost;
        try (StandaloneProcess shop = StandaloneProcess.start(old()).awaitReady()) {
            ShopClient client = new ShopClient(shop.endpoints(), PATIENCE);
            ada = client.register("ada@example.com", "Ada", "en").orElseThrow().id();
            bob = client.register("bob@example.com", "Bob", "en").orElseThrow().id();
            product = client.createProduct("Tea", BigDecimal.ONE, 10).id();
            order = client.placeOrder(ada, List.of(new Item(product, 1)));
            client.awaitConfirmed(order, PATIENCE);
            awaitSent(client, 4);

            try (StandaloneProcess backup = StandaloneProcess.run("backup", old(), "--to", file().toString())) {
                assertThat(backup.exitCode()).as(backup.err()).isZero();
                assertThat(backup.out()).contains(file().toString(), keys().toString());
            }
            assertThat(List.of(file(), keys()))
                    .allSatisfy(written -> assertThat(Files.getPosixFilePermissions(written))
                            .isEqualTo(PosixFilePermissions.fromString("rw-------")));

            lost = client.placeOrder(ada, List.of(new Item(product, 1)));
            client.awaitConfirmed(lost, PATIENCE);
            Http http = Http.asOperator(shop.endpoints(), PATIENCE);
            assertThat(http.delete(shop.endpoints().commandSide() + "/api/users/" + bob + "/personal-data")
                            .status())
                    .isEqualTo(204);
        }

        assertRefused(
                "master key key-",
                ExitCode.DATA_FOLDER,
                fresh()); // the key is in neither file, so it has to be brought
        Files.createDirectories(fresh().resolve("keys"));
        Files.copy(old().resolve("keys/master.key"), fresh().resolve("keys/master.key"));
        Files.copy(old().resolve("erasures"), fresh().resolve("erasures"));
        try (StandaloneProcess restore = StandaloneProcess.run("restore", fresh(), "--from", file().toString())) {
            assertThat(restore.exitCode()).as(restore.err()).isZero();
            assertThat(restore.out()).contains("erased again with the next start");
        }
        assertRefused("has the schema", ExitCode.SERVER, fresh()); // nothing is written over

        try (StandaloneProcess shop = StandaloneProcess.start(fresh()).awaitReady()) {
            ShopClient client = new ShopClient(shop.endpoints(), PATIENCE);
            assertThat(client.read("/api/orders/" + order.id()).path("status").asString())
                    .isEqualTo("CONFIRMED");
            assertThat(client.read("/api/users/" + ada).path("email").asString())
                    .isEqualTo("ada@example.com");
            await().atMost(PATIENCE)
                    .until(() -> client.read("/api/users/" + bob).path("erased").asBoolean());
            Http http = Http.asOperator(shop.endpoints(), PATIENCE);
            assertThat(http.get(shop.endpoints().querySide() + "/api/orders/" + lost.id())
                            .status())
                    .isEqualTo(404);
            assertThat(client.register("ada@example.com", "Ada", "en")).isEmpty();

            Written next = client.placeOrder(ada, List.of(new Item(product, 1)));
            client.awaitConfirmed(next, PATIENCE);
            assertThat(client.read("/api/products/" + product).path("stock").asInt())
                    .isEqualTo(8);
            awaitSent(client, 6);
            assertThat(client.notifications("limit=200"))
                    .extracting(email -> email.path("status").asString())
                    .containsOnly("SENT");
            await().atMost(PATIENCE).untilAsserted(() -> {
                try (StandaloneProcess reconcile = StandaloneProcess.run("reconcile", fresh())) {
                    assertThat(reconcile.exitCode()).as(reconcile.out()).isZero();
                }
            });
            JsonNode forwarder = http.get(shop.endpoints().commandSide() + "/api/admin/forwarder")
                    .json();
            assertThat(forwarder.path("error").isNull())
                    .as(forwarder.toString())
                    .isTrue();
        }
    }

    /** With {@code eventshop.test.postgresql}, of another major version. */
    @Test
    void comesBackFromAServerOfOnesOwnInTheEmbeddedOne() throws Exception {
        int ada;
        Written order;
        try (TestDatabase database = TestDatabase.create();
                StandaloneProcess shop = StandaloneProcess.start(
                        old(),
                        "--spring.datasource.url=" + database.url(),
                        "--spring.datasource.username=" + database.adminUser(),
                        "--spring.datasource.password=" + database.adminPassword())) {
            ShopClient client = new ShopClient(shop.awaitReady().endpoints(), PATIENCE);
            ada = client.register("ada@example.com", "Ada", "en").orElseThrow().id();
            int product = client.createProduct("Tea", BigDecimal.ONE, 10).id();
            order = client.placeOrder(ada, List.of(new Item(product, 1)));
            client.awaitConfirmed(order, PATIENCE);
            try (StandaloneProcess backup = StandaloneProcess.run("backup", old(), "--to", file().toString())) {
                assertThat(backup.exitCode()).as(backup.err()).isZero();
            }
        }

        Files.createDirectories(fresh().resolve("keys"));
        Files.copy(old().resolve("keys/master.key"), fresh().resolve("keys/master.key"));
        try (StandaloneProcess restore = StandaloneProcess.run("restore", fresh(), "--from", file().toString())) {
            assertThat(restore.exitCode()).as(restore.err()).isZero();
        }
        try (StandaloneProcess shop = StandaloneProcess.start(fresh()).awaitReady()) {
            ShopClient client = new ShopClient(shop.endpoints(), PATIENCE);
            assertThat(client.read("/api/orders/" + order.id()).path("status").asString())
                    .isEqualTo("CONFIRMED");
            assertThat(client.read("/api/users/" + ada).path("email").asString())
                    .isEqualTo("ada@example.com");
            int product = client.createProduct("Coffee", BigDecimal.ONE, 1).id();
            client.awaitConfirmed(client.placeOrder(ada, List.of(new Item(product, 1))), PATIENCE);
        }
    }

    /** Two for each order, and a welcome for each person. */
    private static void awaitSent(ShopClient client, int emails) {
        await().atMost(PATIENCE)
                .until(() -> client.notifications("status=SENT&limit=200").size() == emails);
    }

    private void assertRefused(String sentence, int code, Path data) {
        try (StandaloneProcess restore = StandaloneProcess.run("restore", data, "--from", file().toString())) {
            assertThat(restore.exitCode()).as(restore.out()).isEqualTo(code);
            assertThat(restore.err().lines()).singleElement().asString().contains(sentence);
        }
    }

    @Test
    void saysWhatToDoWithDataOfAnotherVersionOfPostgreSql() throws Exception {
        Path data = Files.createDirectories(old().resolve("postgresql/data"));
        Files.writeString(data.resolve("PG_VERSION"), "17\n");
        for (String command : List.of("start", "backup")) {
            try (StandaloneProcess process = command.equals("start")
                    ? StandaloneProcess.start(old())
                    : StandaloneProcess.run("backup", old(), "--to", file().toString())) {
                assertThat(process.exitCode()).isEqualTo(ExitCode.DATA_FOLDER);
                assertThat(process.err().lines())
                        .singleElement()
                        .asString()
                        .contains("PostgreSQL 17", "PostgreSQL 18", "backup", "restore");
            }
        }
        assertThat(data).isDirectoryContaining(file -> file.endsWith("PG_VERSION"));
        assertThat(file()).doesNotExist();
    }
}
