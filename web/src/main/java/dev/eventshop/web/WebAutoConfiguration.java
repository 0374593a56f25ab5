package dev.eventshop.web;

import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Makes a service's HTTP interface keep the contract. The defaults of its properties are in {@link WebDefaults}. */
@AutoConfiguration(before = ErrorMvcAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(WebProperties.class)
@Import(OpenApiConfiguration.class)
public class WebAutoConfiguration {

    /** For services that have tables. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(FlywayMigrationStrategy.class)
    static class Migrations {

        @Bean
        @ConditionalOnMissingBean
        FlywayMigrationStrategy patientMigration() {
            return new PatientMigration(PatientMigration.PATIENCE, PatientMigration.PAUSE);
        }
    }

    @Bean
    HttpJson httpJson() {
        return new HttpJson();
    }

    @Bean
    ProblemWriter problemWriter(HttpJson json) {
        return new ProblemWriter(json);
    }

    @Bean
    ProblemAdvice problemAdvice() {
        return new ProblemAdvice();
    }

    @Bean
    StrictBodies strictBodies(HttpJson json) {
        return new StrictBodies(json);
    }

    @Bean
    ErrorController problemErrorController(HttpJson json) {
        return new ProblemErrorController(json);
    }

    @Bean
    FilterRegistrationBean<RequestGuardFilter> requestGuardFilter(WebProperties properties, ProblemWriter problems) {
        FilterRegistrationBean<RequestGuardFilter> registration = new FilterRegistrationBean<>(
                new RequestGuardFilter(properties.maxBodySize().toBytes(), problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReportCustomizer() {
        return ProblemReportValve::install;
    }

    @Bean
    static DegradingHealth degradingHealth() {
        return new DegradingHealth();
    }

    @Bean
    WebMvcConfigurer eventshopWebMvcConfigurer(HttpJson json, WebProperties properties) {
        return new WebMvcConfigurer() {

            @Override
            public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
                builder.withJsonConverter(new JacksonJsonHttpMessageConverter(json.mapper()));
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new AnswerableWrites());
            }

            @Override
            public void addFormatters(FormatterRegistry registry) {
                registry.addConverter(new InstantConverter());
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new WebArguments(properties.maxPageSize()));
            }
        };
    }
}
