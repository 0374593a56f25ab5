package dev.eventshop.command.user;

import dev.eventshop.command.dispatch.AggregateType;
import dev.eventshop.command.ids.IdSequence;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    @Bean
    AggregateType<User> userType() {
        return new AggregateType<>(User.class, "User", "1");
    }

    @Bean
    IdSequence userIds(JdbcTemplate jdbc) {
        return new IdSequence(jdbc, "command_side.user_id");
    }

    @Bean
    RegisteredUsers registeredUsers(JdbcTemplate jdbc) {
        return new JdbcRegisteredUsers(jdbc);
    }
}
