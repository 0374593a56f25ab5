package dev.eventshop.eventstore;

/**
 * The payload of an event that is about to be stored.
 *
 * @param aggregateId carries its type, for example {@code user-17}
 * @param type        logical name of the event
 * @param json        what is stored
 */
public record NewPayload(String aggregateId, String type, String json) {

    public NewPayload with(String otherJson) {
        return new NewPayload(aggregateId, type, otherJson);
    }
}
