package dev.eventshop.access;

import java.util.Set;

/**
 * Who sent a request, by their token. A controller takes it as a parameter of this type, without an annotation.
 *
 * @param issuer  of the token; subjects of different issuers have nothing to do with each other
 * @param subject what the issuer calls the caller; a person or a program
 * @param roles   empty for somebody who is nothing to the shop
 */
public record Caller(String issuer, String subject, Set<Role> roles) {

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** @return whether the caller has one of the roles, or the rights of one */
    public boolean isOneOf(Set<Role> allowed) {
        return allowed.stream().anyMatch(this::is);
    }

    /** @return whether the caller may do what staff may */
    public boolean isStaff() {
        return is(Role.STAFF);
    }

    private boolean is(Role role) {
        return roles.contains(role) || role == Role.STAFF && roles.contains(Role.OPERATOR);
    }

    /** Without issuer and subject: they may tell who a person is. */
    @Override
    public String toString() {
        return "Caller[roles=" + roles + "]";
    }
}
