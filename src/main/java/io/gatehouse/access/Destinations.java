package io.gatehouse.access;

import io.gatehouse.platform.Network;
import java.util.List;
import java.util.Set;

/**
 * Where a policy counts; without any it counts nowhere.
 *
 * @param sites      with all that is on their nodes
 * @param nodes      with all that is on them
 * @param networks   with the containers that have an address in them; one without a prefix is everywhere, also where there is no address
 */
public record Destinations(Set<Integer> sites, Set<Integer> nodes, Set<Integer> containers, List<Network> networks) {

    public boolean include(Place place) {
        return containers.contains(place.containerId()) || nodes.contains(place.nodeId()) || sites.contains(place.siteId())
                || areEverywhere() || place.address() != null && networks.stream().anyMatch(network -> network.contains(place.address()));
    }

    /** Whether a host that nobody knows is among them. */
    public boolean areEverywhere() {
        return networks.stream().anyMatch(network -> network.prefix() == 0);
    }
}
