package dev.eventshop.command.idempotency;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IdempotencyProperties.class)
class IdempotencyConfiguration {

    @Bean
    IdempotencyKeys idempotencyKeys(JdbcTemplate jdbc, IdempotencyProperties properties) {
        return new JdbcIdempotencyKeys(jdbc, properties.retention());
    }

    @Bean
    OneAtATime oneAtATime(IdempotencyProperties properties) {
        return new OneAtATime(properties.waitFor());
    }

    @Bean
    IdempotencyCleanUp idempotencyCleanUp(IdempotencyKeys keys, IdempotencyProperties properties) {
        return new IdempotencyCleanUp(keys, properties.cleanUpInterval());
    }
}
