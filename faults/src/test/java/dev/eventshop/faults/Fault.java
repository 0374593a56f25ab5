package dev.eventshop.faults;

import java.util.Random;

/**
 * Something that goes wrong, and is mended.
 *
 * @param commandsGoOn whether each command has to be answered at the first try meanwhile
 * @param tapped       whether every message has to come to the exchange's tap; otherwise the tap is away, since it would
 *                     hide that another queue gets nothing
 * @param uncertain    how many emails a run may leave {@code UNCERTAIN}, at most
 * @param needs        what it can't be injected without, and is not there; empty when all is
 * @param action       what goes wrong; returns when it is mended
 */
record Fault(String name, boolean commandsGoOn, boolean tapped, int uncertain, String needs, Action action) {

    /**
     * Emails that one instance of the notification projector has in hand at the same time: one for each of its workers.
     * When it dies, or can't write down what became of them, nobody knows.
     */
    static final int IN_HAND = 4;

    @FunctionalInterface
    interface Action {
        void inject(World world, Random random) throws Exception;
    }

    /** One that commands must not notice. */
    static Fault unnoticed(String name, Action action) {
        return new Fault(name, true, true, 0, "", action);
    }

    /** One that customers see: as 503, or as no answer. */
    static Fault noticed(String name, Action action) {
        return new Fault(name, false, true, 0, "", action);
    }

    Fault noticed() {
        return new Fault(name, false, tapped, uncertain, needs, action);
    }

    /** One that is examined without the tap. */
    Fault untapped() {
        return new Fault(name, commandsGoOn, false, uncertain, needs, action);
    }

    /** One that may leave so many emails {@code UNCERTAIN} in a run. */
    Fault uncertain(int atMost) {
        return new Fault(name, commandsGoOn, tapped, atMost, needs, action);
    }

    /** One that is left out where something is missing. */
    Fault needing(String what, boolean isThere) {
        return isThere ? this : new Fault(name, commandsGoOn, tapped, uncertain, what, action);
    }

    boolean isLeftOut() {
        return !needs.isEmpty();
    }

    /** @return whether a message that was handled once stays handled: neither the consumer nor its database breaks */
    boolean sparesConsumers() {
        return uncertain == 0;
    }
}
