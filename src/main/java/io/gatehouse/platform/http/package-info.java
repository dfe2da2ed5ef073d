/**
 * What every HTTP controller shares.
 *
 * <p>A refusal is an {@code application/problem+json} document of RFC 9457, whoever refuses: a service ({@code Problem}), the
 * database that is gone ({@code Unavailable}), the JSON decoder, the router, or the security filter. Anything unexpected is a
 * 500 that tells only a correlation id, under which the log has the rest. Lists are {@link io.gatehouse.platform.http.Page}s.
 */
package io.gatehouse.platform.http;
