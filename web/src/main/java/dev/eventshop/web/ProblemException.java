package dev.eventshop.web;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Ends a request with a problem of the contract. Thrown for a client's sake, not for the log's: it has no stack trace.
 *
 * <p>Code and detail reach the client as they are, so neither may name a class, a table or a host.
 */
public final class ProblemException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String code;
    private final transient @Nullable List<FieldError> errors;
    private final @Nullable Duration retryAfter;

    /** @param code stable name of the reason in upper snake case, for example {@code PRODUCT_NOT_FOUND} */
    public ProblemException(HttpStatus status, String code, String detail) {
        this(status, code, detail, null, null);
    }

    /**
     * @param errors     the fields that are wrong, null for none
     * @param retryAfter when a repetition may succeed, in whole seconds, at least one; null when that is unknown
     */
    public ProblemException(
            HttpStatus status,
            String code,
            String detail,
            @Nullable List<FieldError> errors,
            @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.errors = errors == null ? null : List.copyOf(errors);
        this.retryAfter = retryAfter;
    }

    /** Something that the answer needs is missing at the moment: 503, with 1 to 5 seconds until the next attempt. */
    public static ProblemException retryLater(String code, String detail) {
        // spread, so that the refused clients don't come back together
        Duration pause = Duration.ofSeconds(ThreadLocalRandom.current().nextInt(1, 6));
        return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, code, detail, null, pause);
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** @return what the client is told, never null */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** @return the fields that are wrong; null unless the input is invalid */
    public @Nullable List<FieldError> errors() {
        return errors;
    }

    /** @return null when it is unknown whether a repetition can help */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    Problem problem(@Nullable String instance) {
        return Problem.of(status.value(), code, detail(), instance, errors);
    }
}
