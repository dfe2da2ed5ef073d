package io.gatehouse.access;

import io.micronaut.core.annotation.Nullable;
import java.net.InetAddress;
import java.util.Set;

/**
 * A container: where it is, and whose.
 *
 * @param domain        its site's internal domain, below which its name is
 * @param address       null if it has none
 * @param owner         uid number
 * @param collaborators uid numbers of those whom the owner lets in
 */
public record Place(int containerId, String hostname, String domain, int nodeId, int siteId, @Nullable InetAddress address, int owner,
                    Set<Integer> collaborators) {
}
