package dev.eventshop.command.http;

import dev.eventshop.command.currency.ShopCurrency;
import dev.eventshop.web.FieldError;
import dev.eventshop.web.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks one request and collects all that is wrong with it. Each method returns the value of a field when it is right;
 * when it is not, what it returns must not be used before {@link #check} has thrown.
 */
public final class Form {

    private static final String REQUIRED = "is required";

    private final List<FieldError> errors = new ArrayList<>();

    /** @return the text, which is not blank, no longer than the limit, and of one line of printable characters */
    public String text(String field, @Nullable String value, int maxLength) {
        if (value == null) {
            reject(field, REQUIRED);
            return "";
        }
        if (value.codePoints().allMatch(Form::isSpace)) {
            reject(field, "must not be blank");
        } else if (value.codePointCount(0, value.length()) > maxLength) {
            reject(field, "must have at most " + maxLength + " characters");
        } else if (!value.codePoints().allMatch(Form::isPrintable)) {
            reject(field, "must not contain control characters or line breaks");
        }
        return value;
    }

    /** @return the text, checked as {@link #text}; null when it is missing */
    public @Nullable String optionalText(String field, @Nullable String value, int maxLength) {
        return value == null ? null : text(field, value, maxLength);
    }

    /** Also those that a line does not break at, which Java takes for no white space. */
    private static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    /** Letters of every script; not what breaks a line, turns the direction of text round, or is half a character. */
    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            case Character.FORMAT -> codePoint == 0x200C || codePoint == 0x200D; // joiners, part of words and emoji
            default -> true;
        };
    }

    /** @return the number, which is within the bounds */
    public int number(String field, @Nullable Integer value, int min, int max) {
        if (value == null) {
            reject(field, REQUIRED);
            return min;
        }
        if (value < min || value > max) {
            reject(field, max == Integer.MAX_VALUE ? "must be at least " + min : "must be from " + min + " to " + max);
        }
        return value;
    }

    /** @return the amount in the scale of the currency, not negative */
    public BigDecimal amount(String field, @Nullable BigDecimal value, BigDecimal max, ShopCurrency currency) {
        if (value == null) {
            reject(field, REQUIRED);
        } else if (value.signum() < 0) {
            reject(field, "must not be negative");
        } else if (value.compareTo(max) > 0) {
            reject(field, "must be at most " + max.toPlainString());
        } else if (!currency.canExpress(value)) {
            reject(field, "must have at most " + currency.decimals() + " decimals in " + currency.code());
        } else {
            return currency.normalised(value);
        }
        return BigDecimal.ZERO;
    }

    public void reject(String field, String message) {
        errors.add(new FieldError(field, message));
    }

    /** @throws dev.eventshop.web.ProblemException 422 with all errors, when there are any */
    public void check() {
        if (!errors.isEmpty()) {
            throw Problems.invalid(errors);
        }
    }
}
