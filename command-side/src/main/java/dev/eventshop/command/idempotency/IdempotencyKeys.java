package dev.eventshop.command.idempotency;

import java.util.Optional;

/** What calls with an idempotency key were answered. One call of all instances with the same key gets its answer in. */
public interface IdempotencyKeys {

    /** @return what the first call with that key asked for and was answered; empty when none was, or it is too long ago */
    Optional<Kept> find(CallKey key);

    /**
     * Keeps the answer in the caller's transaction, if there is one. Waits for nobody.
     *
     * @throws KeyTaken when the key has an answer, or a transaction that is not over has added one; then the caller's
     *     transaction has to be rolled back
     */
    void add(CallKey key, KeptAnswer answer);

    /**
     * @param limit how many at most
     * @return how many calls that are too long ago were removed
     */
    int removeOld(int limit);

    /**
     * @param request hash of what was asked for
     * @param answer  to it
     */
    record Kept(String request, KeptAnswer answer) {}
}
