package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.console.Table;
import dev.eventshop.standalone.data.Endpoints;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a person is told when the system is ready: where everything is, and what to try. */
record Banner(
        Endpoints endpoints,
        String database,
        String broker,
        String mail,
        String issuer,
        boolean issuerIsEmbedded,
        boolean console,
        @Nullable String firstLogin,
        Path folder) {

    void printTo(PrintWriter out) {
        out.println();
        Table table = new Table();
        if (console) {
            table.row("console", endpoints.querySide() + "/console/", issuerIsEmbedded ? "log in as operator" : "");
        }
        if (firstLogin != null) {
            table.row("first log-in", firstLogin, "as operator, once, within an hour");
        }
        service(table, "command-side", endpoints.commandSide());
        service(table, "query-side", endpoints.querySide());
        service(table, "notification-projector", endpoints.notificationProjector());
        table.row("AMQP", broker, "exchange microservice.events");
        table.row("PostgreSQL", database);
        table.row("SMTP", mail);
        table.row("issuer", issuer, issuerIsEmbedded ? "for the log-in of people: issuer/secrets.json" : "");
        table.row("data", folder.toString(), "passwords in endpoints.json, log in logs/");
        table.printTo(out);
        out.println();
        if (issuerIsEmbedded) {
            out.println("Try it:");
            out.println();
            out.print(firstSteps());
            out.println();
        }
        out.println("Stop with Ctrl-C.");
        out.flush();
    }

    private static void service(Table table, String name, String url) {
        table.row(name, url, url + "/swagger-ui");
    }

    /** Lines for any POSIX shell, also for a shop that has products and users already. */
    private String firstSteps() {
        return """
                JSON='Content-Type: application/json'
                AUTH="Authorization: Bearer $(java -jar %4$s token operator --data %5$s)"
                product=$(curl -s %1$s/api/products -H "$AUTH" -H "$JSON" -d '{"name": "Tea", "price": 12, "initialStock": 100}' | tr -dc 0-9)
                user=$(curl -s %1$s/api/users -H "$AUTH" -H "$JSON" -d "{\\"email\\": \\"ada.$(date +%%s)@example.com\\", \\"fullName\\": \\"Ada\\"}" | tr -dc 0-9)
                curl -sw '\\n' %1$s/api/orders -H "$AUTH" -H "$JSON" -d "{\\"userId\\": $user, \\"items\\": [{\\"productId\\": $product, \\"quantity\\": 2}]}"
                sleep 1
                curl -sw '\\n' %2$s/api/users/$user/orders -H "$AUTH"
                curl -sw '\\n' "%3$s/api/notifications?userId=$user" -H "$AUTH"
                """.formatted(
                        endpoints.commandSide(),
                        endpoints.querySide(),
                        endpoints.notificationProjector(),
                        jar(),
                        quoted(folder.toString()));
    }

    /** @return the jar that runs, as a shell reads it */
    private static String jar() {
        String path = System.getProperty("java.class.path", "eventshop.jar");
        return quoted(Path.of(path).toAbsolutePath().normalize().toString());
    }

    private static String quoted(String text) {
        return text.matches("[\\w./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
