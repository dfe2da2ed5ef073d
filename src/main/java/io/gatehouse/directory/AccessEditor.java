package io.gatehouse.directory;

import io.gatehouse.access.AccessRules;
import io.gatehouse.access.DefaultAccess;
import io.gatehouse.access.Place;
import io.gatehouse.access.Policy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the next access rules out of what changed. Used by one thread. */
final class AccessEditor {

    private final Map<Integer, Place> places = new HashMap<>();
    private List<Policy> policies = List.of();
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

    /** @param all that are switched on */
    void set(DefaultAccess present, List<Policy> all) {
        byDefault = present;
        policies = all;
        rules = null;
    }

    AccessRules rules(Set<Integer> administrators) {
        if (rules == null || !administrators.equals(administratorGroups)) {
            administratorGroups = administrators;
            rules = new AccessRules(byDefault, administrators, policies, places.values());
        }
        return rules;
    }
}
