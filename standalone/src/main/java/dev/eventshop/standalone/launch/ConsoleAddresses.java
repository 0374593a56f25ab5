package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.settings.Addresses;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets the console's pages, which come from the query side, find the services and call them. Where a port is not known
 * before the service has it, the pages can't be told, and are not served.
 */
final class ConsoleAddresses {

    private static final String PREFIX = "eventshop.console.";
    private static final String ENABLED = PREFIX + "enabled";
    private static final String CORS = "eventshop.access.cors-allowed-origins";
    private static final String MANAGEMENT_CORS = "management.endpoints.web.cors.allowed-origins";

    private final List<ServiceSettings> services;
    private final UserSettings user;

    ConsoleAddresses(List<ServiceSettings> services, UserSettings user) {
        this.services = services;
        this.user = user;
    }

    /** @return base URL of the query side, as it is printed; empty when its port is not known yet */
    List<String> origins() {
        return services.stream()
                .filter(service -> service.service() == Service.QUERY_SIDE && service.port() != 0)
                .map(service -> url(service, service.port()))
                .toList();
    }

    /** @return whether there are pages */
    boolean areServed() {
        return user.text(ENABLED).map(Boolean::parseBoolean).orElseGet(this::portsAreKnown);
    }

    private boolean portsAreKnown() {
        return services.stream().allMatch(service -> service.port() != 0 && service.managementPort() != 0);
    }

    /** @return settings of a service, but for those that the user has set */
    Map<String, String> settingsFor(Service service) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (!origins().isEmpty()) {
            settings.put(CORS, String.join(",", origins()));
            settings.put(MANAGEMENT_CORS, String.join(",", origins()));
        }
        if (service == Service.QUERY_SIDE) {
            settings.put(ENABLED, Boolean.toString(areServed()));
            for (ServiceSettings each : services) {
                String id = each.service().id();
                settings.put(PREFIX + id, url(each, each.port()));
                settings.put(PREFIX + "management." + id, url(each, each.managementPort()));
            }
            settings.remove(PREFIX + Service.QUERY_SIDE.id()); // where the pages come from, whatever that is called
        }
        settings.keySet().removeIf(name -> user.text(name).isPresent());
        return settings;
    }

    private static String url(ServiceSettings service, int port) {
        return "http://" + Addresses.reachable(service.bindAddress()) + ":" + port;
    }
}
