package dev.eventshop.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Body of every error, {@code application/problem+json} (RFC 9457).
 *
 * @param type     always {@code about:blank}: {@code code} tells the kinds apart
 * @param title    the status in words
 * @param status   HTTP status
 * @param detail   what happened, for a person; may change
 * @param instance path of the request
 * @param code     what happened, for a program; stable
 * @param errors   the fields that are wrong; null unless the input is invalid
 */
public record Problem(
        @Schema(example = "about:blank") String type,
        @Schema(example = "Conflict") String title,
        @Schema(example = "409") int status,
        @Schema(example = "Order 17 is SHIPPED.") String detail,

        @Schema(example = "/api/orders/17/cancellation") @Nullable
        String instance,

        @Schema(example = "ORDER_NOT_CANCELLABLE") String code,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<FieldError> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(
            int status, String code, String detail, @Nullable String instance, @Nullable List<FieldError> errors) {
        return new Problem("about:blank", title(status), status, detail, instance, code, errors);
    }

    private static String title(int status) {
        HttpStatus known = HttpStatus.resolve(status);
        return known == null ? "Error" : known.getReasonPhrase();
    }
}
