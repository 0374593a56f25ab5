package dev.eventshop.query.stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamProperties.class)
class StreamConfiguration {

    @Bean
    Streams streams(StreamProperties properties, Clock clock, MeterRegistry meters) {
        Streams streams = new Streams(properties, clock);
        Gauge.builder("eventshop.streams", streams, Streams::size)
                .description("Open streams of server-sent events")
                .register(meters);
        return streams;
    }
}
