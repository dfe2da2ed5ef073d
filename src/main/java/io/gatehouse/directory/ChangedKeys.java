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
 * @param wholesale       tables of which everything is read again, since they are small or a row of them concerns many others
 */
record ChangedKeys(Set<Integer> people, Set<Integer> groups, Set<String> serviceAccounts, Set<Integer> machineAccounts, Set<Integer> places,
                   Set<String> wholesale) {

    static ChangedKeys of(List<Change> changes) {
        var keys = new ChangedKeys(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        for (var change : changes) {
            switch (change.table()) {
                case "users" -> keys.people.add(Integer.valueOf(change.key()));
                case "groups" -> keys.groups.add(Integer.valueOf(change.key()));
                case "service_accounts" -> keys.serviceAccounts.add(change.key());
                case "machine_accounts" -> keys.machineAccounts.add(Integer.valueOf(change.key()));
                case "containers" -> keys.places.add(Integer.valueOf(change.key()));
                case "policies", "settings", "nodes", "sites" -> keys.wholesale.add(change.table());
                default -> { }
            }
        }
        return keys;
    }

    boolean isEmpty() {
        return people.isEmpty() && groups.isEmpty() && serviceAccounts.isEmpty() && machineAccounts.isEmpty() && places.isEmpty() && wholesale.isEmpty();
    }

    /** Whether policies, or what counts without them, have changed. */
    boolean allPolicies() {
        return wholesale.contains("policies") || wholesale.contains("settings");
    }

    /** Whether any container may be elsewhere now. */
    boolean allPlaces() {
        return wholesale.contains("nodes") || wholesale.contains("sites");
    }
}
