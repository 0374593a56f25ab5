package dev.eventshop.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.eventshop.standalone.data.Endpoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShopClientTest {

    private HttpServer shop;
    private ShopClient client;

    @BeforeEach
    void start() throws IOException {
        shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.start();
        answer("/token", 200, "{\"access_token\": \"t\", \"expires_in\": 300}");
        String url = "http://127.0.0.1:" + shop.getAddress().getPort();
        client = new ShopClient(
                new Endpoints(
                        url,
                        url,
                        url,
                        new Endpoints.Management(url, url, url),
                        "amqp:",
                        "postgresql:",
                        "smtp:",
                        url,
                        url + "/token",
                        "program",
                        "secret"),
                Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        shop.stop(0);
    }

    private void answer(String path, int status, String json) {
        shop.createContext(path, exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @Test
    void registersNobodyWhoseEmailIsTaken() {
        answer("/api/users", 409, "{\"code\": \"EMAIL_TAKEN\"}");

        assertThat(client.register("ada@example.com", "Ada", "en")).isEmpty();
    }

    @Test
    void saysThatAProgramWhichIsACustomerRegistersItselfOnly() {
        answer("/api/users", 409, "{\"code\": \"ALREADY_REGISTERED\", \"detail\": \"You are registered already.\"}");

        assertThatThrownBy(() -> client.register("ada@example.com", "Ada", "en"))
                .isInstanceOf(UnexpectedAnswer.class)
                .hasMessageEndingWith("was answered with 409 ALREADY_REGISTERED: You are registered already.");
    }
}
