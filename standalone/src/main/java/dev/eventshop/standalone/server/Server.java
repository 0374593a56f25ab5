package dev.eventshop.standalone.server;

import dev.eventshop.standalone.settings.ServiceSettings;
import java.util.Map;

/** A server that runs, for the services to use. */
public interface Server extends AutoCloseable {

    /** @return how that service reaches it, as Spring's properties */
    Map<String, String> settingsFor(ServiceSettings service);

    /** @return for other programs, with the password if there is one */
    String uri();

    /** @return for a person, without any password */
    String description();

    /** Stops it when it is embedded. */
    @Override
    void close();
}
