package dev.eventshop.standalone.server;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Looks whether somebody listens at an address. */
final class Reachability {

    static final int TIMEOUT_MILLIS = 5_000;

    private Reachability() {}

    /** @throws Refused when nobody does */
    static void require(String what, String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
        } catch (IOException e) {
            throw unreachable(what + " at " + Uris.host(host) + ":" + port, e);
        }
    }

    static Refused unreachable(String what, Throwable cause) {
        return new Refused(ExitCode.SERVER, what + " can't be reached: " + reason(cause) + ".", cause);
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "there is no such host";
            }
            if (cause instanceof SocketTimeoutException) {
                return "no answer within " + TIMEOUT_MILLIS / 1_000 + " s";
            }
            if (cause.getCause() == null && cause.getMessage() != null) {
                return cause.getMessage().strip().replaceAll("\\.$", "");
            }
        }
        return failure.getClass().getSimpleName();
    }
}
