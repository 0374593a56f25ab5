package dev.eventshop.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.BindException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.ObjectError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/**
 * Turns whatever goes wrong in a request into a problem of the contract.
 *
 * <p>An id in the path that is no number is the id of nothing, so it is answered with 404, as an unknown one; a query
 * parameter or header of the wrong type is invalid input, 422. What nobody has foreseen is answered with a number that
 * finds it in the log, and nothing else.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    /** Custom editors, since Spring falls back to its lenient ones where a strict converter has refused. */
    @InitBinder
    void readNumbersStrictly(WebDataBinder binder) {
        for (Class<?> type : List.of(int.class, Integer.class, long.class, Long.class)) {
            binder.registerCustomEditor(type, new StrictNumberEditor(type));
        }
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Problem> handle(Exception failure, HttpServletRequest request, HttpServletResponse response) {
        if (isClientGone(failure)) {
            return null;
        }
        if (response.isCommitted()) { // nothing can be said any more, as in the midst of a stream of events
            log.warn("{} {} broke off", request.getMethod(), request.getRequestURI(), failure);
            return null;
        }
        ProblemException problem = problemOf(failure);
        if (problem.status().is5xxServerError() && problem != failure) {
            problem = logged(problem, failure, request.getMethod() + " " + request.getRequestURI());
        }
        HttpHeaders headers = new HttpHeaders();
        if (failure instanceof ErrorResponse known) {
            headers.addAll(known.getHeaders()); // Allow, Accept
        }
        if (problem.retryAfter() != null) {
            headers.set(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(Math.max(1, problem.retryAfter().toSeconds())));
        }
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return ResponseEntity.status(problem.status()).headers(headers).body(problem.problem(request.getRequestURI()));
    }

    /** The client has closed the connection: nobody is left to answer. */
    private static boolean isClientGone(Throwable failure) {
        return failure instanceof AsyncRequestNotUsableException
                || failure.getClass().getSimpleName().equals("ClientAbortException");
    }

    static ProblemException logged(ProblemException problem, Throwable failure, String request) {
        if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE) {
            log.warn("{}: {}: {}", request, problem.code(), failure.toString()); // an outage fails many requests
            return problem;
        }
        String id = UUID.randomUUID().toString();
        log.error("{} failed, error {}", request, id, failure);
        return new ProblemException(
                problem.status(), problem.code(), "Something went wrong; the log knows it as " + id + ".");
    }

    private static ProblemException problemOf(Exception failure) {
        if (failure instanceof HttpMessageNotReadableException unreadable) {
            return unreadable(unreadable);
        }
        if (failure instanceof MethodArgumentTypeMismatchException mismatch) {
            return wrongType(mismatch);
        }
        if (failure instanceof MethodArgumentNotValidException invalid) {
            return Problems.invalid(errorsOf(invalid.getBindingResult(), ""));
        }
        if (failure instanceof HandlerMethodValidationException invalid) {
            return invalid.isForReturnValue()
                    ? Problems.ofStatus(HttpStatus.INTERNAL_SERVER_ERROR)
                    : Problems.invalid(errorsOf(invalid));
        }
        if (failure instanceof BindException invalid) {
            return Problems.invalid(errorsOf(invalid.getBindingResult(), ""));
        }
        if (failure instanceof ConstraintViolationException invalid) {
            return Problems.invalid(invalid.getConstraintViolations().stream()
                    .map(ProblemAdvice::errorOf)
                    .toList());
        }
        if (failure instanceof MissingServletRequestParameterException missing) {
            return Problems.invalid(missing.getParameterName(), "is required");
        }
        if (failure instanceof MissingRequestHeaderException missing) {
            return Problems.invalid(missing.getHeaderName(), "is required");
        }
        ProblemException deliberate = causeOf(failure, ProblemException.class);
        if (deliberate != null) {
            return deliberate;
        }
        if (failure instanceof ErrorResponse response) {
            HttpStatus status = HttpStatus.resolve(response.getStatusCode().value());
            return Problems.ofStatus(status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status);
        }
        if (DatabaseFailures.isUnavailable(failure)) {
            return ProblemException.retryLater(
                    Problems.DATABASE_UNAVAILABLE, "The service can't reach its data at the moment.");
        }
        if (failure instanceof IllegalStateException
                && failure.getClass().getName().equals("org.apache.tomcat.util.http.InvalidParameterException")) {
            return Problems.ofStatus(HttpStatus.BAD_REQUEST);
        }
        return Problems.ofStatus(HttpStatus.INTERNAL_SERVER_ERROR);
    }

    private static ProblemException unreadable(HttpMessageNotReadableException failure) {
        JacksonException binding = causeOf(failure, JacksonException.class);
        if (binding != null) {
            return Problems.invalid(List.of(BindingErrors.of(binding)));
        }
        if (causeOf(failure, IOException.class) != null && causeOf(failure, EOFException.class) == null) {
            return Problems.ofStatus(HttpStatus.BAD_REQUEST);
        }
        return Problems.malformedJson("The body is missing, or null.");
    }

    private static ProblemException wrongType(MethodArgumentTypeMismatchException mismatch) {
        MethodParameter parameter = mismatch.getParameter();
        if (parameter.hasParameterAnnotation(PathVariable.class)) {
            UnknownId unknown = unknownId(parameter);
            return unknown == null
                    ? Problems.ofStatus(HttpStatus.NOT_FOUND)
                    : Problems.notFound(unknown.code(), unknown.detail());
        }
        ProblemException deliberate = causeOf(mismatch, ProblemException.class);
        if (deliberate != null) {
            return deliberate;
        }
        Class<?> type = Objects.requireNonNullElse(mismatch.getRequiredType(), Object.class);
        return Problems.invalid(mismatch.getName(), BindingErrors.expected(type));
    }

    private static @Nullable UnknownId unknownId(MethodParameter parameter) {
        UnknownId ofMethod = parameter.getMethodAnnotation(UnknownId.class);
        return ofMethod != null
                ? ofMethod
                : AnnotatedElementUtils.findMergedAnnotation(parameter.getContainingClass(), UnknownId.class);
    }

    private static List<FieldError> errorsOf(BindingResult result, String prefix) {
        List<FieldError> errors = new ArrayList<>();
        for (ObjectError error : result.getAllErrors()) {
            String field = error instanceof org.springframework.validation.FieldError f ? f.getField() : "$";
            errors.add(new FieldError(prefix + field, message(error.getDefaultMessage())));
        }
        return errors;
    }

    private static List<FieldError> errorsOf(HandlerMethodValidationException invalid) {
        List<FieldError> errors = new ArrayList<>();
        for (ParameterValidationResult result : invalid.getParameterValidationResults()) {
            if (result instanceof ParameterErrors nested) {
                for (ObjectError error : nested.getAllErrors()) {
                    String field = error instanceof org.springframework.validation.FieldError f ? f.getField() : "$";
                    errors.add(new FieldError(field, message(error.getDefaultMessage())));
                }
            } else {
                result.getResolvableErrors()
                        .forEach(error -> errors.add(new FieldError(
                                nameOf(result.getMethodParameter()), message(error.getDefaultMessage()))));
            }
        }
        return errors;
    }

    /** The name that the client knows a parameter by. */
    private static String nameOf(MethodParameter parameter) {
        RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
        if (query != null && !query.name().isEmpty()) {
            return query.name();
        }
        RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
        if (header != null && !header.name().isEmpty()) {
            return header.name();
        }
        return Objects.requireNonNullElse(parameter.getParameterName(), "$");
    }

    private static FieldError errorOf(ConstraintViolation<?> violation) {
        StringBuilder field = new StringBuilder();
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.METHOD || node.getKind() == ElementKind.CONSTRUCTOR) {
                continue;
            }
            field.append(field.isEmpty() ? "" : ".").append(node);
        }
        return new FieldError(field.isEmpty() ? "$" : field.toString(), message(violation.getMessage()));
    }

    private static String message(@Nullable String message) {
        return Objects.requireNonNullElse(message, "is invalid");
    }

    private static <T extends Throwable> @Nullable T causeOf(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 50; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
