package dev.eventshop.query.userprofile;

import dev.eventshop.access.audit.CallerNames;
import dev.eventshop.personaldata.EventKeys;
import dev.eventshop.personaldata.key.PersonKeys;
import dev.eventshop.query.projection.Projection;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

@Configuration(proxyBeanMethods = false)
class UserProfileConfiguration {

    /** Customers in the audit, who are unknown before the first of them registers. */
    @Bean
    CallerNames callerNames(EventKeys eventKeys) {
        return customer -> eventKeys
                .keys()
                .findIndexKey()
                .map(key -> key.accountOf(customer.issuer(), customer.subject()))
                .orElse(null);
    }

    @Bean
    Projection userProfile(JdbcOperations jdbc, PersonKeys personKeys) {
        return new Projection(
                KnownUsers.PROJECTION,
                1,
                Set.of("User"),
                2,
                Projection.Rows.ofAll("user_profile", "user_id", "User"),
                List.of("user_profile", "user_account"),
                true,
                slot -> new UserProfileProjector(new JdbcUserProfiles(jdbc, personKeys, slot)));
    }
}
