package dev.eventshop.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Tomcat's own error page as a problem: what it refuses before any application sees it, such as a broken request line.
 * Public, since Tomcat makes it by its name.
 */
public final class ProblemReportValve extends ErrorReportValve {

    /** No filter has seen the answer. */
    private static final Map<String, String> HEADERS = Map.of(
            HttpHeaders.CACHE_CONTROL,
            "no-cache",
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY");

    static void install(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
            }
        });
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        HttpStatus known = HttpStatus.resolve(status);
        ProblemException problem = Problems.ofStatus(known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known);
        // No instance: the path may be what is broken. The rest holds constants only, so nothing needs to be escaped.
        String body =
                "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"instance\":null,\"code\":\"%s\"}"
                        .formatted(
                                known == null ? "Error" : known.getReasonPhrase(),
                                status,
                                problem.detail(),
                                problem.code());
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            HEADERS.forEach(response::setHeader);
            response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException | IllegalStateException unsendable) {
            container.getLogger().debug("could not send an error", unsendable);
        }
    }
}
