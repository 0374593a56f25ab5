package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Progress;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.demo.DemoData;
import dev.eventshop.standalone.launch.RunningShop;
import dev.eventshop.standalone.launch.Shop;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Starts the three services with PostgreSQL, an AMQP broker and a mail sink, and runs until it is stopped.",
            "Addresses and passwords are in the file endpoints.json of the data folder as soon as all is ready.",
        },
        footer = {
            "",
            "Settings of the services come behind, as --name=value, or from environment",
            "variables. These name servers of yours in place of the embedded ones:",
            "  --spring.datasource.url=jdbc:postgresql://db.example.org:5432/shop",
            "  --spring.rabbitmq.addresses=mq.example.org:5672",
            "  --spring.mail.host=smtp.example.org",
            "All are in docs/standalone.md and docs/configuration.md.",
        })
final class StartCommand implements Callable<Integer> {

    private static final Duration DEMO_TIMEOUT = Duration.ofSeconds(60);

    private final UserSettings settings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--demo", description = "Fill in products, users and orders to look at, once all is ready.")
    private boolean demo;

    StartCommand(UserSettings settings) {
        this.settings = settings;
        this.spec = CommandSpec.create();
    }

    /** @return when a signal has stopped it */
    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        DataFolder folder = DataFolder.open(data.folder()); // until the process ends
        say(out, "Eventshop " + Version.number() + " starts with its data in " + folder.path());
        Shop shop = new Shop(folder, settings, line -> say(out, "  " + line));
        // Also stops what was started when a failure ends the process.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(shop, out), "shutdown"));
        try {
            RunningShop running = shop.start();
            say(out, "Ready after " + seconds() + " s.");
            running.printTo(out);
            if (demo) {
                fillIn(running.endpoints(), out);
            }
        } catch (CancellationException stopped) {
            // The signal ends the process.
        }
        shop.awaitClose();
        return ExitCode.OK;
    }

    private static String seconds() {
        return String.format(
                Locale.ROOT, "%.1f", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
    }

    private static void stop(Shop shop, PrintWriter out) {
        if (!shop.isReady()) {
            shop.close();
            return;
        }
        say(out, "Stopping ...");
        shop.close();
        say(out, "Stopped.");
    }

    private void fillIn(Endpoints endpoints, PrintWriter out) {
        try (Progress progress = new Progress(out, "Demo data", DemoData.steps())) {
            int orders = new DemoData(new ShopClient(endpoints, DEMO_TIMEOUT), progress).fill();
            say(out, orders == 0 ? "The demo data was there already." : orders + " orders are there to look at.");
        } catch (UnexpectedAnswer e) {
            spec.commandLine().getErr().println("The demo data is not complete: " + e.getMessage() + ".");
        }
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
