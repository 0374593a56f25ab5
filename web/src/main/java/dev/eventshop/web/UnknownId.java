package dev.eventshop.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a controller answers with 404 when the id in the path can't be the id of anything, such as {@code abc} for a
 * number. Give it the code of an id that nothing has: to a client both are the same.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface UnknownId {

    /** For example {@code PRODUCT_NOT_FOUND}. */
    String code();

    /** For example {@code There is no such product.} */
    String detail();
}
