package dev.eventshop.personaldata;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the keys to personal data are. A service does not start without a master key.
 *
 * @param masterKeyFile  a line for each master key, its name and 32 bytes in Base64 or hex; the first is the current one
 * @param masterKeys     the same as text, for an environment variable; used when there is no file
 * @param keysSchema     schema of this service's database in which the keys of persons are
 * @param eventKeysSchema schema of the event store's database in which the keys to events are
 * @param keysReader     database role that may read this service's keys too; empty for none
 * @param erasureList    file outside of all backups that keeps who was erased; none by default, and then a restored backup
 *                       brings back who was erased after it was made
 */
@ConfigurationProperties("eventshop.personal-data")
public record PersonalDataProperties(
        @Nullable Path masterKeyFile,
        @DefaultValue("") String masterKeys,
        @DefaultValue("person_keys") String keysSchema,
        @DefaultValue("event_store_keys") String eventKeysSchema,
        @DefaultValue("") String keysReader,
        @Nullable Path erasureList) {

    /** Without the keys. */
    @Override
    public String toString() {
        return "PersonalDataProperties[keysSchema=" + keysSchema + "]";
    }
}
