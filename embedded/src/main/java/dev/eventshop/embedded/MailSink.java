package dev.eventshop.embedded;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.smtp.SmtpManager;
import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.smtp.SmtpState;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A mail server that takes every email, for any recipient, and hands it to nobody. It listens on loopback only. The
 * newest emails are kept in memory until it is closed.
 */
public final class MailSink implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final long START_MILLIS = 30_000;

    private final int maxMessages;
    private final Deque<MimeMessage> received = new ArrayDeque<>();
    private final SmtpServer server;

    private MailSink(int port, int maxMessages) {
        this.maxMessages = maxMessages;
        this.server = new SmtpServer(new ServerSetup(port, HOST, ServerSetup.PROTOCOL_SMTP), new Managers() {

            private final SmtpManager manager = new SmtpManager(getImapHostManager(), getUserManager()) {
                @Override
                public void send(SmtpState state) {
                    keep(state.getMessage().getMessage());
                }
            };

            @Override
            public SmtpManager getSmtpManager() {
                return manager;
            }
        });
    }

    /**
     * @param port        0 for a free one
     * @param maxMessages how many emails are kept; with each further one the oldest goes
     * @throws PortTaken when another process listens there
     */
    public static MailSink start(int port, int maxMessages) {
        if (maxMessages < 1) {
            throw new IllegalArgumentException("a sink keeps at least one email, not " + maxMessages);
        }
        if (port != 0 && !LoopbackPorts.isFree(port)) {
            throw new PortTaken(port, "SMTP");
        }
        MailSink sink = new MailSink(port, maxMessages);
        sink.server.startService();
        try {
            if (!sink.server.waitTillRunning(START_MILLIS)) {
                throw new EmbeddedServerFailed("The mail sink does not start.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerFailed("The mail sink was interrupted while it started.", e);
        }
        return sink;
    }

    private void keep(MimeMessage message) {
        synchronized (received) {
            if (received.size() == maxMessages) {
                received.removeFirst();
            }
            received.addLast(message);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** @return the emails that are kept, oldest first; one with several recipients once */
    public List<MimeMessage> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    public void clear() {
        synchronized (received) {
            received.clear();
        }
    }

    @Override
    public void close() {
        server.stopService();
    }
}
