package dev.eventshop.notification.deadletter;

import java.util.Map;

/** What others have to do with the messages that could not be handled. */
public interface DeadLetters {

    /**
     * Forgets what messages say of a person, in the running transaction: those that name the person, and those that name
     * nobody and may be about anybody. That they were there, and with what error, stays.
     */
    void erase(int userId);

    /** @return how many of each queue wait for an operator, or to be sent back; queues without any are left out */
    Map<String, Long> byQueue();
}
