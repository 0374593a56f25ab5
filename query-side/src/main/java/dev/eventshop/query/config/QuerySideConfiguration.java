package dev.eventshop.query.config;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import java.time.Clock;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Eventshop: query side",
                        version = "1",
                        description = "Products, orders, users and statistics as they are, and how they are kept so"))
class QuerySideConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Declared here because Axon 4.13.0 looks for Boot 3's transaction auto-configuration and else takes none. */
    @Bean
    TransactionManager axonTransactionManager(PlatformTransactionManager transactionManager) {
        return new SpringTransactionManager(transactionManager);
    }
}
