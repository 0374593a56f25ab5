package dev.eventshop.eventstore;

import java.util.List;

/**
 * Changes payloads on their way into the store, and changes them back on their way out, before upcasters see them: so
 * that some of their data can be stored encrypted. A bean of this type is used where there is one.
 */
public interface PayloadProtection {

    /** Leaves payloads as they are. */
    PayloadProtection NONE = new PayloadProtection() {
        @Override
        public List<NewPayload> conceal(List<NewPayload> payloads) {
            return payloads;
        }

        @Override
        public List<StoredEvent> reveal(List<StoredEvent> page) {
            return page;
        }
    };

    /**
     * Called in the transaction of the append.
     *
     * @return what is stored, as many and in the same order
     */
    List<NewPayload> conceal(List<NewPayload> payloads);

    /** @return what is read, as many and in the same order, with other payloads only */
    List<StoredEvent> reveal(List<StoredEvent> page);
}
