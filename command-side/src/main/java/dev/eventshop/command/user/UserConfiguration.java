package dev.eventshop.command.user;

import dev.eventshop.command.dispatch.AggregateType;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.command.ids.IdSequence;
import dev.eventshop.personaldata.PersonalDataProperties;
import dev.eventshop.personaldata.erasure.ErasureList;
import dev.eventshop.personaldata.key.PersonKeys;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    @Bean
    AggregateType<User> userType() {
        return new AggregateType<>(User.class, "User", "2");
    }

    @Bean
    IdSequence userIds(JdbcTemplate jdbc) {
        return new IdSequence(jdbc, "command_side.user_id");
    }

    @Bean
    ErasedBeforeRestore erasedBeforeRestore(JdbcTemplate jdbc, PersonalDataProperties properties, Commands commands) {
        return new ErasedBeforeRestore(jdbc, properties.keysSchema(), commands);
    }

    @Bean
    RegisteredUsers registeredUsers(JdbcTemplate jdbc, PersonKeys personKeys, ErasureList erasures) {
        return new JdbcRegisteredUsers(jdbc, personKeys, erasures);
    }
}
