package dev.eventshop.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers what went wrong outside of controllers, in place of the container's error page. */
@Controller
class ProblemErrorController implements ErrorController {

    private final HttpJson json;

    ProblemErrorController(HttpJson json) {
        this.json = json;
    }

    @RequestMapping("${spring.web.error.path:${error.path:/error}}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpStatus status = HttpStatus.NOT_FOUND; // somebody has asked for the path itself
        String instance = request.getRequestURI();
        if (request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code) {
            HttpStatus known = HttpStatus.resolve(code);
            status = known == null || !known.isError() ? HttpStatus.INTERNAL_SERVER_ERROR : known;
        }
        if (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri) {
            instance = uri;
        }
        ProblemException problem = Problems.ofStatus(status);
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure) {
            problem = failure instanceof ProblemException deliberate
                    ? deliberate
                    : DatabaseFailures.isUnavailable(failure)
                            ? ProblemException.retryLater(
                                    Problems.DATABASE_UNAVAILABLE, "The service can't reach its data at the moment.")
                            : problem;
            if (problem.status().is5xxServerError() && problem != failure) {
                problem = ProblemAdvice.logged(problem, failure, request.getMethod() + " " + instance);
            }
        }
        new ProblemWriter(json).write(problem, instance, response);
    }
}
