package dev.eventshop.access.audit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of an endpoint that what it does is written down. Everything under {@code /api/admin} that changes something is,
 * without being told.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Audited {

    /**
     * @return name of a query parameter: only calls with it are written down, unless it is {@code false}, and with their
     *     query, which tells what was asked for; empty for all calls, without
     */
    String onlyWith() default "";

    /**
     * @return name of a query parameter: calls in which it is {@code false} are not written down; empty for all calls
     */
    String unlessFalse() default "";
}
