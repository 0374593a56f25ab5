package dev.eventshop.messaging.publishing;

import java.io.Serial;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;

/** The broker's user that everybody knows the password of was to be used beyond this machine. */
final class GuestOutside extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String GUEST = "guest"; // of RabbitMQ, and Spring Boot's default

    private GuestOutside(String host) {
        super("The broker's user \"guest\" is for this machine only, not for " + host + ".");
    }

    /** @throws GuestOutside when it is used for a broker elsewhere */
    static void refuse(RabbitConnectionDetails details) {
        if (!GUEST.equals(details.getUsername())) {
            return;
        }
        for (RabbitConnectionDetails.Address address : details.getAddresses()) {
            if (!isLoopback(address.host())) {
                throw new GuestOutside(address.host());
            }
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException elsewhere) {
            return false;
        }
    }
}
