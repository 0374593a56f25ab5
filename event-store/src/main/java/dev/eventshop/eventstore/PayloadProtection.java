package dev.eventshop.eventstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
        public List<Revealed> revealEach(List<StoredEvent> page) {
            return page.stream().map(Revealed::of).toList();
        }
    };

    /**
     * Called in the transaction of the append.
     *
     * @return what is stored, as many and in the same order
     */
    List<NewPayload> conceal(List<NewPayload> payloads);

    /**
     * @return what is read, as many and in the same order, with other payloads only
     * @throws RuntimeException when that does not depend on one of the events: the database is away, or a master key missing
     */
    List<Revealed> revealEach(List<StoredEvent> page);

    /**
     * @return what is read, as many and in the same order, with other payloads only
     * @throws RuntimeException also when one of the events can't be read
     */
    default List<StoredEvent> reveal(List<StoredEvent> page) {
        return revealEach(page).stream().map(Revealed::orThrow).toList();
    }

    /**
     * An event on its way out.
     *
     * @param event   as it is read; as it was stored when it can't be
     * @param failure why it can't be read; null when it can
     */
    record Revealed(StoredEvent event, @Nullable RuntimeException failure) {

        public static Revealed of(StoredEvent event) {
            return new Revealed(event, null);
        }

        StoredEvent orThrow() {
            if (failure != null) {
                throw failure;
            }
            return event;
        }
    }
}
