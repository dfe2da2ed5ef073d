package io.gatehouse.access;

import io.gatehouse.platform.Network;
import java.util.Comparator;
import java.util.List;

/** A container, and the names of what it is in. */
record Ground(Place place, Address names) {

    /** Where a container is, and whose it is, by names. */
    record Address(int containerId, String site, String node, String owner) {
    }

    List<String> path() {
        return List.of(named(ReferenceKind.CONTAINER, place.hostname()));
    }

    /** How these cover the container: by the narrowest of them that does. */
    List<String> path(Destinations destinations) {
        var container = named(ReferenceKind.CONTAINER, place.hostname());
        var node = named(ReferenceKind.NODE, names.node());
        if (destinations.containers().contains(place.containerId())) {
            return List.of(container);
        }
        if (destinations.nodes().contains(place.nodeId())) {
            return List.of(node, container);
        }
        if (destinations.sites().contains(place.siteId())) {
            return List.of(named(ReferenceKind.SITE, names.site()), node, container);
        }
        return destinations.networks().stream()
                .filter(network -> network.prefix() == 0 || place.address() != null && network.contains(place.address()))
                .max(Comparator.comparingInt(Network::prefix))
                .map(network -> List.of(named(ReferenceKind.CIDR, network.toString()), container))
                .orElseThrow();
    }

    private static String named(ReferenceKind kind, String name) {
        return new Reference(kind, name).toString();
    }
}
