package io.gatehouse.audit;

import io.micronaut.core.annotation.Nullable;

/**
 * Who does something.
 *
 * @param name    a user name, a service account's DN, {@link #ANONYMOUS_NAME}, or {@link #SYSTEM_NAME}
 * @param address where the request came from; null if it came from nowhere else
 */
public record Actor(String name, @Nullable String address) {

    public static final String ANONYMOUS_NAME = "anonymous";
    public static final String SYSTEM_NAME = "system";

    /** The server itself. */
    public static final Actor SYSTEM = new Actor(SYSTEM_NAME, null);
}
