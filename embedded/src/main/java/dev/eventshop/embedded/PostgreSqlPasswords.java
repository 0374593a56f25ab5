package dev.eventshop.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Generated passwords, in a file that {@code psql} understands as {@code PGPASSFILE}. */
final class PostgreSqlPasswords {

    private static final String ANYWHERE = "*:*:*:";

    private PostgreSqlPasswords() {}

    /** Reads the file, makes what is missing, and writes it back when something was. */
    static Map<String, String> readOrMake(Path file, String superuser, List<String> roles) throws IOException {
        Map<String, String> passwords = new LinkedHashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(ANYWHERE)) {
                    String[] parts = line.substring(ANYWHERE.length()).split(":", 2);
                    passwords.put(parts[0], parts[1]);
                }
            }
        }
        boolean complete = passwords.putIfAbsent(superuser, PrivateFiles.newPassword()) != null;
        for (String role : roles) {
            complete &= passwords.putIfAbsent(role, PrivateFiles.newPassword()) != null;
        }
        if (!complete) {
            StringBuilder text = new StringBuilder();
            passwords.forEach((role, password) -> text.append(ANYWHERE)
                    .append(role)
                    .append(':')
                    .append(password)
                    .append('\n'));
            PrivateFiles.write(file, text.toString());
        }
        return passwords;
    }
}
