package dev.eventshop.notification.delivery.mail;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.util.StringUtils;

/**
 * One connection, with the settings of Spring's mail sender. Everything it does is bounded in time as a whole: Jakarta
 * Mail's timeouts count from byte to byte, and a server that drips would never meet them. Where the settings name a socket
 * factory or a SOCKS proxy, only those timeouts count.
 */
final class SmtpConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpConnection.class);
    private static final Duration GOODBYE = Duration.ofSeconds(2);
    private static final ScheduledThreadPoolExecutor WATCHDOG = watchdog();

    /** Whose socket is being made by the thread. */
    private static final ThreadLocal<SmtpConnection> CONNECTING = new ThreadLocal<>();

    private final JavaMailSenderImpl settings;
    private final Duration limit;
    private final Transport transport;
    private volatile @Nullable Socket socket;
    private volatile boolean cut;

    /**
     * @param session of {@link #session}
     * @param limit   longest time to connect, and then for each email
     * @throws MessagingException when the settings name a protocol that there is not
     */
    SmtpConnection(JavaMailSenderImpl settings, Session session, Duration limit) throws MessagingException {
        this.settings = settings;
        this.limit = limit;
        this.transport = session.getTransport(protocol(settings));
    }

    /**
     * To be made once: Jakarta Mail looks all over the class path for it.
     *
     * @param properties of Jakarta Mail
     */
    static Session session(JavaMailSenderImpl settings, Properties properties) {
        Properties all = new Properties();
        all.putAll(properties);
        String prefix = "mail." + protocol(settings) + ".";
        boolean ownSockets = Stream.of(
                        "socketFactory",
                        "socketFactory.class",
                        "ssl.socketFactory",
                        "ssl.socketFactory.class",
                        "socks.host")
                .anyMatch(name -> all.containsKey(prefix + name));
        if (!ownSockets) {
            all.put(prefix + "socketFactory", new Sockets());
            all.put(prefix + "socketFactory.fallback", "false");
        }
        return Session.getInstance(all);
    }

    private static String protocol(JavaMailSenderImpl settings) {
        return settings.getProtocol() == null ? "smtp" : settings.getProtocol();
    }

    private static ScheduledThreadPoolExecutor watchdog() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "mail-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    void connect() throws MessagingException {
        boolean anonymous = !StringUtils.hasLength(settings.getUsername());
        CONNECTING.set(this);
        try {
            within(
                    limit,
                    () -> transport.connect(
                            settings.getHost(),
                            settings.getPort(),
                            anonymous ? null : settings.getUsername(),
                            anonymous ? null : settings.getPassword()));
        } finally {
            CONNECTING.remove();
        }
    }

    private void isOn(Socket made) throws IOException {
        socket = made;
        if (cut) {
            made.close();
            throw new SocketException("cut off");
        }
    }

    /** @return whether the mail server still answers */
    boolean isConnected() {
        boolean[] connected = new boolean[1];
        try {
            within(limit, () -> connected[0] = transport.isConnected());
        } catch (MessagingException e) {
            return false;
        }
        return connected[0] && !cut;
    }

    void send(Message message, Address recipient) throws MessagingException {
        within(limit, () -> transport.sendMessage(message, new Address[] {recipient}));
    }

    /** Breaks it off, from any thread, whatever it waits for. */
    void cut() {
        cut = true;
        Socket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("mail connection not cut cleanly", e);
            }
        }
    }

    @Override
    public void close() {
        try {
            within(GOODBYE, transport::close);
        } catch (MessagingException | RuntimeException e) {
            LOG.debug("mail connection not closed cleanly: {}", Causes.kind(e));
        }
    }

    private void within(Duration most, Call call) throws MessagingException {
        ScheduledFuture<?> alarm = WATCHDOG.schedule(this::cut, most.toMillis(), TimeUnit.MILLISECONDS);
        try {
            call.run();
        } catch (MessagingException | RuntimeException e) {
            if (cut) {
                throw new CutOff(e);
            }
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    private interface Call {
        void run() throws MessagingException;
    }

    /** Jakarta Mail asks for a socket on the thread that connects, connects it itself, and puts TLS around it. */
    private static final class Sockets extends SocketFactory {

        @Override
        public Socket createSocket() throws IOException {
            Socket made = new Socket();
            SmtpConnection connecting = CONNECTING.get();
            if (connecting != null) {
                connecting.isOn(made);
            }
            return made;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw unconnectedOnly();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            throw unconnectedOnly();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw unconnectedOnly();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            throw unconnectedOnly();
        }

        private static SocketException unconnectedOnly() {
            return new SocketException("only unconnected sockets are made here");
        }
    }
}
