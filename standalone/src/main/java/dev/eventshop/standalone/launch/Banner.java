package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.console.Table;
import dev.eventshop.standalone.data.Endpoints;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What a person is told when the system is ready: where everything is, and what to try. */
record Banner(Endpoints endpoints, String database, String broker, String mail, Path folder) {

    void printTo(PrintWriter out) {
        out.println();
        Table table = new Table();
        service(table, "command-side", endpoints.commandSide());
        service(table, "query-side", endpoints.querySide());
        service(table, "notification-projector", endpoints.notificationProjector());
        table.row("AMQP", broker, "exchange microservice.events");
        table.row("PostgreSQL", database);
        table.row("SMTP", mail);
        table.row("data", folder.toString(), "passwords in endpoints.json, log in logs/");
        table.printTo(out);
        out.println();
        out.println("Try it:");
        out.println();
        out.print(firstSteps());
        out.println();
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
                product=$(curl -s %1$s/api/products -H "$JSON" -d '{"name": "Tea", "price": 12, "initialStock": 100}' | tr -dc 0-9)
                user=$(curl -s %1$s/api/users -H "$JSON" -d "{\\"email\\": \\"ada.$(date +%%s)@example.com\\", \\"fullName\\": \\"Ada\\"}" | tr -dc 0-9)
                curl -sw '\\n' %1$s/api/orders -H "$JSON" -d "{\\"userId\\": $user, \\"items\\": [{\\"productId\\": $product, \\"quantity\\": 2}]}"
                sleep 1
                curl -sw '\\n' %2$s/api/users/$user/orders
                curl -sw '\\n' "%3$s/api/notifications?userId=$user"
                """.formatted(endpoints.commandSide(), endpoints.querySide(), endpoints.notificationProjector());
    }
}
