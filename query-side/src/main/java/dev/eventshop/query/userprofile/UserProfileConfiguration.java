package dev.eventshop.query.userprofile;

import dev.eventshop.query.projection.Projection;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

@Configuration(proxyBeanMethods = false)
class UserProfileConfiguration {

    @Bean
    Projection userProfile(JdbcOperations jdbc) {
        return new Projection(
                KnownUsers.PROJECTION,
                Set.of("User"),
                2,
                List.of("user_profile", "user_account"),
                slot -> new UserProfileProjector(new JdbcUserProfiles(jdbc, slot)));
    }
}
