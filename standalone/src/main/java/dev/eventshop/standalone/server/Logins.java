package dev.eventshop.standalone.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to PostgreSQL, not pooled. */
public final class Logins {

    static final String OWNER = "eventshop_owner";

    private static final Pattern URI = Pattern.compile("postgresql://(?:([^:@/]*)(?::([^@/]*))?@)?([^/]*)/(.*)");

    private Logins() {}

    /** @param uri libpq URI, as a running system publishes it */
    public static DataSource of(String uri) {
        Matcher parts = URI.matcher(uri);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a libpq URI");
        }
        return as(
                "jdbc:postgresql://" + parts.group(3) + "/" + parts.group(4),
                decoded(parts.group(1)),
                decoded(parts.group(2)),
                null);
    }

    private static String decoded(@Nullable String text) {
        return text == null ? "" : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** @param role to take when connected; null for that of the login */
    static DataSource as(String url, String user, String password, @Nullable String role) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        dataSource.setApplicationName("eventshop-standalone");
        if (role != null) {
            dataSource.setOptions("-c role=" + role);
        }
        return dataSource;
    }
}
