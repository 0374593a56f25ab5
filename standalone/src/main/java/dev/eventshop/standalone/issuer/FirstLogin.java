package dev.eventshop.standalone.issuer;

import dev.eventshop.access.Role;
import dev.eventshop.standalone.data.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the operator has still to log in for the first time: from the issuer's first start on, over as many starts as it
 * takes, since one may fail after it has made the secrets. A file says so.
 */
public final class FirstLogin {

    private static final Logger LOG = LoggerFactory.getLogger(FirstLogin.class);
    private static final String FILE = "issuer/first-login";

    private final Path file;

    private FirstLogin(Path file) {
        this.file = file;
    }

    public static FirstLogin in(DataFolder folder) {
        return new FirstLogin(folder.folder(FILE));
    }

    static void expect(DataFolder folder) {
        folder.write(FILE, "");
    }

    public boolean isDue() {
        return Files.exists(file);
    }

    /** @param user who has logged in */
    void hasLoggedIn(String user) {
        if (user.equals(Role.OPERATOR.claim())) {
            forget();
        }
    }

    /** It is not due any more, whether somebody has logged in or not. */
    public void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("The next start will print a link to log in again, since {} stays: {}", file, e.toString());
        }
    }
}
