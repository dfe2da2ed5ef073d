/**
 * What the gateway of a site pulls.
 *
 * <p>A {@link io.gatehouse.gateway.SiteSnapshot} holds all that concerns a site, and a {@link io.gatehouse.gateway.Rendering} makes
 * configuration files of it. Neither holds a secret. {@link io.gatehouse.gateway.SiteStates} keeps them in memory and follows the change feed; {@code gateway.agents}
 * tells them to agents.
 */
package io.gatehouse.gateway;
