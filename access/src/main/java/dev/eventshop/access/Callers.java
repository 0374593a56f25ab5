package dev.eventshop.access;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Finds the caller of the request that the current thread works on. */
public final class Callers {

    private static final String ATTRIBUTE = Caller.class.getName();

    private Callers() {}

    /** @throws IllegalStateException on a thread that works on no request, or one without a token */
    public static Caller current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof JwtAuthenticationToken token) {
            return of(token.getToken());
        }
        throw new IllegalStateException("no caller is known here");
    }

    /** @return whose request it is, also when it is over; empty when it was refused before an endpoint was found */
    public static Optional<Caller> of(HttpServletRequest request) {
        return Optional.ofNullable((Caller) request.getAttribute(ATTRIBUTE));
    }

    static void remember(HttpServletRequest request, Caller caller) {
        request.setAttribute(ATTRIBUTE, caller);
    }

    /**
     * @return when the token of the request that the current thread works on expires
     * @throws IllegalStateException on a thread that works on no request, or one without a token
     */
    public static Instant validUntil() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof JwtAuthenticationToken token) {
            return Objects.requireNonNull(token.getToken().getExpiresAt()); // tokens without are refused
        }
        throw new IllegalStateException("no caller is known here");
    }

    static Caller of(Jwt token) {
        return new Caller(
                token.getClaimAsString("iss"), // may be any text
                Objects.requireNonNull(token.getSubject()),
                roles(token.getClaim(Role.CLAIM)).stream()
                        .map(Role::of)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet()));
    }

    /** Anything but a list of names means none. */
    private static Collection<?> roles(Object claim) {
        return claim instanceof Collection<?> names ? names : List.of();
    }
}
