package dev.eventshop.benchmarks.stock;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The stock application, in a process of its own. */
@SpringBootApplication
public class StockApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(StockApplication.class)
                .properties("spring.config.name=stock")
                .run(args);
    }
}
