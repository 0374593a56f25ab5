package dev.eventshop.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says which command an endpoint sends, or which query it asks: whoever may do that may call it. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Performs {

    /** A class with {@link AllowedTo}. */
    Class<?> value();
}
