package dev.eventshop.personaldata.events;

import java.util.Set;

/** Which fields of an event hold personal data. The person is the event's aggregate. */
@FunctionalInterface
public interface PersonalFields {

    /**
     * @param eventType logical name, as it is stored
     * @return names of the fields in the stored form, at its top level and all of them texts; empty for none
     */
    Set<String> of(String eventType);
}
