/**
 * What the gateway of a site pulls.
 *
 * <p>A {@link io.gatehouse.gateway.SiteSnapshot} holds all that concerns a site, and a {@link io.gatehouse.gateway.Rendering} makes
 * configuration files of it. Neither holds a secret.
 */
package io.gatehouse.gateway;
