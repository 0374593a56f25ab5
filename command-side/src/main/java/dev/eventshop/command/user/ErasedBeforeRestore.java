package dev.eventshop.command.user;

import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.events.user.UserId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Erases those again whose key was destroyed and who are not erased: a backup from before their erasure was restored.
 * Before the service answers.
 */
final class ErasedBeforeRestore implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ErasedBeforeRestore.class);

    private final JdbcTemplate jdbc;
    private final String keysSchema;
    private final Commands commands;
    private volatile boolean running;

    ErasedBeforeRestore(JdbcTemplate jdbc, String keysSchema, Commands commands) {
        this.jdbc = jdbc;
        this.keysSchema = keysSchema;
        this.commands = commands;
    }

    @Override
    public void start() {
        List<Integer> users = jdbc.queryForList(
                "select registered.user_id from command_side.registered_user registered join " + keysSchema
                        + ".person_key destroyed on destroyed.person = 'user-' || registered.user_id"
                        + " where registered.erased_at is null and destroyed.destroyed_at is not null",
                Integer.class);
        users.forEach(user -> commands.send(new ErasePersonalData(new UserId(user)), Cause.NONE));
        if (!users.isEmpty()) {
            log.warn("{} users were erased again, who had come back with a backup.", users.size());
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Behind Axon's configuration ({@code SpringAxonConfiguration} 4.13.0: 3072 from the end), before the web server. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 512;
    }
}
