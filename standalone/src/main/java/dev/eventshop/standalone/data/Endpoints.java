package dev.eventshop.standalone.data;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a running system is reached, for other programs: the file {@code endpoints.json} of the data folder. It is there
 * as long as the system is ready. It has passwords in it, so only its owner may read it.
 *
 * @param commandSide base URL without a slash at the end, as the next two
 * @param management  base URLs of the management ports
 * @param amqp        URI of a user that may declare, bind, consume and publish
 * @param postgresql  libpq URI of a role that reads every schema
 * @param smtp        URI
 * @param issuer      URL that stands in tokens, without a slash at the end
 * @param tokenEndpoint where the operator's program gets tokens for its id and secret; null when no such program is
 *                      known, as with an OpenID provider of the user's own
 */
public record Endpoints(
        String commandSide,
        String querySide,
        String notificationProjector,
        Management management,
        String amqp,
        String postgresql,
        String smtp,
        String issuer,
        @Nullable String tokenEndpoint,
        @Nullable String operatorClientId,
        @Nullable String operatorClientSecret) {

    private static final String FILE = "endpoints.json";
    private static final JsonMapper JSON = new JsonMapper();

    /** Base URLs, one of each service. */
    public record Management(String commandSide, String querySide, String notificationProjector) {}

    /** Other programs find it complete or not at all. */
    public void publish(DataFolder folder) {
        folder.write(FILE, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    public static void withdraw(DataFolder folder) {
        folder.remove(FILE);
    }

    /**
     * @return empty when nothing is ready in that folder
     * @throws Refused when the file can't be read
     */
    public static Optional<Endpoints> of(Path folder) {
        Path file = DataFolder.absolute(folder).resolve(FILE);
        try {
            // A process that was killed has left its file behind.
            return Files.exists(file) && DataFolder.isInUse(folder)
                    ? Optional.of(JSON.readValue(Files.readString(file), Endpoints.class))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw new Refused(ExitCode.DATA_FOLDER, "There is no permission to read " + file + ".");
        } catch (IOException | JacksonException e) {
            throw new Refused(ExitCode.DATA_FOLDER, "The file " + file + " can't be read.", e);
        }
    }
}
