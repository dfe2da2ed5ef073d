package io.gatehouse.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** All that decides about access, at one moment of the database. */
public final class AccessRules {

    final DefaultAccess byDefault;
    final Set<Integer> administratorGroups;
    final List<Place> places;
    /** In the order in which they are asked. */
    final List<Policy> policies;
    private volatile Enforcement latest;

    /**
     * @param administratorGroups gid numbers of the groups whose members, at any depth, are administrators
     * @param policies            those that are switched on
     */
    public AccessRules(DefaultAccess byDefault, Set<Integer> administratorGroups, Collection<Policy> policies, Collection<Place> places) {
        this.byDefault = byDefault;
        this.administratorGroups = Set.copyOf(administratorGroups);
        this.policies = policies.stream().sorted(Policy.ORDER).toList();
        this.places = places.stream().sorted(Comparator.comparing(Place::hostname)).toList();
    }

    /** The rules as they are enforced at that time. The same object until a policy begins or ends. */
    public Enforcement at(Instant now) {
        var present = latest;
        if (present == null || !present.covers(now)) {
            present = enforcement(now);
            latest = present;
        }
        return present;
    }

    private Enforcement enforcement(Instant now) {
        var since = Instant.MIN;
        var until = Instant.MAX;
        var valid = new ArrayList<Policy>();
        for (var policy : policies) {
            for (var moment : Stream.of(policy.validFrom(), policy.validUntil()).filter(each -> each != null).toList()) {
                if (moment.isAfter(now)) {
                    until = moment.isBefore(until) ? moment : until;
                } else {
                    since = moment.isAfter(since) ? moment : since;
                }
            }
            if (policy.isValid(now)) {
                valid.add(policy);
            }
        }
        return new Enforcement(this, valid, since, until);
    }
}
