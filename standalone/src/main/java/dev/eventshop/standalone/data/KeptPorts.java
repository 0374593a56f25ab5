package dev.eventshop.standalone.data;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the embedded servers. Other programs are told them, so each is the same at every start as long as it is free.
 * In the file {@code ports.properties} of the data folder.
 */
public final class KeptPorts {

    private static final String FILE = "ports.properties";
    private static final int LOWEST = 10_000;
    private static final int LOWEST_OF_CLIENTS = 32_768; // of Linux; elsewhere it is higher
    private static final int ATTEMPTS = 100;

    private final DataFolder folder;
    private final Properties kept = new Properties();

    public KeptPorts(DataFolder folder) {
        this.folder = folder;
        String text = folder.read(FILE);
        if (text != null) {
            try {
                kept.load(new StringReader(text));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * @param name     what the port is for
     * @param property the setting that names another one
     * @param wanted   what the user has set; 0 for any
     * @param usual    taken when the user has set nothing, and no port was kept
     * @return a port that is free at the moment: the wanted one, the kept one, the usual one, or any
     * @throws Refused when the wanted one is taken
     */
    public synchronized int choose(String name, String property, OptionalInt wanted, int usual) {
        if (wanted.orElse(0) != 0) {
            if (!isFree(wanted.getAsInt())) {
                throw new Refused(
                        ExitCode.PORT_TAKEN,
                        "Port " + wanted.getAsInt() + " is taken by another program; set " + property
                                + " to another one.");
            }
            return keep(name, wanted.getAsInt());
        }
        int last = last(name);
        if (last != 0 && isFree(last)) {
            return last;
        }
        if (wanted.isEmpty() && isFree(usual)) {
            return keep(name, usual);
        }
        return keep(name, anyFree());
    }

    private int last(String name) {
        String text = kept.getProperty(name, "");
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }

    private int keep(String name, int port) {
        kept.setProperty(name, Integer.toString(port));
        StringBuilder text = new StringBuilder();
        kept.stringPropertyNames().stream()
                .sorted()
                .forEach(key -> text.append(key)
                        .append('=')
                        .append(kept.getProperty(key))
                        .append('\n'));
        folder.write(FILE, text.toString());
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** One that the system gives no client, which could take it before the server does. */
    private int anyFree() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, LOWEST_OF_CLIENTS);
            if (isFree(port) && !kept.containsValue(Integer.toString(port))) {
                return port;
            }
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
