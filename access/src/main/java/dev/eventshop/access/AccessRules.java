package dev.eventshop.access;

import dev.eventshop.web.ProblemException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.http.HttpStatus;

/**
 * Decides by {@link AllowedTo}: nobody may what nothing allows. It is asked twice for a request: before its body is read,
 * and when the command is sent or the query is answered.
 */
public final class AccessRules {

    /** 403: the caller's roles don't allow it. */
    public static final String FORBIDDEN = "FORBIDDEN";

    /**
     * @param message a command or query
     * @throws ProblemException 403 when the caller may not send it
     */
    public void check(Object message) {
        check(Callers.current(), allowed(message.getClass()));
    }

    void check(Caller caller, Set<Role> allowed) {
        if (!caller.isOneOf(allowed)) {
            throw forbidden();
        }
    }

    static ProblemException forbidden() {
        return new ProblemException(HttpStatus.FORBIDDEN, FORBIDDEN, "Your roles don't allow that.");
    }

    /** @return the roles that may call an endpoint; empty when it says nothing */
    public static Set<Role> allowed(Method endpoint) {
        Performs performs = endpoint.getAnnotation(Performs.class);
        return allowed(performs == null ? endpoint : performs.value());
    }

    private static Set<Role> allowed(AnnotatedElement element) {
        AllowedTo allowed = element.getAnnotation(AllowedTo.class);
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        if (allowed != null) {
            roles.addAll(Arrays.asList(allowed.value()));
        }
        return roles;
    }
}
