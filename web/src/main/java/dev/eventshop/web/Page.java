package dev.eventshop.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param items      in a stable order
 * @param nextCursor where the next page begins; null at the end of the list
 */
public record Page<T>(
        List<T> items,
        @Schema(example = "WyJvcmRlcnMiXQ") @Nullable String nextCursor) {

    public Page {
        items = List.copyOf(items);
    }

    /**
     * @param found one more than fits on the page, when there are as many
     * @param next  the cursor that continues behind an item
     */
    public static <T> Page<T> of(List<T> found, Limit limit, Function<T, Cursor> next) {
        if (found.size() <= limit.value()) {
            return new Page<>(found, null);
        }
        List<T> shown = found.subList(0, limit.value());
        return new Page<>(shown, next.apply(shown.get(shown.size() - 1)).encode());
    }
}
