package dev.eventshop.access.recent;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Lets a service that has a database keep samples of its meters. */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@ConditionalOnClass(DataSource.class)
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties(RecentMetricsProperties.class)
public class RecentMetricsAutoConfiguration {

    @Bean
    RecentMetrics recentMetrics(ObjectProvider<MeterRegistry> registry, RecentMetricsProperties properties) {
        return new RecentMetrics(registry.getIfAvailable(SimpleMeterRegistry::new), properties, Clock.systemUTC());
    }

    @Bean
    RecentMetricsController recentMetricsController(RecentMetrics metrics) {
        return new RecentMetricsController(metrics);
    }
}
