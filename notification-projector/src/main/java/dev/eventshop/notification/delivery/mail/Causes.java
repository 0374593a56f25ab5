package dev.eventshop.notification.delivery.mail;

import jakarta.mail.MessagingException;
import java.util.ArrayList;
import java.util.List;

/** Failures in one line that an operator can read: what was said, without class names and stack traces. */
final class Causes {

    private Causes() {}

    static String describe(Exception failure) {
        List<String> parts = new ArrayList<>();
        Throwable current = failure;
        for (int depth = 0; current != null && depth < 10; depth++) {
            String message = current.getMessage() == null
                    ? current.getClass().getSimpleName()
                    : current.getMessage().lines().findFirst().orElse("").strip();
            if (!message.isEmpty() && parts.stream().noneMatch(part -> part.contains(message))) {
                parts.add(message);
            }
            current = current instanceof MessagingException messaging && messaging.getNextException() != null
                    ? messaging.getNextException()
                    : current.getCause();
        }
        return String.join(": ", parts);
    }
}
