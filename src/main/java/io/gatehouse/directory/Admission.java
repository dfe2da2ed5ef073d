package io.gatehouse.directory;

import io.gatehouse.access.Effect;
import io.gatehouse.access.Enforcement;
import io.gatehouse.access.Place;
import io.gatehouse.access.Policy;
import io.gatehouse.access.Reach;
import io.gatehouse.access.Subject;
import io.gatehouse.access.Subjects;
import io.gatehouse.directory.persistent.IntMap;
import io.gatehouse.directory.persistent.IntSet;
import java.lang.ref.SoftReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may log in where, in terms of entries: the access rules in a span of time, applied to people and groups. What is asked for is
 * worked out once, and kept while neither rules nor memberships change. The snapshot that is passed along is one that this was made
 * for.
 */
final class Admission {

    private static final String EVERYWHERE = "*";
    private static final List<String> EVERYWHERE_ALONE = List.of(EVERYWHERE);

    /** What it depends on besides the rules. Snapshots in which nobody came, went or changed groups have the same. */
    private record Basis(IntMap<IntSet> groupsOf, IntMap<MemberList> membersOf, GroupNesting nesting, IntMap<Integer> groupIds, IntSet people) {

        Basis(DirectorySnapshot snapshot) {
            this(snapshot.groupsOf, snapshot.membersOf, snapshot.nesting, snapshot.groupIds, snapshot.people());
        }

        boolean isSameAs(Basis other) {
            return groupsOf == other.groupsOf && membersOf == other.membersOf && nesting == other.nesting && groupIds == other.groupIds
                    && people == other.people;
        }
    }

    private final Basis basis;
    private final Enforcement enforcement;
    private final Map<Integer, Audience> audiences = new ConcurrentHashMap<>();
    private final Map<Integer, SoftReference<List<String>>> hosts = new ConcurrentHashMap<>();

    private Admission(Basis basis, Enforcement enforcement) {
        this.basis = basis;
        this.enforcement = enforcement;
    }

    /** @param former of an earlier snapshot or an earlier time, or null; it serves on if nothing that it depends on has changed */
    static Admission of(DirectorySnapshot snapshot, Instant now, Admission former) {
        var basis = new Basis(snapshot);
        var enforcement = snapshot.access.at(now);
        return former != null && former.enforcement == enforcement && former.basis.isSameAs(basis) ? former : new Admission(basis, enforcement);
    }

    /** The first moment at which it does not hold any more by itself. */
    Instant until() {
        return enforcement.until();
    }

    /** The people who may log in on a container. */
    Audience audience(int containerId, DirectorySnapshot snapshot) {
        return audiences.computeIfAbsent(containerId, id -> new Audience(people(id, snapshot)));
    }

    private IntSet people(int containerId, DirectorySnapshot snapshot) {
        var decided = IntSet.EMPTY;
        var allowed = IntSet.EMPTY;
        for (var rule : enforcement.loginRules(containerId)) {
            var included = people(rule.subjects(), snapshot);
            if (rule.effect() == Effect.ALLOW) {
                allowed = allowed.union(included.minus(decided));
            }
            decided = decided.union(included);
        }
        return allowed;
    }

    private static IntSet people(Subjects subjects, DirectorySnapshot snapshot) {
        var people = IntSet.EMPTY;
        for (int gidNumber : subjects.groups()) {
            var group = snapshot.groupIds.get(gidNumber);
            people = group == null ? people : people.union(snapshot.members(group));
        }
        for (int uidNumber : subjects.users()) {
            var person = snapshot.person(uidNumber);
            people = person == null ? people : people.with(person);
        }
        return people;
    }

    /**
     * Where a person may log in, as the attribute {@code host} of sssd-ldap(5) and pam_ldap(5) says it: names of hosts, {@code *} for
     * all, {@code !name} for all but this one. A container has two names, with its site's domain and without.
     */
    List<String> hosts(Entry person, DirectorySnapshot snapshot) {
        if (!enforcement.hasLoginPolicies()) {
            return values(person, snapshot);
        }
        var known = hosts.get(person.id());
        var values = known == null ? null : known.get();
        if (values == null) {
            values = values(person, snapshot);
            hosts.put(person.id(), new SoftReference<>(values));
        }
        return values;
    }

    private List<String> values(Entry person, DirectorySnapshot snapshot) {
        var reach = enforcement.reach(subject(person, snapshot));
        if (reach.equals(Reach.EVERYWHERE)) {
            return EVERYWHERE_ALONE;
        }
        var values = new ArrayList<String>();
        var mark = "";
        if (reach.everywhere()) {
            values.add(EVERYWHERE);
            mark = "!";
        }
        for (var place : reach.exceptions()) {
            values.add(mark + place.hostname());
            values.add(mark + place.hostname() + "." + place.domain());
        }
        return List.copyOf(values);
    }

    private static Subject subject(Entry person, DirectorySnapshot snapshot) {
        int number = Integer.parseInt(person.firstValue(snapshot.layout.uidNumber));
        var groups = snapshot.groups(person.id());
        return new Subject() {
            @Override
            public int uidNumber() {
                return number;
            }

            @Override
            public boolean isIn(int gidNumber) {
                var group = snapshot.groupIds.get(gidNumber);
                return group != null && groups.contains(group);
            }
        };
    }

    /** Whether a policy counts at this time. */
    boolean isInForce(Policy policy) {
        return enforcement.isInForce(policy);
    }

    boolean counts(Policy policy, int containerId) {
        return enforcement.counts(policy, containerId);
    }

    /** The names of the containers that a policy counts on. */
    List<String> hostnames(Policy policy) {
        return policy.destinations().areEverywhere() ? List.of("ALL") : enforcement.places(policy).stream().map(Place::hostname).toList();
    }
}
