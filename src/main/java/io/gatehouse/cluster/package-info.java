/**
 * The cluster itself: its sites, the nodes in them, the public domains they answer for, what runs on the nodes, and the jobs that
 * make it so.
 *
 * <p>A site is a place with a network of its own; a node is a hypervisor in it; a container runs on a node, and has services.
 * Whoever writes any of it does so in {@link io.gatehouse.cluster.ClusterTransactions}, one after the other, because many rules
 * look at several rows. A {@link io.gatehouse.cluster.Rule} is held by the services, which tell field and value, and by the
 * database, where it has a name; the refusal is the same.
 */
package io.gatehouse.cluster;
