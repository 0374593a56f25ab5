package dev.eventshop.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {

    @TempDir
    private Path temporary;

    private final Endpoints endpoints = new Endpoints(
            "http://127.0.0.1:1",
            "http://127.0.0.1:2",
            "http://127.0.0.1:3",
            new Endpoints.Management("http://127.0.0.1:4", "http://127.0.0.1:5", "http://127.0.0.1:6"),
            "amqp://u:p@127.0.0.1:7",
            "postgresql://u:p@127.0.0.1:8/eventshop",
            "smtp://127.0.0.1:9",
            "http://127.0.0.1:10",
            "http://127.0.0.1:10/oauth2/token",
            "operator",
            "secret");

    @Test
    void haveTheNamesThatOtherProgramsLookFor() throws Exception {
        try (DataFolder folder = DataFolder.open(temporary)) {
            endpoints.publish(folder);
        }
        assertThat(Files.readString(temporary.resolve("endpoints.json"))).isEqualToNormalizingNewlines("""
                        {
                          "commandSide" : "http://127.0.0.1:1",
                          "querySide" : "http://127.0.0.1:2",
                          "notificationProjector" : "http://127.0.0.1:3",
                          "management" : {
                            "commandSide" : "http://127.0.0.1:4",
                            "querySide" : "http://127.0.0.1:5",
                            "notificationProjector" : "http://127.0.0.1:6"
                          },
                          "amqp" : "amqp://u:p@127.0.0.1:7",
                          "postgresql" : "postgresql://u:p@127.0.0.1:8/eventshop",
                          "smtp" : "smtp://127.0.0.1:9",
                          "issuer" : "http://127.0.0.1:10",
                          "tokenEndpoint" : "http://127.0.0.1:10/oauth2/token",
                          "operatorClientId" : "operator",
                          "operatorClientSecret" : "secret"
                        }
                        """);
    }

    @Test
    void areGoneWhenTheyAreWithdrawn() {
        try (DataFolder folder = DataFolder.open(temporary)) {
            endpoints.publish(folder);
            Endpoints.withdraw(folder);
            Endpoints.withdraw(folder);
        }
        assertThat(temporary.resolve("endpoints.json")).doesNotExist();
    }

    @Test
    void areThoseOfNobodyWhenTheProcessIsGone() {
        try (DataFolder folder = DataFolder.open(temporary)) {
            endpoints.publish(folder);
        }
        assertThat(Endpoints.of(temporary)).isEmpty();
    }
}
