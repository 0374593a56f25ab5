package dev.eventshop.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says who may send a command or ask a query, on its class; a command or query without it is refused to everybody from
 * outside. Endpoints that neither send nor ask have it on their method.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface AllowedTo {

    /** Whoever has one of them may. An operator also has the rights of staff. */
    Role[] value();
}
