package dev.eventshop.faults;

import java.util.Random;

/**
 * Something that goes wrong, and is mended.
 *
 * @param commandsGoOn whether each command has to be answered at the first try meanwhile
 * @param tapped       whether every message has to come to the exchange's tap; otherwise the tap is away, since it would
 *                     hide that another queue gets nothing
 * @param action       what goes wrong; returns when it is mended
 */
record Fault(String name, boolean commandsGoOn, boolean tapped, Action action) {

    @FunctionalInterface
    interface Action {
        void inject(World world, Random random) throws Exception;
    }

    /** One that commands must not notice. */
    static Fault unnoticed(String name, Action action) {
        return new Fault(name, true, true, action);
    }

    /** One that customers see: as 503, or as no answer. */
    static Fault noticed(String name, Action action) {
        return new Fault(name, false, true, action);
    }
}
