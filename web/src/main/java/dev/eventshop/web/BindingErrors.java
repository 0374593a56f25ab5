package dev.eventshop.web;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says in the contract's words what Jackson could not bind. Jackson's own messages name classes. */
final class BindingErrors {

    private BindingErrors() {}

    static FieldError of(JacksonException failure) {
        return new FieldError(path(failure), message(failure));
    }

    private static String path(JacksonException failure) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : failure.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.isEmpty() ? "$" : path.toString();
    }

    private static String message(JacksonException failure) {
        if (failure instanceof UnrecognizedPropertyException) {
            return "is unknown";
        }
        if (failure instanceof HttpJson.RefusedValue refused) {
            return refused.getOriginalMessage();
        }
        if (failure instanceof InputCoercionException) {
            return "is out of range";
        }
        if (failure instanceof MismatchedInputException mismatch) {
            if (mismatch.getCurrentToken() == JsonToken.VALUE_NULL
                    || mismatch.getOriginalMessage().startsWith("Cannot map `null`")) {
                return "is required";
            }
            return expected(mismatch.getTargetType());
        }
        return "is invalid";
    }

    static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "is invalid";
        }
        if (type == String.class) {
            return "must be a text";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "must be an integer" + (type == Integer.class || type == int.class ? " of 32 bits" : "");
        }
        if (type == BigDecimal.class) {
            return "must be a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "must be true or false";
        }
        if (type == Instant.class) {
            return Text.NOT_INSTANT;
        }
        if (type.isEnum()) {
            return oneOf(type);
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "must be a list";
        }
        return type.isRecord() ? "must be an object" : "is invalid";
    }

    static String oneOf(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .collect(Collectors.joining(", ", "must be one of ", ""));
    }
}
