package dev.eventshop.command.currency;

import org.axonframework.config.ConfigurerModule;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class CurrencyConfiguration {

    @Bean
    ShopCurrency shopCurrency(@Value("${eventshop.currency:USD}") String code) {
        return new ShopCurrency(code);
    }

    @Bean
    FixedCurrency fixedCurrency(JdbcTemplate jdbc, ShopCurrency currency) {
        return new FixedCurrency(jdbc, currency);
    }

    @Bean
    ConfigurerModule currencyProcessors() {
        return configurer -> configurer.eventProcessing().registerSubscribingEventProcessor(FixedCurrency.GROUP);
    }
}
