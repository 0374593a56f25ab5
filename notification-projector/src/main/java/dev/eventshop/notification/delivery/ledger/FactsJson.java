package dev.eventshop.notification.delivery.ledger;

import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Facts to JSON and back; the kind of the row says which record to read, never the JSON itself. */
final class FactsJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private FactsJson() {}

    static String write(Facts facts) {
        return MAPPER.writeValueAsString(facts);
    }

    static Facts read(NotificationKind kind, String json) {
        Class<? extends Facts> record = switch (kind) {
            case WELCOME -> Facts.Welcome.class;
            case ORDER_CONFIRMATION -> Facts.Confirmation.class;
            case ORDER_STATUS -> Facts.StatusChange.class;
            case ORDER_COMPLETED -> Facts.Completion.class;
            case ORDER_CANCELLED -> Facts.Cancellation.class;
        };
        return MAPPER.readValue(json, record);
    }
}
