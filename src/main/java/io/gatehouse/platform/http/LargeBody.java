package io.gatehouse.platform.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A route that reads its body as it arrives, by {@link DocumentStream}, and takes as much as the server takes at all
 * ({@code micronaut.server.max-request-size}). Other bodies are kept whole before anybody looks at them, and have the lower limit
 * {@code micronaut.server.max-request-buffer-size}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface LargeBody {
}
