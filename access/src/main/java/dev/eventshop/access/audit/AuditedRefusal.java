package dev.eventshop.access.audit;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** A refusal that does not look like one: what is somebody else's is answered as if it were not there. */
public final class AuditedRefusal {

    private static final String ATTRIBUTE = AuditedRefusal.class.getName();

    private AuditedRefusal() {}

    /** Says that the request which the current thread works on asked for what is not the caller's. */
    public static void mark() {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        if (request != null) {
            request.setAttribute(ATTRIBUTE, true, RequestAttributes.SCOPE_REQUEST);
        }
    }

    static boolean isMarked(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }
}
