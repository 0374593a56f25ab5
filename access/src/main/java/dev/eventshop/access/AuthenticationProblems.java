package dev.eventshop.access;

import dev.eventshop.web.ProblemException;
import dev.eventshop.web.ProblemWriter;
import dev.eventshop.web.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;

/** Says as the contract does why a request gets no further than Spring Security's filters. */
final class AuthenticationProblems implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

    static final String UNAUTHENTICATED = "UNAUTHENTICATED";
    static final ProblemException ORIGIN_REFUSED = new ProblemException(
            HttpStatus.FORBIDDEN, "ORIGIN_REFUSED", "Pages of that origin may not call the service.");

    static final String ISSUER_UNAVAILABLE = "ISSUER_UNAVAILABLE";

    private static final Logger log = LoggerFactory.getLogger(AuthenticationProblems.class);

    private final ProblemWriter problems;

    AuthenticationProblems(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (failure instanceof AuthenticationServiceException) {
            log.warn("Tokens can't be checked: {}", failure.getMessage());
            problems.write(
                    Problems.unavailable(ISSUER_UNAVAILABLE, "Tokens can't be checked at the moment."),
                    request,
                    response);
            return;
        }
        boolean invalid = failure instanceof OAuth2AuthenticationException;
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, invalid ? "Bearer error=\"invalid_token\"" : "Bearer");
        problems.write(
                new ProblemException(
                        HttpStatus.UNAUTHORIZED,
                        UNAUTHENTICATED,
                        invalid
                                ? "The token is not valid here, or not at this time."
                                : "A token is needed: Authorization: Bearer <token>."),
                request,
                response);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        problems.write(AccessRules.forbidden(), request, response);
    }

    /** Lets pages of some origins in, and says to others in the form of the contract that they are not allowed. */
    CorsFilter answering(CorsConfigurationSource origins) {
        CorsFilter filter = new CorsFilter(origins);
        filter.setCorsProcessor(new DefaultCorsProcessor() {
            @Override
            public boolean processRequest(
                    @Nullable CorsConfiguration configuration, HttpServletRequest request, HttpServletResponse response)
                    throws IOException {
                boolean allowed = super.processRequest(configuration, request, response);
                if (!allowed) {
                    problems.write(ORIGIN_REFUSED, request, response);
                }
                return allowed;
            }

            @Override
            protected void rejectRequest(ServerHttpResponse response) {
                // answered above
            }
        });
        return filter;
    }

    /** What Spring Security's firewall finds suspicious: a path or header that no honest client sends. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException rejected)
            throws IOException {
        problems.write(Problems.malformedRequest(), request, response);
    }
}
