package dev.eventshop.notification;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the notification service; its settings are in {@code notification-projector.yml}. */
@SpringBootApplication
public class NotificationProjectorApplication {

    public static void main(String[] args) {
        builder().run(args);
    }

    /** @return the application, ready to be given further settings and to be run */
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(NotificationProjectorApplication.class)
                .properties("spring.config.name=notification-projector");
    }
}
