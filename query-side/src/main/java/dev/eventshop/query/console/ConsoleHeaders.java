package dev.eventshop.query.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.web.header.HeaderWriter;

/**
 * What browsers let the pages do: run their own scripts, and call the services and the issuer. The frame that shows an
 * email has no origin, calls nobody, and loads nothing but its own script.
 */
final class ConsoleHeaders implements HeaderWriter {

    private static final String POLICY = "Content-Security-Policy";
    private static final String FRAMES = "X-Frame-Options";
    private static final String FRAME = "/console/mail.html";

    private static final String FRAME_POLICY = "sandbox allow-scripts; default-src 'none'; script-src 'self';"
            + " style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private final String pagePolicy;

    ConsoleHeaders(ConsoleSettings settings, String importMapHash) {
        String called = settings.origins().isEmpty() ? "" : " " + String.join(" ", settings.origins());
        this.pagePolicy = "default-src 'none'; script-src 'self' '" + importMapHash + "'; style-src 'self';"
                + " img-src 'self' data:; connect-src 'self'" + called + "; frame-src 'self'; base-uri 'none';"
                + " form-action 'none'; frame-ancestors 'none'";
    }

    @Override
    public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
        boolean frame = request.getRequestURI().equals(FRAME);
        response.setHeader(POLICY, frame ? FRAME_POLICY : pagePolicy);
        response.setHeader(FRAMES, frame ? "SAMEORIGIN" : "DENY");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    }
}
