/**
 * Agents of sites: programs that keep the gateway of a site as the cluster's layout says.
 *
 * <p>An agent has a key of one site ({@code AgentKeys}), by which it pulls what that site's gateway needs ({@code SiteController}) and tells
 * how it does ({@code Agents}). Keys and sites are kept in memory: neither an agent that asks nor one that waits ({@code HeldRequests}) costs
 * a query, and both are served while the database is gone.
 */
package io.gatehouse.gateway.agents;
