package dev.eventshop.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;

class FirewallTest {

    private final HttpFirewall firewall = new AccessAutoConfiguration().firewall();
    private final HttpFirewall original = new StrictHttpFirewall();

    @Test
    void letsThroughTheHeadersThatItsOriginalDoes() {
        int refused = 0;
        for (int point = 0; point <= 0xffff; point++) {
            String text = "a" + Character.toString(point);

            boolean value = passes(firewall, "X-Test", text);
            assertThat(value).as("value with %x", point).isEqualTo(passes(original, "X-Test", text));
            assertThat(passes(firewall, text, "1")).as("name with %x", point).isEqualTo(passes(original, text, "1"));
            refused += value ? 0 : 1;
        }
        assertThat(refused).isBetween(64, 10_000); // controls but the tab, and what Unicode has not assigned
    }

    private static boolean passes(HttpFirewall firewall, String name, String value) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/products");
        request.addHeader(name, value);
        try {
            return firewall.getFirewalledRequest(request).getHeader(name) != null;
        } catch (RequestRejectedException e) {
            return false;
        }
    }
}
