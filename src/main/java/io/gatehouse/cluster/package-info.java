/**
 * The cluster itself: its sites, and later what runs in them.
 *
 * <p>A site is a place with a network of its own.
 */
package io.gatehouse.cluster;
