package dev.eventshop.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller is to the shop. In a token the claim {@value #CLAIM} lists them, in lower case. */
public enum Role {
    /** Orders for themselves, and sees what is theirs. */
    CUSTOMER,
    /** Looks after the catalog, ships, and may do anything with any order. */
    STAFF,
    /** Administers the services, and may do what staff may. */
    OPERATOR;

    static final String CLAIM = "roles";

    /** @return empty for a name of something else, as other applications of the same issuer have */
    static Optional<Role> of(Object name) {
        return Arrays.stream(values()).filter(role -> role.claim().equals(name)).findFirst();
    }

    /** @return the name of the role in a token */
    public String claim() {
        return name().toLowerCase(Locale.ROOT);
    }
}
