package dev.eventshop.query.projection;

import java.util.Locale;

/**
 * One of the two sets of tables that each projection has. Readers see the live one through a view; the other is for a
 * rebuild beside it.
 */
public enum Slot {
    A,
    B;

    /** @return the name of that table in this slot, for example {@code order_summary_a} */
    public String table(String name) {
        return name + "_" + letter();
    }

    /** @return as it stands in the database */
    public String letter() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the one that is not this */
    public Slot other() {
        return this == A ? B : A;
    }

    static Slot of(String letter) {
        return valueOf(letter.toUpperCase(Locale.ROOT));
    }
}
