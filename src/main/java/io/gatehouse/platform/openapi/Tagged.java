package io.gatehouse.platform.openapi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A route that answers with an entity tag of its own, and tells whoever has that state that nothing has changed. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Tagged {

    /** Whether it takes the preference to wait (RFC 7240) for another state. */
    boolean waits() default false;
}
