package dev.eventshop.query.http;

import dev.eventshop.web.Cursor;
import dev.eventshop.web.ETags;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** Answers of query endpoints. */
public final class Answers {

    private Answers() {}

    /** @param ifNoneMatch headers of that name as received, null when missing */
    public static <T> ResponseEntity<T> versioned(T view, long version, @Nullable List<String> ifNoneMatch) {
        String condition = ifNoneMatch == null ? null : String.join(",", ifNoneMatch);
        if (ETags.isNotModified(condition, version)) {
            return ResponseEntity.status(HttpStatus.NOT_MODIFIED)
                    .eTag(ETags.of(version))
                    .build();
        }
        return ResponseEntity.ok().eTag(ETags.of(version)).body(view);
    }

    /**
     * @param found one more than fits on the page, when there are as many
     * @param next  the cursor that continues behind an item
     */
    public static <T> Page<T> page(List<T> found, Limit limit, Function<T, Cursor> next) {
        return Page.of(found, limit, next);
    }
}
