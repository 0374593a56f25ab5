package dev.eventshop.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server on this machine, so that a test can take the server away without stopping it:
 * open connections break, and new ones are refused.
 */
public final class TcpProxy implements AutoCloseable {

    private final int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket server;

    private TcpProxy(int target) {
        this.target = target;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return a proxy to that port on this machine, which lets everything through */
    public static TcpProxy to(int port) {
        TcpProxy proxy = new TcpProxy(port);
        proxy.connect();
        return proxy;
    }

    /** @return a proxy to that port on this machine, which refuses connections until {@link #connect()} */
    public static TcpProxy refusing(int port) {
        return new TcpProxy(port);
    }

    /** @return where clients connect to, on 127.0.0.1 */
    public int port() {
        return port;
    }

    /** Lets connections through from now on. */
    public synchronized void connect() {
        if (server != null) {
            return;
        }
        try {
            ServerSocket started = new ServerSocket();
            started.setReuseAddress(true);
            started.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            server = started;
            daemon(() -> accept(started));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Breaks all connections, and refuses new ones. */
    public synchronized void cut() {
        ServerSocket stopped = server;
        server = null;
        if (stopped != null) {
            close(stopped);
        }
        open.forEach(TcpProxy::close);
        open.clear();
    }

    @Override
    public void close() {
        cut();
    }

    private void accept(ServerSocket from) {
        while (true) {
            try {
                Socket client = from.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(upstream);
                daemon(() -> copy(client, upstream));
                daemon(() -> copy(upstream, client));
                if (from.isClosed()) { // cut while it was being opened
                    close(client);
                    close(upstream);
                }
            } catch (IOException e) {
                if (from.isClosed()) {
                    return;
                }
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // broken by one of the ends, or by the test: the other end is closed as well
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
