package dev.eventshop.standalone.settings;

import dev.eventshop.command.CommandSideApplication;
import dev.eventshop.notification.NotificationProjectorApplication;
import dev.eventshop.query.QuerySideApplication;
import java.util.function.Supplier;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The services, in the order in which they depend on each other. */
public enum Service {
    COMMAND_SIDE("command-side", "command_side", CommandSideApplication::builder, 8081, 9181),
    QUERY_SIDE("query-side", "query_side", QuerySideApplication::builder, 8082, 9182),
    NOTIFICATION_PROJECTOR(
            "notification-projector", "notification", NotificationProjectorApplication::builder, 8083, 9183);

    private final String id;
    private final String role;
    private final Supplier<SpringApplicationBuilder> application;
    private final int defaultPort;
    private final int defaultManagementPort;

    Service(
            String id,
            String role,
            Supplier<SpringApplicationBuilder> application,
            int defaultPort,
            int defaultManagementPort) {
        this.id = id;
        this.role = role;
        this.application = application;
        this.defaultPort = defaultPort;
        this.defaultManagementPort = defaultManagementPort;
    }

    /** @return its name, and that of its configuration files */
    public String id() {
        return id;
    }

    /** @return the database role whose rights it needs */
    public String role() {
        return role;
    }

    public SpringApplicationBuilder application() {
        return application.get();
    }

    public String portProperty() {
        return "eventshop." + id + ".port";
    }

    public String managementPortProperty() {
        return "eventshop." + id + ".management-port";
    }

    int defaultPort() {
        return defaultPort;
    }

    int defaultManagementPort() {
        return defaultManagementPort;
    }
}
