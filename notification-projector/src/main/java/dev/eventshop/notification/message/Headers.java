package dev.eventshop.notification.message;

import dev.eventshop.messaging.MessageContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What reactions read of a message besides its body. */
public final class Headers {

    private static final String LOCALE = "axon-metadata-locale";

    /** The languages of the contract. */
    private static final Set<String> LOCALES = Set.of("en", "vi");

    private Headers() {}

    /** @return whether the message is history sent again, which must not lead to an email */
    public static boolean isReplay(MessageContext context) {
        return context.replay();
    }

    /** @return the language of the person's emails, null when the message names none of the contract's */
    public static @Nullable String locale(MessageContext context) {
        Object value = context.headers().get(LOCALE);
        String locale = value == null ? "" : value.toString();
        return LOCALES.contains(locale) ? locale : null;
    }
}
