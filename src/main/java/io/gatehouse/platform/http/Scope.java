package io.gatehouse.platform.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

/**
 * Opens a route to API keys with a scope of this area: {@code <area>:read} for GET and HEAD, {@code <area>:write} for these
 * and all others. A route without it refuses every API key, unless it is everybody's. On a method it goes before the one on
 * its class. Who holds the key must besides have a role that the route asks for.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Scope {

    /** All there are. */
    List<String> AREAS = List.of("users", "groups", "service-accounts", "cluster", "access", "jobs", "settings", "audit");

    /** One of {@link #AREAS}. */
    String value();
}
