package dev.eventshop.notification.config;

import dev.eventshop.notification.deadletter.DeadLetterProperties;
import dev.eventshop.notification.delivery.DeliveryProperties;
import dev.eventshop.notification.delivery.MailServerCircuit;
import dev.eventshop.notification.delivery.ledger.LedgerProperties;
import dev.eventshop.notification.delivery.ledger.LedgerSettings;
import dev.eventshop.notification.delivery.ledger.SendLimit;
import dev.eventshop.notification.delivery.mail.MailServerCheck;
import dev.eventshop.notification.delivery.mail.Mailer;
import dev.eventshop.notification.delivery.mail.SmtpMailer;
import dev.eventshop.notification.delivery.template.MailTemplates;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.javamail.JavaMailSenderImpl;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DeliveryProperties.class, LedgerProperties.class, DeadLetterProperties.class})
class NotificationConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    LedgerSettings ledgerSettings(DeliveryProperties properties) {
        return new LedgerSettings(properties.retryFor(), properties.waitForRecipient());
    }

    @Bean
    SendLimit sendLimit(JdbcClient jdbc, DeliveryProperties properties) {
        return new SendLimit(jdbc, properties.sendsPerMinute());
    }

    @Bean
    MailTemplates mailTemplates(@Value("${eventshop.currency:USD}") String currency, DeliveryProperties properties) {
        return new MailTemplates(currency, properties.shopName());
    }

    @Bean
    MailHealthIndicator mailHealthIndicator(JavaMailSenderImpl settings, MailServerCircuit circuit) {
        return new MailHealthIndicator(new MailServerCheck(settings), circuit);
    }

    @Bean
    Mailer mailer(JavaMailSenderImpl settings, DeliveryProperties properties) {
        return new SmtpMailer(settings, properties.from(), properties.sendTimeout());
    }
}
