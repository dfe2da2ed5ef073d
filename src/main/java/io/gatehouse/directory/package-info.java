/**
 * What LDAP shows: the tree, its entries, the schema, and who may see what.
 *
 * <ul>
 * <li>{@link io.gatehouse.directory.DirectorySnapshot}, immutable, is the directory at one moment. Entries are kept as they go
 *     over the wire, encoded once; indexes lead from values to entries; memberships are pairs, from which {@code member},
 *     {@code memberUid} and {@code memberOf} are derived, so that they cannot disagree.
 * <li>{@code DirectoryUpdater} hears from the database what changed, reads that, and publishes the next snapshot. The
 *     collections share structure, so a change costs what changed.
 * <li>{@link io.gatehouse.directory.DirectoryView} is one snapshot as one reader may see it, and searches it: a filter is
 *     resolved against the schema, an index names candidates, and each candidate is tested by the attributes' own rules.
 * </ul>
 *
 * <p>Reads never touch the database. The wire is the room {@code ldap}.
 */
package io.gatehouse.directory;
