package dev.eventshop.access.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.api.Location;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Lets a service that has a database keep an audit in it, in a table that its own migrations make. */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@ConditionalOnClass({JdbcTemplate.class, FlywayConfigurationCustomizer.class})
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties(AuditProperties.class)
public class AuditAutoConfiguration {

    private static final Location TABLES = Location.fromPath("classpath:", "db/audit-service");

    /** Behind the guard of requests, before Spring Security, whose refusals it sees. */
    private static final int BEFORE_SECURITY = -150;

    @Bean
    AuditLog auditLog(DataSource dataSource) {
        return new AuditLog(new JdbcTemplate(dataSource));
    }

    @Bean
    AuditTrail auditTrail(AuditLog log, AuditProperties properties, ObjectProvider<CallerNames> names) {
        return new AuditTrail(log, properties, names);
    }

    @Bean
    AuditController auditController(AuditLog log) {
        return new AuditController(log);
    }

    @Bean
    AuditCleanUp auditCleanUp(AuditLog log, AuditProperties properties) {
        return new AuditCleanUp(log, properties.keepAddresses(), properties.keep());
    }

    @Bean
    FilterRegistrationBean<RefusalFilter> refusalFilter(AuditTrail trail) {
        FilterRegistrationBean<RefusalFilter> filter = new FilterRegistrationBean<>(new RefusalFilter(trail));
        filter.setOrder(BEFORE_SECURITY);
        return filter;
    }

    @Bean
    WebMvcConfigurer auditWebMvcConfigurer(AuditTrail trail) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new AuditInterceptor(trail)).order(Ordered.HIGHEST_PRECEDENCE + 1);
            }
        };
    }

    /** Adds the audit's table to the service's own migrations. */
    @Bean
    FlywayConfigurationCustomizer auditTable(ObjectProvider<JdbcConnectionDetails> connection) {
        return flyway -> {
            List<Location> locations = List.of(flyway.getLocations());
            if (!locations.contains(TABLES)) {
                flyway.locations(
                        Stream.concat(locations.stream(), Stream.of(TABLES)).toArray(Location[]::new));
            }
            String role = connection.stream()
                    .map(JdbcConnectionDetails::getUsername)
                    .findFirst()
                    .orElse("");
            Map<String, String> placeholders = new HashMap<>(flyway.getPlaceholders());
            placeholders.putIfAbsent("audit-service-role", role == null ? "" : role);
            flyway.placeholders(placeholders);
        };
    }
}
