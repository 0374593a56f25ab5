package dev.eventshop.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stands between clients and a server on this machine, so that a test can take the server away without stopping it:
 * connections break, are refused, or stay open while nothing passes.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int LOWEST_PORT = 10_000;

    /** Linux's; others give out higher ones. */
    private static final int LOWEST_CLIENT_PORT = 32_768;

    private static final int BUFFER = 8192;

    private volatile int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong untilBreak = new AtomicLong(Long.MAX_VALUE);
    private final AtomicReference<@Nullable Ambush> ambush = new AtomicReference<>();
    private final Valve questions = new Valve();
    private final Valve answers = new Valve();
    private @Nullable ServerSocket server;

    private TcpProxy(int target) {
        this.target = target;
        this.port = freePort();
    }

    /**
     * @return a port of this machine that nobody listens at in this moment; below those that the system gives to clients,
     *     one of which could have it a moment later
     */
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, LOWEST_CLIENT_PORT);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException taken) {
                // another one
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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

    /** Further connections go to that port on this machine. */
    public void retarget(int newTarget) {
        target = newTarget;
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
        breakConnections();
    }

    /** Breaks all connections. New ones are let through. */
    public void breakConnections() {
        open.forEach(TcpProxy::close);
    }

    /** Breaks all connections when the clients have sent that many more bytes. */
    public void breakAfter(long bytes) {
        untilBreak.set(bytes);
    }

    /**
     * Does something as soon as a client sends these bytes, once, and breaks that connection; the bytes, and what came with
     * them, don't pass.
     *
     * @param bytes not seen when they come in two pieces
     */
    public void insteadOf(byte[] bytes, Runnable action) {
        ambush.set(new Ambush(bytes.clone(), action));
    }

    /** Keeps the connections, and lets nothing pass. */
    public void silence() {
        questions.shut();
        answers.shut();
    }

    /** Keeps the connections, and lets pass only what clients say. */
    public void silenceAnswers() {
        answers.shut();
    }

    /** Lets pass what was held up, and all that comes. */
    public void speak() {
        questions.open();
        answers.open();
    }

    @Override
    public void close() {
        cut();
        speak();
    }

    private void accept(ServerSocket from) {
        while (true) {
            try {
                Socket client = from.accept();
                Socket upstream = connectTo(client);
                if (upstream == null) {
                    continue;
                }
                open.add(client);
                open.add(upstream);
                daemon(() -> copy(client, upstream, questions, true));
                daemon(() -> copy(upstream, client, answers, false));
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

    /** @return null when the server is away: the client sees it */
    private @Nullable Socket connectTo(Socket client) {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            close(client);
            return null;
        }
    }

    private void copy(Socket from, Socket to, Valve valve, boolean counted) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                valve.await();
                if (counted && isAmbushed(buffer, read)) {
                    return;
                }
                if (counted && untilBreak.addAndGet(-read) < 0) {
                    untilBreak.set(Long.MAX_VALUE);
                    breakConnections();
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // broken by one of the ends, or by the test: the other end is closed as well
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private boolean isAmbushed(byte[] buffer, int length) {
        Ambush waiting = ambush.get();
        if (waiting == null || !waiting.isIn(buffer, length) || !ambush.compareAndSet(waiting, null)) {
            return false;
        }
        waiting.action.run();
        return true;
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

    private static final class Ambush {

        private final byte[] bytes;
        private final Runnable action;

        Ambush(byte[] bytes, Runnable action) {
            this.bytes = bytes;
            this.action = action;
        }

        boolean isIn(byte[] buffer, int length) {
            for (int at = 0; at + bytes.length <= length; at++) {
                if (Arrays.equals(buffer, at, at + bytes.length, bytes, 0, bytes.length)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Valve {

        private boolean shut;

        synchronized void shut() {
            shut = true;
        }

        synchronized void open() {
            shut = false;
            notifyAll();
        }

        synchronized void await() throws InterruptedException {
            while (shut) {
                wait();
            }
        }
    }
}
