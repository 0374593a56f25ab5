package dev.eventshop.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.server.Servers;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpPortsTest {

    /** Free ports for all services, unless an argument says otherwise. */
    private static ThrowingCallable check(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        for (Service service : Service.values()) {
            for (String property : List.of(service.portProperty(), service.managementPortProperty())) {
                if (all.stream().noneMatch(argument -> argument.startsWith("--" + property + "="))) {
                    all.add("--" + property + "=0");
                }
            }
        }
        if (all.stream().noneMatch(argument -> argument.startsWith("--eventshop.issuer.port="))) {
            all.add("--eventshop.issuer.port=0");
        }
        UserSettings user = new UserSettings(all);
        List<ServiceSettings> services = Arrays.stream(Service.values())
                .map(service -> ServiceSettings.of(service, user))
                .toList();
        return () -> HttpPorts.requireFree(
                services, Servers.fixedIssuerPort(user), services.get(0).bindAddress());
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void areRefusedWithTheirPropertyWhenOneIsTaken(Service service) throws Exception {
        for (String property : List.of(service.portProperty(), service.managementPortProperty())) {
            try (ServerSocket other = taken()) {
                assertThatThrownBy(check("--" + property + "=" + other.getLocalPort()))
                        .isInstanceOfSatisfying(
                                Refused.class,
                                refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.PORT_TAKEN))
                        .hasMessage("Port " + other.getLocalPort() + " is taken by another program; set " + property
                                + " to another one.");
            }
        }
    }

    @Test
    void includeTheIssuers() throws Exception {
        try (ServerSocket other = taken()) {
            assertThatThrownBy(check("--eventshop.issuer.port=" + other.getLocalPort()))
                    .hasMessage("Port " + other.getLocalPort() + " is taken by another program; set"
                            + " eventshop.issuer.port to another one.");
            assertThatCode(check(
                            "--eventshop.issuer.port=" + other.getLocalPort(),
                            "--spring.security.oauth2.resourceserver.jwt.issuer-uri=https://id.example.com"))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void areAllNamedWhenSeveralAreTaken() throws Exception {
        try (ServerSocket one = taken();
                ServerSocket two = taken()) {
            assertThatThrownBy(check(
                            "--eventshop.command-side.port=" + one.getLocalPort(),
                            "--eventshop.query-side.management-port=" + two.getLocalPort()))
                    .hasMessageContaining(one.getLocalPort() + " (eventshop.command-side.port)")
                    .hasMessageContaining(two.getLocalPort() + " (eventshop.query-side.management-port)");
        }
    }

    @Test
    void areRefusedWhenTwoAreTheSame() {
        assertThatThrownBy(check("--eventshop.command-side.port=7000", "--eventshop.query-side.port=7000"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("eventshop.command-side.port and eventshop.query-side.port");
    }

    @Test
    void areRefusedOnAnAddressOfAnotherMachine() {
        assertThatThrownBy(check("--eventshop.bind-address=192.0.2.1", "--eventshop.command-side.port=7000"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("eventshop.bind-address")
                .hasMessageContaining("192.0.2.1");
    }
}
