package dev.eventshop.messaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between a client and its server: loses their connections, refuses new ones, or falls silent. */
final class CuttingProxy implements AutoCloseable {

    private final String host;
    private final int serverPort;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong untilCut = new AtomicLong(Long.MAX_VALUE);
    private final Object valve = new Object();
    private boolean silent;
    private ServerSocket listener;

    CuttingProxy(String host, int serverPort) throws IOException {
        this.host = host;
        this.serverPort = serverPort;
        listener = listen(0);
        port = listener.getLocalPort();
    }

    int port() {
        return port;
    }

    /** Loses all connections. New ones are accepted. */
    void cut() {
        sockets.forEach(CuttingProxy::close);
    }

    /** Loses all connections when the clients have sent that many more bytes. */
    void cutAfter(long bytes) {
        untilCut.set(bytes);
    }

    /** Loses all connections, and accepts none. */
    void goDown() throws IOException {
        listener.close();
        cut();
    }

    /** Accepts connections again. */
    void comeBack() throws IOException {
        listener = listen(port);
    }

    /** Keeps the connections, and passes nothing on. */
    void fallSilent() {
        synchronized (valve) {
            silent = true;
        }
    }

    void speakAgain() {
        synchronized (valve) {
            silent = false;
            valve.notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        goDown();
        speakAgain();
    }

    private ServerSocket listen(int wanted) throws IOException {
        ServerSocket bound = new ServerSocket();
        bound.setReuseAddress(true);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
        run(() -> acceptFrom(bound));
        return bound;
    }

    private void acceptFrom(ServerSocket bound) {
        while (!bound.isClosed()) {
            try {
                Socket client = bound.accept();
                Socket server = new Socket(host, serverPort);
                sockets.add(client);
                sockets.add(server);
                run(() -> pass(client, server, true));
                run(() -> pass(server, client, false));
                if (bound.isClosed()) { // went down while it was being opened
                    close(client);
                    close(server);
                }
            } catch (SocketException e) {
                // Closed, or the server is away: the client sees either.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void pass(Socket from, Socket to, boolean counted) {
        byte[] buffer = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                waitWhileSilent();
                if (counted && untilCut.addAndGet(-read) < 0) {
                    untilCut.set(Long.MAX_VALUE);
                    cut();
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side has gone: so does the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    private void waitWhileSilent() throws InterruptedException {
        synchronized (valve) {
            while (silent) {
                valve.wait();
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
