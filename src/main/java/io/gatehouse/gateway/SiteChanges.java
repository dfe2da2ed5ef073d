package io.gatehouse.gateway;

import io.gatehouse.platform.Change;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Ids of changed rows that snapshots of sites are made of. */
record SiteChanges(Set<Integer> sites, Set<Integer> nodes, Set<Integer> containers, Set<Integer> services, Set<Integer> domains) {

    private static final Set<String> TABLES = Set.of("sites", "nodes", "containers", "services", "external_domains", "domain_certificates");

    static boolean concerns(Change change) {
        return TABLES.contains(change.table());
    }

    static SiteChanges of(Collection<Change> changes) {
        var ids = new SiteChanges(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        changes.forEach(change -> {
            var rows = switch (change.table()) {
                case "sites" -> ids.sites;
                case "nodes" -> ids.nodes;
                case "containers" -> ids.containers;
                case "services" -> ids.services;
                default -> ids.domains;
            };
            rows.add(Integer.valueOf(change.key()));
        });
        return ids;
    }

    /** Whether one of the rows is in the snapshot. */
    boolean touch(SiteSnapshot snapshot) {
        return sites.contains(snapshot.site().id())
                || snapshot.nodes().stream().anyMatch(node -> nodes.contains(node.id()))
                || snapshot.externalDomains().stream().anyMatch(domain -> domains.contains(domain.id()))
                || snapshot.containers().stream().anyMatch(container -> containers.contains(container.id())
                        || container.services().stream().anyMatch(service -> services.contains(service.id())));
    }
}
