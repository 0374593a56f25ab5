package dev.eventshop.command.config;

import dev.eventshop.command.http.InputLimits;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InputLimits.class)
class WebConfiguration {}
