package dev.eventshop.command.account;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class AccountConfiguration {

    @Bean
    Accounts accounts(JdbcTemplate jdbc) {
        return new JdbcAccounts(jdbc);
    }
}
