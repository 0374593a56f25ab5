package dev.eventshop.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets a request through to an endpoint that its caller may call, before its body is read. */
final class AccessInterceptor implements HandlerInterceptor {

    private static final Set<String> READS =
            Set.of(HttpMethod.GET.name(), HttpMethod.HEAD.name(), HttpMethod.OPTIONS.name());

    private final AccessRules rules;
    private final WriteLimits limits;

    AccessInterceptor(AccessRules rules, WriteLimits limits) {
        this.rules = rules;
        this.limits = limits;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        Caller caller = Callers.current();
        Callers.remember(request, caller);
        if (request.getMethod().equals(HttpMethod.OPTIONS.name())) {
            return true; // tells methods only
        }
        rules.check(
                caller,
                handler instanceof HandlerMethod endpoint ? AccessRules.allowed(endpoint.getMethod()) : Set.of());
        if (!READS.contains(request.getMethod())) {
            limits.take(caller);
        }
        return true;
    }
}
