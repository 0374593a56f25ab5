package dev.eventshop.command.account;

import dev.eventshop.access.audit.CallerNames;
import dev.eventshop.personaldata.key.PersonKeys;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class AccountConfiguration {

    /** Customers in the audit. */
    @Bean
    CallerNames callerNames(PersonKeys personKeys) {
        return customer -> personKeys.indexKey().accountOf(customer.issuer(), customer.subject());
    }

    @Bean
    Accounts accounts(JdbcTemplate jdbc, PersonKeys personKeys) {
        return new JdbcAccounts(jdbc, personKeys);
    }
}
