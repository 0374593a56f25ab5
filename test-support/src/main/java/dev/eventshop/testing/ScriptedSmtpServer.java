package dev.eventshop.testing;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A mail server that answers as the test wants. Steps: connect, ehlo, mail, rcpt, data, end. */
public final class ScriptedSmtpServer implements AutoCloseable {

    /** Says nothing and keeps the connection open. */
    public static final String HANG = "hang";

    /** Breaks the connection. */
    public static final String DROP = "drop";

    /** Takes the email, then breaks the connection instead of answering. */
    public static final String ACCEPT_AND_DROP = "accept-and-drop";

    /** Answers one byte after the other, and never comes to the end of its line. */
    public static final String DRIP = "drip";

    private volatile ServerSocket listener;
    private final Map<String, UnaryOperator<String>> script = new ConcurrentHashMap<>();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger recipients = new AtomicInteger();

    public ScriptedSmtpServer() {
        listen(0);
    }

    private void listen(int port) {
        try {
            listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    /** Nobody listens at its port any more, and what was connected is broken. */
    public void goAway() {
        close();
    }

    /** Listens at the same port again. */
    public void comeBack() {
        listen(listener.getLocalPort());
    }

    /** From now on, that step gets this reply, or one of the constants. */
    public ScriptedSmtpServer on(String step, String reply) {
        return on(step, recipient -> reply);
    }

    /** From now on, that step gets the reply that is made of the email's recipient, empty as long as there is none. */
    public ScriptedSmtpServer on(String step, UnaryOperator<String> reply) {
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

    /** How often an email's recipient was named. */
    public int recipients() {
        return recipients.get();
    }

    private void accept() {
        ServerSocket mine = listener;
        while (!mine.isClosed()) {
            try {
                Socket socket = mine.accept();
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
            if (!answer(socket, reply("connect", "220 ready", ""))) {
                return;
            }
            String recipient = "";
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.substring(0, Math.min(4, line.length())).toLowerCase(Locale.ROOT);
                if (verb.equals("quit")) {
                    answer(socket, reply(verb, "221 bye", recipient));
                    return;
                }
                if (verb.equals("rcpt")) {
                    recipient = line.replaceAll("^[^<]*<|>.*$", "");
                    recipients.incrementAndGet();
                }
                String reply = reply(verb, verb.equals("data") ? "354 go on" : "250 ok", recipient);
                if (!answer(socket, reply)) {
                    return;
                }
                if (verb.equals("data") && reply.startsWith("354")) {
                    StringBuilder mail = new StringBuilder();
                    for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                        mail.append(line).append('\n');
                    }
                    String end = reply("end", "250 taken", recipient);
                    if (line != null && (end.startsWith("250") || end.equals(ACCEPT_AND_DROP))) {
                        accepted.add(mail.toString());
                    }
                    if (!answer(socket, end)) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private String reply(String step, String usual, String recipient) {
        return script.getOrDefault(step, any -> usual).apply(recipient);
    }

    private boolean answer(Socket socket, String reply) throws IOException {
        if (reply.equals(HANG)) {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return false;
        }
        if (reply.equals(DRIP)) {
            drip(socket);
            return false;
        }
        if (reply.equals(DROP) || reply.equals(ACCEPT_AND_DROP)) {
            return false;
        }
        write(socket, reply);
        return true;
    }

    private static void drip(Socket socket) throws IOException {
        byte[] line = "250 ".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; ; i++) {
            socket.getOutputStream().write(i < line.length ? line[i] : '.');
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
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
