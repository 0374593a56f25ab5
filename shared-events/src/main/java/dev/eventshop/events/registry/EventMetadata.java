package dev.eventshop.events.registry;

import java.util.Set;

/** Keys of the metadata that events carry besides their fields. All values are text. */
public final class EventMetadata {

    /** Language of the emails to the person the event is about: {@code en} or {@code vi}. Missing means {@code en}. */
    public static final String LOCALE = "locale";

    /** Identifier of the message at the start of the chain that led to this event. */
    public static final String CORRELATION_ID = "correlationId";

    /** Identifier of the message that led to this event directly. */
    public static final String CAUSATION_ID = "causationId";

    /** W3C trace context of the request that led to this event; published as the header {@code traceparent}. */
    public static final String TRACE_PARENT = "traceparent";

    /** Why a stock changed, as the person who changed it put it; missing when no reason was given. */
    public static final String REASON = "reason";

    /** Number of the order a stock was reserved or released for; missing on other changes. */
    public static final String ORDER_ID = "orderId";

    /** The keys that leave the system with a published message; all others stay in the event store. */
    public static final Set<String> PUBLISHED = Set.of(LOCALE, CORRELATION_ID, CAUSATION_ID);

    private EventMetadata() {}
}
