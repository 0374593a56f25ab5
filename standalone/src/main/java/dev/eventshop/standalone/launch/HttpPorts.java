package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.issuer.IssuerSettings;
import dev.eventshop.standalone.settings.ServiceSettings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The ports of the services, looked at before anything is started. */
final class HttpPorts {

    /** @param property the setting that names it */
    private record HttpPort(String property, String address, int number) {}

    private HttpPorts() {}

    /** @throws Refused when a port is taken, wanted twice or not allowed, or the address is none of this machine */
    static void requireFree(List<ServiceSettings> services, OptionalInt issuerPort, String issuerAddress) {
        List<HttpPort> wanted = new ArrayList<>();
        for (ServiceSettings service : services) {
            wanted.add(new HttpPort(service.service().portProperty(), service.bindAddress(), service.port()));
            wanted.add(new HttpPort(
                    service.service().managementPortProperty(), service.bindAddress(), service.managementPort()));
        }
        issuerPort.ifPresent(port -> wanted.add(new HttpPort(IssuerSettings.PORT, issuerAddress, port)));
        wanted.removeIf(port -> port.number() == 0);
        requireDifferent(wanted);
        List<HttpPort> taken = wanted.stream().filter(HttpPorts::isTaken).toList();
        if (!taken.isEmpty()) {
            throw new Refused(ExitCode.PORT_TAKEN, sentence(taken));
        }
    }

    private static void requireDifferent(List<HttpPort> wanted) {
        Map<Integer, HttpPort> seen = new HashMap<>();
        for (HttpPort port : wanted) {
            HttpPort other = seen.put(port.number(), port);
            if (other != null) {
                throw new Refused(
                        ExitCode.USAGE,
                        "Port " + port.number() + " is set for both " + other.property() + " and " + port.property()
                                + ".");
            }
        }
    }

    private static boolean isTaken(HttpPort port) {
        InetAddress address;
        try {
            address = InetAddress.getByName(port.address());
        } catch (UnknownHostException e) {
            throw notHere(port);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, port.number()));
            return false;
        } catch (BindException e) {
            if (String.valueOf(e.getMessage()).contains("assign requested address")) {
                throw notHere(port);
            }
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                throw new Refused(
                        ExitCode.PORT_TAKEN,
                        "There is no permission to open port " + port.number() + "; set " + port.property()
                                + " to another one.");
            }
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    private static Refused notHere(HttpPort port) {
        return new Refused(
                ExitCode.USAGE,
                "The setting eventshop.bind-address must be an address of this machine, not \"" + port.address()
                        + "\".");
    }

    private static String sentence(List<HttpPort> taken) {
        if (taken.size() == 1) {
            HttpPort port = taken.get(0);
            return "Port " + port.number() + " is taken by another program; set " + port.property()
                    + " to another one.";
        }
        String ports = taken.stream()
                .map(port -> port.number() + " (" + port.property() + ")")
                .collect(Collectors.joining(", "));
        return "Ports are taken by other programs: " + ports + "; set these properties to other ones.";
    }
}
