package dev.eventshop.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;

/** Writes problems where no controller advice does: in filters. */
public final class ProblemWriter {

    private final HttpJson json;

    ProblemWriter(HttpJson json) {
        this.json = json;
    }

    /** Replaces the answer, unless some of it has been sent already. */
    public void write(ProblemException problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(problem, request.getRequestURI(), response);
    }

    void write(ProblemException problem, String instance, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        byte[] body = json.mapper().writeValueAsBytes(problem.problem(instance));
        response.resetBuffer();
        response.setStatus(problem.status().value());
        if (problem.retryAfter() != null) {
            response.setHeader(
                    HttpHeaders.RETRY_AFTER, Long.toString(problem.retryAfter().toSeconds()));
        }
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
