package dev.eventshop.web;

import java.util.List;
import org.springframework.http.HttpStatus;

/** The problems that every service can answer with. */
public final class Problems {

    /** 400: the body is no JSON text: broken, empty, more than one value, a name twice, nested too deeply. */
    public static final String MALFORMED_JSON = "MALFORMED_JSON";

    /** 400: the body is not UTF-8. */
    public static final String NOT_UTF8 = "NOT_UTF8";

    /** 400: not even HTTP. */
    public static final String MALFORMED_REQUEST = "MALFORMED_REQUEST";

    /** 404: there is nothing at that path. */
    public static final String NOT_FOUND = "NOT_FOUND";

    /** 405. */
    public static final String METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED";

    /** 406. */
    public static final String NOT_ACCEPTABLE = "NOT_ACCEPTABLE";

    /** 413: the body is larger than {@code eventshop.web.max-body-size}. */
    public static final String BODY_TOO_LARGE = "BODY_TOO_LARGE";

    /** 415: the body's media type is not JSON. */
    public static final String UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE";

    /** 422: {@code errors} tells which fields are wrong. */
    public static final String INVALID_REQUEST = "INVALID_REQUEST";

    /** 503: PostgreSQL does not answer, or not in time. */
    public static final String DATABASE_UNAVAILABLE = "DATABASE_UNAVAILABLE";

    /** 503: the answer took too long. */
    public static final String TIMEOUT = "TIMEOUT";

    /** 500: a defect; the detail names the line in the log. */
    public static final String INTERNAL_ERROR = "INTERNAL_ERROR";

    static final String INVALID = "The request has invalid fields.";

    private Problems() {}

    /** 422 with the fields that are wrong. */
    public static ProblemException invalid(List<FieldError> errors) {
        return new ProblemException(HttpStatus.UNPROCESSABLE_CONTENT, INVALID_REQUEST, INVALID, errors, null);
    }

    /** 422 with the one field that is wrong. */
    public static ProblemException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    /** @param code for example {@code PRODUCT_NOT_FOUND} */
    public static ProblemException notFound(String code, String detail) {
        return new ProblemException(HttpStatus.NOT_FOUND, code, detail);
    }

    public static ProblemException conflict(String code, String detail) {
        return new ProblemException(HttpStatus.CONFLICT, code, detail);
    }

    /** 422 for what is wrong in view of the current state, not in the form. */
    public static ProblemException unprocessable(String code, String detail) {
        return new ProblemException(HttpStatus.UNPROCESSABLE_CONTENT, code, detail);
    }

    /** 503 with {@code Retry-After}. */
    public static ProblemException unavailable(String code, String detail) {
        return ProblemException.retryLater(code, detail);
    }

    /** 400 for what is no request that a client of HTTP would send. */
    public static ProblemException malformedRequest() {
        return ofStatus(HttpStatus.BAD_REQUEST);
    }

    static ProblemException malformedJson(String detail) {
        return new ProblemException(HttpStatus.BAD_REQUEST, MALFORMED_JSON, detail);
    }

    static ProblemException notUtf8() {
        return new ProblemException(HttpStatus.BAD_REQUEST, NOT_UTF8, "The body is not UTF-8.");
    }

    static ProblemException bodyTooLarge(long limit) {
        return new ProblemException(
                HttpStatus.CONTENT_TOO_LARGE, BODY_TOO_LARGE, "The body is larger than " + limit + " bytes.");
    }

    /** What is to say about a status that something other than our own code has chosen. */
    static ProblemException ofStatus(HttpStatus status) {
        return switch (status) {
            case BAD_REQUEST -> new ProblemException(status, MALFORMED_REQUEST, "The request is malformed.");
            case NOT_FOUND -> new ProblemException(status, NOT_FOUND, "There is nothing at this path.");
            case METHOD_NOT_ALLOWED ->
                new ProblemException(status, METHOD_NOT_ALLOWED, "The path does not support this method.");
            case NOT_ACCEPTABLE ->
                new ProblemException(
                        status, NOT_ACCEPTABLE, "The answer is not available in the accepted media types.");
            case CONTENT_TOO_LARGE -> new ProblemException(status, BODY_TOO_LARGE, "The body is too large.");
            case UNSUPPORTED_MEDIA_TYPE ->
                new ProblemException(status, UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.");
            case SERVICE_UNAVAILABLE -> ProblemException.retryLater(TIMEOUT, "The service can't answer at the moment.");
            case INTERNAL_SERVER_ERROR -> new ProblemException(status, INTERNAL_ERROR, "Something went wrong.");
            default -> new ProblemException(status, status.name(), status.getReasonPhrase() + ".");
        };
    }
}
