package dev.eventshop.notification.delivery.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A mail server that answers as the test wants. Steps: connect, ehlo, mail, rcpt, data, end. */
public final class ScriptedSmtpServer implements AutoCloseable {

    /** Says nothing and keeps the connection open. */
    public static final String HANG = "hang";

    /** Breaks the connection. */
    public static final String DROP = "drop";

    /** Takes the email, then breaks the connection instead of answering. */
    public static final String ACCEPT_AND_DROP = "accept-and-drop";

    private final ServerSocket listener;
    private final Map<String, String> script = new ConcurrentHashMap<>();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    public ScriptedSmtpServer() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    /** From now on, that step gets this reply, or one of the constants. */
    public ScriptedSmtpServer on(String step, String reply) {
        script.put(step, reply);
        return this;
    }

    public ScriptedSmtpServer wellAgain() {
        script.clear();
        return this;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Emails that were answered with 250, or taken before a break. */
    public List<String> accepted() {
        return accepted;
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                thread(() -> talk(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void talk(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            if (!answer(socket, "connect", "220 ready")) {
                return;
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.substring(0, Math.min(4, line.length())).toLowerCase(Locale.ROOT);
                if (verb.equals("quit")) {
                    write(socket, "221 bye");
                    return;
                }
                if (!answer(socket, verb, verb.equals("data") ? "354 go on" : "250 ok")) {
                    return;
                }
                if (verb.equals("data") && script.getOrDefault("data", "354").startsWith("354")) {
                    StringBuilder mail = new StringBuilder();
                    for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                        mail.append(line).append('\n');
                    }
                    String end = script.getOrDefault("end", "250 taken");
                    if (line != null && (end.startsWith("250") || end.equals(ACCEPT_AND_DROP))) {
                        accepted.add(mail.toString());
                    }
                    if (!answer(socket, "end", "250 taken")) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private boolean answer(Socket socket, String step, String usual) throws IOException {
        String reply = script.getOrDefault(step, usual);
        if (reply.equals(HANG)) {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return false;
        }
        if (reply.equals(DROP) || reply.equals(ACCEPT_AND_DROP)) {
            return false;
        }
        write(socket, reply);
        return true;
    }

    private static void write(Socket socket, String reply) throws IOException {
        socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "scripted-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
