package dev.eventshop.access.audit;

import dev.eventshop.access.Caller;
import org.jspecify.annotations.Nullable;

/** What callers are called in the audit, where their token's subject may tell who a person is. */
@FunctionalInterface
public interface CallerNames {

    /** @return a pseudonym, always the same; null when none can be given */
    @Nullable
    String of(Caller customer);
}
