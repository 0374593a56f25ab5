package dev.eventshop.personaldata;

import dev.eventshop.eventstore.EventStoreDataSource;
import dev.eventshop.eventstore.PayloadProtection;
import dev.eventshop.personaldata.erasure.ErasureList;
import dev.eventshop.personaldata.erasure.ErasuresAtStart;
import dev.eventshop.personaldata.events.EncryptedPayloads;
import dev.eventshop.personaldata.events.PersonalFields;
import dev.eventshop.personaldata.key.KeyRotation;
import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.personaldata.key.MissingMasterKeyException;
import dev.eventshop.personaldata.key.PersonKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.api.Location;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Gives a service the keys of its database, in a schema that its own migrations make; and, where there is an event store,
 * encrypts the events' {@link PersonalFields}.
 */
@AutoConfiguration(afterName = "dev.eventshop.eventstore.EventStoreAutoConfiguration")
@EnableConfigurationProperties(PersonalDataProperties.class)
public class PersonalDataAutoConfiguration {

    private static final Location TABLES = Location.fromPath("classpath:", "db/personal-data-service");

    @Bean
    MasterKeys masterKeys(PersonalDataProperties properties) {
        Path file = properties.masterKeyFile();
        if (file == null && properties.masterKeys().isBlank()) {
            throw new MissingMasterKeyException("There is no master key for personal data: set"
                    + " eventshop.personal-data.master-key-file, or eventshop.personal-data.master-keys.");
        }
        String source = file == null ? "eventshop.personal-data.master-keys" : String.valueOf(file);
        try {
            return MasterKeys.parse(file == null ? properties.masterKeys() : Files.readString(file));
        } catch (IOException e) {
            throw new MissingMasterKeyException("The master key for personal data can't be read from " + source + ".");
        } catch (IllegalArgumentException e) {
            throw new MissingMasterKeyException(
                    "There is no master key for personal data in " + source + ": " + e.getMessage() + ".");
        }
    }

    @Bean
    PersonKeys personKeys(DataSource dataSource, PersonalDataProperties properties, MasterKeys masterKeys) {
        return new PersonKeys(dataSource, properties.keysSchema(), masterKeys);
    }

    @Bean
    KeyRotation keyRotation(PersonKeys personKeys) {
        return new KeyRotation(personKeys);
    }

    @Bean
    ErasureList erasureList(PersonalDataProperties properties) {
        return new ErasureList(properties.erasureList());
    }

    @Bean
    ErasuresAtStart erasuresAtStart(ErasureList list, PersonKeys personKeys) {
        return new ErasuresAtStart(list, personKeys);
    }

    /** Adds the tables of keys to the service's own migrations. */
    @Bean
    FlywayConfigurationCustomizer personKeysTables(
            PersonalDataProperties properties, ObjectProvider<JdbcConnectionDetails> connection) {
        return flyway -> {
            List<Location> locations = List.of(flyway.getLocations());
            if (!locations.contains(TABLES)) {
                flyway.locations(
                        Stream.concat(locations.stream(), Stream.of(TABLES)).toArray(Location[]::new));
            }
            String role = connection.stream()
                    .map(JdbcConnectionDetails::getUsername)
                    .findFirst()
                    .orElse("");
            Map<String, String> placeholders = new HashMap<>(flyway.getPlaceholders());
            placeholders.put("person-keys-schema", properties.keysSchema());
            placeholders.putIfAbsent("personal-data-service-role", role == null ? "" : role);
            placeholders.put("person-keys-reader", properties.keysReader());
            flyway.placeholders(placeholders);
        };
    }

    /** Where there is an event store. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(PayloadProtection.class)
    @ConditionalOnBean({PersonalFields.class, EventStoreDataSource.class})
    static class Events {

        @Bean
        EventKeys eventKeys(
                EventStoreDataSource eventStore,
                DataSource dataSource,
                PersonalDataProperties properties,
                MasterKeys masterKeys,
                PersonKeys personKeys) {
            boolean own = eventStore.dataSource() == dataSource
                    && properties.eventKeysSchema().equals(properties.keysSchema());
            return new EventKeys(
                    own
                            ? personKeys
                            : new PersonKeys(eventStore.dataSource(), properties.eventKeysSchema(), masterKeys));
        }

        @Bean
        EncryptedPayloads encryptedPayloads(PersonalFields fields, EventKeys eventKeys) {
            return new EncryptedPayloads(fields, eventKeys.keys());
        }
    }
}
