/**
 * What every room stands on and none owns: the PostgreSQL that holds the truth ({@link io.gatehouse.platform.Database}, the
 * configured one or an embedded one), transactions whose effect this node shows when they return
 * ({@link io.gatehouse.platform.Transactions}), the feed of what any node committed
 * ({@link io.gatehouse.platform.ChangeFeed}), the data directory, the master key, and how a request is refused
 * ({@link io.gatehouse.platform.Problem}).
 *
 * <p>{@code platform.http} answers HTTP clients with problems; {@code platform.tls} keeps certificates.
 * Nothing here knows of people, groups or LDAP.
 */
package io.gatehouse.platform;
