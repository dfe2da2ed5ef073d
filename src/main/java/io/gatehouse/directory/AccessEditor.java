package io.gatehouse.directory;

import io.gatehouse.access.AccessRules;
import io.gatehouse.access.DefaultAccess;
import io.gatehouse.access.Place;
import io.gatehouse.access.Policy;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Makes the next access rules out of what changed. Used by one thread. */
final class AccessEditor {

    private final Map<Integer, Place> places = new HashMap<>();
    private final Map<Integer, Policy> policies = new HashMap<>();
    private DefaultAccess byDefault = DefaultAccess.OPEN;
    private Set<Integer> administratorGroups = Set.of();
    private AccessRules rules;

    void put(Place place) {
        if (!place.equals(places.put(place.containerId(), place))) {
            rules = null;
        }
    }

    void removePlaces(Collection<Integer> containerIds) {
        if (places.keySet().removeAll(containerIds)) {
            rules = null;
        }
    }

    void put(Policy policy) {
        policies.put(policy.id(), policy);
        rules = null;
    }

    void removePolicy(int id) {
        if (policies.remove(id) != null) {
            rules = null;
        }
    }

    void set(DefaultAccess present) {
        if (byDefault != present) {
            byDefault = present;
            rules = null;
        }
    }

    AccessRules rules(Set<Integer> administrators) {
        if (rules == null || !administrators.equals(administratorGroups)) {
            administratorGroups = administrators;
            rules = new AccessRules(byDefault, administrators, policies.values(), places.values());
        }
        return rules;
    }
}
