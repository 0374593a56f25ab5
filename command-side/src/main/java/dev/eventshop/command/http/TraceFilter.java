package dev.eventshop.command.http;

import dev.eventshop.messaging.LoggedTrace;
import dev.eventshop.messaging.TraceParent;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Each request is a span of a trace, that of its caller or a new one; its lines of the log name it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TraceFilter extends OncePerRequestFilter {

    private static final String SPAN = TraceFilter.class.getName();

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        LoggedTrace trace = LoggedTrace.of(TraceParent.traceId(span(request)));
        try (trace) {
            chain.doFilter(request, response);
        }
    }

    /** @return the span of the request, as in the header {@code traceparent}; always the same one */
    static String span(HttpServletRequest request) {
        if (request.getAttribute(SPAN) instanceof String known) {
            return known;
        }
        String span = TraceParent.continuing(request.getHeader(TraceParent.HEADER));
        request.setAttribute(SPAN, span);
        return span;
    }
}
