package dev.eventshop.standalone.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.standalone.console.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;

class SettingsTest {

    private static UserSettings user(String... arguments) {
        return new UserSettings(List.of(arguments));
    }

    @Nested
    class OfTheUser {

        @Test
        void areEmptyWhenTheyAreBlank() {
            assertThat(user("--spring.datasource.url= ").text("spring.datasource.url"))
                    .isEmpty();
        }

        @Test
        void comeFromSystemPropertiesBehindArguments() {
            System.setProperty("eventshop.test.setting", "property");
            try {
                assertThat(user().text("eventshop.test.setting")).contains("property");
                assertThat(user("--eventshop.test.setting=argument").text("eventshop.test.setting"))
                        .contains("argument");
            } finally {
                System.clearProperty("eventshop.test.setting");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "65536", "http", "8081x"})
        void areRefusedWhenAPortIsNone(String port) {
            assertThatThrownBy(() -> user("--a.port=" + port).port("a.port"))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("a.port")
                    .hasMessageContaining(port);
        }

        @Test
        void areRefusedByNameWhenTheyDoNotFit() {
            assertThatThrownBy(
                            () -> user("--spring.rabbitmq.port=high").bound("spring.rabbitmq", RabbitProperties.class))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("spring.rabbitmq");
        }
    }

    @Nested
    class OfAService {

        @Test
        void haveTheDocumentedPorts() {
            assertThat(ServiceSettings.of(Service.COMMAND_SIDE, user()))
                    .satisfies(service -> assertThat(service.port()).isEqualTo(8081))
                    .satisfies(service -> assertThat(service.managementPort()).isEqualTo(9181));
            assertThat(ServiceSettings.of(Service.QUERY_SIDE, user()))
                    .satisfies(service -> assertThat(service.port()).isEqualTo(8082))
                    .satisfies(service -> assertThat(service.managementPort()).isEqualTo(9182));
            assertThat(ServiceSettings.of(Service.NOTIFICATION_PROJECTOR, user()))
                    .satisfies(service -> assertThat(service.port()).isEqualTo(8083))
                    .satisfies(service -> assertThat(service.managementPort()).isEqualTo(9183));
        }

        @Test
        void takeThePortOfTheirOwnSetting() {
            UserSettings user = user("--eventshop.query-side.port=9999", "--server.port=1");

            assertThat(ServiceSettings.of(Service.QUERY_SIDE, user).port()).isEqualTo(9999);
            assertThat(ServiceSettings.of(Service.COMMAND_SIDE, user).port()).isEqualTo(8081);
        }

        @Test
        void comeFromItsOwnConfigurationFile(@TempDir Path folder) throws Exception {
            Files.writeString(folder.resolve("query-side.yml"), "eventshop.query-side.port: 7777");
            UserSettings user = user("--spring.config.additional-location=file:" + folder + "/");

            assertThat(ServiceSettings.of(Service.QUERY_SIDE, user).port()).isEqualTo(7777);
        }

        @Test
        void areRefusedWhenItsFileIsBroken(@TempDir Path folder) throws Exception {
            Files.writeString(folder.resolve("query-side.yml"), "eventshop: [");
            UserSettings user = user("--spring.config.additional-location=file:" + folder + "/");

            assertThatThrownBy(() -> ServiceSettings.of(Service.QUERY_SIDE, user))
                    .isInstanceOf(Refused.class)
                    .hasMessageStartingWith("The configuration of query-side can't be read: ")
                    .message()
                    .hasLineCount(1);
        }

        @ParameterizedTest
        @EnumSource(Service.class)
        void keepTheirIdentityWhateverIsSetForAll(Service service) {
            UserSettings user = user("--spring.application.name=other", "--spring.datasource.hikari.schema=public");

            assertThat(ServiceSettings.of(service, user).identity())
                    .containsEntry("spring.config.name", service.id())
                    .containsEntry("spring.application.name", service.id())
                    .containsEntry("spring.datasource.hikari.schema", service.role())
                    .containsEntry("spring.flyway.default-schema", service.role())
                    .containsKeys("spring.flyway.locations", "spring.datasource.hikari.pool-name");
        }

        @Test
        void listenOnLoopbackUnlessTheUserSaysOtherwise() {
            assertThat(ServiceSettings.of(Service.COMMAND_SIDE, user()).bindAddress())
                    .isEqualTo("127.0.0.1");
            assertThat(ServiceSettings.of(Service.COMMAND_SIDE, user("--eventshop.bind-address=0.0.0.0"))
                            .bindAddress())
                    .isEqualTo("0.0.0.0");
        }
    }
}
