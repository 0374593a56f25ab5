package dev.eventshop.command.http;

import dev.eventshop.access.Caller;
import dev.eventshop.access.Callers;
import dev.eventshop.command.idempotency.CallKey;
import dev.eventshop.command.idempotency.IdempotencyKeys;
import dev.eventshop.command.idempotency.IdempotencyProperties;
import dev.eventshop.command.idempotency.KeptAnswer;
import dev.eventshop.command.idempotency.OneAtATime;
import dev.eventshop.web.HttpJson;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Gives calls with the same {@code Idempotency-Key} one effect and one answer.
 *
 * <p>A success is kept in the transaction of its events, so there is none without the other. A refusal by the state of
 * the shop, which has no effect, is kept after it. Everything else is not: the call was not carried out, and the same key
 * may be tried again.
 */
@Component
public final class IdempotentCalls {

    static final String HEADER = "Idempotency-Key";

    /** What the state of the shop says no with; all else is about the form, the caller, or the service. */
    private static final Set<HttpStatus> REFUSALS = Set.of(
            HttpStatus.NOT_FOUND,
            HttpStatus.CONFLICT,
            HttpStatus.PRECONDITION_FAILED,
            HttpStatus.UNPROCESSABLE_CONTENT);

    private final IdempotencyKeys keys;
    private final OneAtATime calls;
    private final IdempotencyProperties properties;
    private final HttpJson json;
    private final HttpServletRequest request;
    private final Counter repeated;

    /** @param request stands for the one that the calling thread works on */
    IdempotentCalls(
            IdempotencyKeys keys,
            OneAtATime calls,
            IdempotencyProperties properties,
            HttpJson json,
            HttpServletRequest request,
            MeterRegistry meters) {
        this.keys = keys;
        this.calls = calls;
        this.properties = properties;
        this.json = json;
        this.request = request;
        this.repeated = meters.counter("eventshop.idempotency.repeated");
    }

    /**
     * @param type    of the answer's body
     * @param body    of the request; null for none
     * @param perform carries the call out, and lets it have its answer before the commit
     */
    public <T> ResponseEntity<T> once(
            Class<T> type, @Nullable Object body, Function<Consumer<ResponseEntity<T>>, ResponseEntity<T>> perform) {
        List<String> headers = Collections.list(request.getHeaders(HEADER));
        if (headers.isEmpty()) {
            return perform.apply(answer -> {});
        }
        CallKey key = key(headers, body);
        Supplier<Optional<Supplier<ResponseEntity<T>>>> known =
                () -> keys.find(key).map(kept -> {
                    repeated.increment();
                    return () -> repeated(kept, key, type);
                });
        Supplier<Supplier<ResponseEntity<T>>> first = () -> {
            ResponseEntity<T> answer = keepingRefusals(key, () -> perform.apply(done -> keys.add(key, kept(done))));
            return () -> answer;
        };
        return calls.answer(key, known, first)
                .orElseThrow(() -> Problems.unavailable(
                        "IDEMPOTENCY_KEY_IN_USE", "The first call with this Idempotency-Key is still running."))
                .get();
    }

    private CallKey key(List<String> headers, @Nullable Object body) {
        String key = headers.get(0);
        if (headers.size() > 1) {
            throw Problems.invalid(HEADER, "must be there once");
        }
        if (key.isEmpty() || key.length() > properties.keyLength()) {
            throw Problems.invalid(HEADER, "must have 1 to " + properties.keyLength() + " characters");
        }
        if (!key.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw Problems.invalid(HEADER, "must be of printable ASCII characters, without spaces");
        }
        Caller caller = Callers.current();
        List<String> conditions = Collections.list(request.getHeaders(HttpHeaders.IF_MATCH));
        return CallKey.of(
                caller.issuer(),
                caller.subject(),
                route(),
                key,
                conditions.isEmpty() ? null : String.join(",", conditions),
                body == null ? new byte[0] : json.mapper().writeValueAsBytes(body));
    }

    private String route() {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        Map<?, ?> ids = variables instanceof Map<?, ?> map ? new TreeMap<>(map) : Map.of();
        return request.getMethod() + " " + pattern + " " + ids;
    }

    private <T> ResponseEntity<T> repeated(IdempotencyKeys.Kept kept, CallKey key, Class<T> type) {
        if (!kept.request().equals(key.request())) {
            throw Problems.unprocessable(
                    "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key belongs to a call that asked for something else.");
        }
        KeptAnswer answer = kept.answer();
        HttpStatus status = HttpStatus.valueOf(answer.status());
        if (status.isError()) {
            Refusal refusal = json.mapper().readValue(answer.body(), Refusal.class);
            throw new ProblemException(status, refusal.code(), refusal.detail());
        }
        ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
        if (answer.location() != null) {
            response.location(URI.create(answer.location()));
        }
        if (answer.eTag() != null) {
            response.eTag(answer.eTag());
        }
        if (answer.position() != null) {
            response.header(Answers.EVENT_POSITION, answer.position());
        }
        return answer.body() == null
                ? response.build()
                : response.body(json.mapper().readValue(answer.body(), type));
    }

    private KeptAnswer kept(ResponseEntity<?> answer) {
        HttpHeaders headers = answer.getHeaders();
        return new KeptAnswer(
                answer.getStatusCode().value(),
                headers.getFirst(HttpHeaders.LOCATION),
                headers.getFirst(HttpHeaders.ETAG),
                headers.getFirst(Answers.EVENT_POSITION),
                answer.hasBody() ? json.mapper().writeValueAsString(answer.getBody()) : null);
    }

    private <R> R keepingRefusals(CallKey key, Supplier<R> call) {
        try {
            return call.get();
        } catch (ProblemException problem) {
            if (REFUSALS.contains(problem.status()) && problem.errors() == null) {
                String body = json.mapper().writeValueAsString(new Refusal(problem.code(), problem.detail()));
                keys.add(key, new KeptAnswer(problem.status().value(), null, null, null, body));
            }
            throw problem;
        }
    }

    private record Refusal(String code, String detail) {}
}
