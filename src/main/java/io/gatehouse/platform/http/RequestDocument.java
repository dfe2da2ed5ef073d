package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Introspected;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record that is read from a JSON body strictly: fields that it does not have and values of other types are refused, each by
 * its name, and what is missing is null. The types of its fields are text, true or false, whole numbers, lists of these, and
 * further such records.
 */
@Documented
@Introspected
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RequestDocument {
}
