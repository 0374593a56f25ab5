package dev.eventshop.standalone.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Writes addresses in the form that other programs read. */
final class Uris {

    private Uris() {}

    /** @return the part of a URI before the host, or nothing when there is no user */
    static String userInfo(String user, String password) {
        if (user.isEmpty()) {
            return "";
        }
        return encoded(user) + (password.isEmpty() ? "" : ":" + encoded(password)) + "@";
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @return a host as it stands in a URI: addresses of IPv6 in brackets */
    static String host(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
