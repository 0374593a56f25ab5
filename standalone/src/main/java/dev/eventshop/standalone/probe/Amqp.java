package dev.eventshop.standalone.probe;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;

/** Connects to the broker as any other program would. */
final class Amqp {

    private static final int TIMEOUT_MILLIS = 5_000;

    private Amqp() {}

    /** @throws IOException when the broker can't be reached or refuses */
    static Connection connect(String uri) throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setConnectionTimeout(TIMEOUT_MILLIS);
        factory.setChannelRpcTimeout(TIMEOUT_MILLIS);
        factory.setAutomaticRecoveryEnabled(false);
        try {
            factory.setUri(uri);
            return factory.newConnection("eventshop-probe");
        } catch (URISyntaxException | GeneralSecurityException | TimeoutException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
