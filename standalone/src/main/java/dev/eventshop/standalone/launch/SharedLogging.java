package dev.eventshop.standalone.launch;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The logging system that the services find. It was configured before they started; each sets the levels of its own
 * loggers, and none configures it again, or takes it down when it stops or fails.
 *
 * <p>Made by Spring Boot, by its class name.
 */
public final class SharedLogging extends LogbackLoggingSystem {

    private static final String CONFIGURATION = "classpath:dev/eventshop/standalone/launch/logback-start.xml";

    public SharedLogging(ClassLoader classLoader) {
        super(classLoader);
    }

    /**
     * From here on everything is written to files, and nothing to the console unless {@link ConsoleFilter} is open.
     *
     * @param folder of the files; made where it is missing
     */
    static void start(Path folder) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("folder", Map.of("eventshop.standalone.logs", folder.toString())));
        LoggingSystem system = new LogbackLoggingSystem(SharedLogging.class.getClassLoader());
        system.beforeInitialize();
        system.initialize(new LoggingInitializationContext(environment), CONFIGURATION, null);
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, SharedLogging.class.getName());
    }

    @Override
    public void beforeInitialize() {}

    @Override
    public void initialize(
            LoggingInitializationContext context, @Nullable String configuration, @Nullable LogFile file) {}

    @Override
    public void cleanUp() {}

    /** @return null: what is said while the process stops is written as well */
    @Override
    public @Nullable Runnable getShutdownHandler() {
        return null;
    }
}
