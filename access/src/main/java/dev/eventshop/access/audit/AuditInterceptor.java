package dev.eventshop.access.audit;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
        if (isAudited(request, handler)) {
            request.setAttribute(BEGUN, trail.begin(request));
        }
        return true;
    }

    private static boolean isAudited(HttpServletRequest request, Object handler) {
        return handler instanceof HandlerMethod endpoint
                && (endpoint.hasMethodAnnotation(Audited.class)
                        || request.getRequestURI().startsWith(ADMINISTRATION) && !READS.contains(request.getMethod()));
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
