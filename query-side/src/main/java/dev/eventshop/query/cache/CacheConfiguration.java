package dev.eventshop.query.cache;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheProperties.class)
class CacheConfiguration {

    @Bean
    @Conditional(OnRedis.None.class)
    ViewCaches inThisProcess(CacheProperties properties, MeterRegistry meters) {
        return new ViewCaches() {
            @Override
            public <V> ViewCache<V> of(String name, Class<V> type) {
                return new ViewCache<>(
                        name,
                        new ProcessStore<>(properties, System::nanoTime),
                        properties.ttl(),
                        System::nanoTime,
                        meters);
            }
        };
    }
}
