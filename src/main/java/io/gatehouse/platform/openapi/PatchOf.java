package io.gatehouse.platform.openapi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a merge patch may name: the fields that a request to create such a thing has. A field that may be left out there may be
 * null here, which brings back its default.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface PatchOf {

    /** The request to create such a thing. */
    Class<?> value();

    /** Those of its fields that cannot be changed, or not this way. */
    String[] except() default {};

    /** Those that have no default to bring back by null. */
    String[] notNull() default {};

    /** Of the schema; empty for the request's own name. */
    String name() default "";
}
