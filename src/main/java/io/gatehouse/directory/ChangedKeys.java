package io.gatehouse.directory;

import io.gatehouse.platform.Change;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What notifications say has changed, by the keys of rows. Those who read the rows take away what they find; what is left is gone.
 *
 * @param machineAccounts by container
 * @param places          containers
 * @param nodes           whose containers may be elsewhere now
 * @param sites           whose containers may have another domain now
 */
record ChangedKeys(Set<Integer> people, Set<Integer> groups, Set<String> serviceAccounts, Set<Integer> machineAccounts, Set<Integer> places,
                   Set<Integer> nodes, Set<Integer> sites, Set<Integer> policies, Set<String> settings) {

    static ChangedKeys of(List<Change> changes) {
        var keys = new ChangedKeys(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(),
                new HashSet<>(), new HashSet<>(), new HashSet<>());
        for (var change : changes) {
            switch (change.table()) {
                case "users" -> keys.people.add(Integer.valueOf(change.key()));
                case "groups" -> keys.groups.add(Integer.valueOf(change.key()));
                case "service_accounts" -> keys.serviceAccounts.add(change.key());
                case "machine_accounts" -> keys.machineAccounts.add(Integer.valueOf(change.key()));
                case "containers" -> keys.places.add(Integer.valueOf(change.key()));
                case "policies" -> keys.policies.add(Integer.valueOf(change.key()));
                case "nodes" -> keys.nodes.add(Integer.valueOf(change.key()));
                case "sites" -> keys.sites.add(Integer.valueOf(change.key()));
                case "settings" -> keys.settings.add(change.key());
                default -> { }
            }
        }
        return keys;
    }

    boolean isEmpty() {
        return !concernNumbered() && !concernPlaces() && settings.isEmpty();
    }

    /** Whether any of them has a change number: is a person, a group, an account or a policy. */
    boolean concernNumbered() {
        return !(people.isEmpty() && groups.isEmpty() && serviceAccounts.isEmpty() && machineAccounts.isEmpty() && policies.isEmpty());
    }

    boolean concernPlaces() {
        return !(places.isEmpty() && nodes.isEmpty() && sites.isEmpty());
    }
}
