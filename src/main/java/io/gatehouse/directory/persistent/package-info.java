/**
 * Immutable collections that share their structure: a change copies a handful of small arrays, however large the collection.
 * They make a change of the directory cost what changed, while readers keep the snapshot they hold.
 */
package io.gatehouse.directory.persistent;
