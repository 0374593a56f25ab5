package dev.eventshop.access.audit;

import dev.eventshop.web.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Writes an action down before it is done, and how it ended. Comes behind the check of roles. */
final class AuditInterceptor implements HandlerInterceptor {

    private static final String BEGUN = AuditInterceptor.class.getName();
    private static final String ADMINISTRATION = "/api/admin/";
    private static final Set<String> READS =
            Set.of(HttpMethod.GET.name(), HttpMethod.HEAD.name(), HttpMethod.OPTIONS.name());

    private final AuditTrail trail;

    AuditInterceptor(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod endpoint) {
            Audited audited = endpoint.getMethodAnnotation(Audited.class);
            if (audited != null && !audited.onlyWith().isEmpty()) {
                if (isAskedFor(request, audited.onlyWith())) {
                    request.setAttribute(BEGUN, trail.begin(request, wholeTarget(request, audited.onlyWith())));
                }
            } else if (audited != null && isDeclined(request, audited.unlessFalse())) {
                return true;
            } else if (audited != null || isAdministration(request)) {
                request.setAttribute(BEGUN, trail.begin(request, request.getRequestURI()));
            }
        }
        return true;
    }

    /** What was asked for has to be in the entry to its end. */
    private static String wholeTarget(HttpServletRequest request, String parameter) {
        String target = request.getRequestURI() + "?" + request.getQueryString();
        if (target.length() > AuditLog.LONGEST) {
            throw Problems.invalid(
                    parameter, "can be asked for with at most " + AuditLog.LONGEST + " characters of path and query");
        }
        return target;
    }

    /** Whatever the parameter says but no counts as yes: how an endpoint reads it is not known here. */
    private static boolean isAskedFor(HttpServletRequest request, String parameter) {
        return request.getParameterValues(parameter) != null && !isDeclined(request, parameter);
    }

    private static boolean isDeclined(HttpServletRequest request, String parameter) {
        String[] values = parameter.isEmpty() ? null : request.getParameterValues(parameter);
        return values != null && Arrays.stream(values).allMatch("false"::equals);
    }

    private static boolean isAdministration(HttpServletRequest request) {
        return request.getRequestURI().startsWith(ADMINISTRATION) && !READS.contains(request.getMethod());
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (request.getAttribute(BEGUN) instanceof AuditEntry begun) {
            request.removeAttribute(BEGUN);
            trail.end(begun, failure == null ? response.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
    }
}
