package io.gatehouse.access;

import io.gatehouse.access.Rule.ByPolicy;
import io.gatehouse.access.Rule.Implicit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Access rules in a span of time in which no policy begins or ends.
 *
 * <p>The rules of a container are in an order in which the first to include somebody decides: by priority, denials first. That is
 * the same as to say that the lowest priority wins, and that a denial beats an allowance of the same priority.
 */
public final class Enforcement {

    /** The gid number of ldapusers, which everybody joins when created. */
    private static final int LDAPUSERS = 2000;

    private final AccessRules rules;
    private final Instant since;
    private final Instant until;
    private final List<Policy> logins;
    /** How many of these come before the implicit rules. */
    private final int absolute;
    private final Set<Integer> inForce;
    private final Map<Integer, Place> places = new HashMap<>();
    /** Of the policies that were asked for. */
    private final Map<Integer, BitSet> coverage = new ConcurrentHashMap<>();
    private final Map<Integer, BitSet> owned = new HashMap<>();
    private final Map<Integer, BitSet> shared = new HashMap<>();

    Enforcement(AccessRules rules, List<Policy> policies, Instant since, Instant until) {
        this.rules = rules;
        this.since = since;
        this.until = until;
        logins = policies.stream().filter(Policy::login).toList();
        absolute = (int) logins.stream().filter(policy -> policy.priority() == 0 && policy.effect() == Effect.DENY).count();
        for (int i = 0; i < rules.places.size(); i++) {
            var place = rules.places.get(i);
            places.put(place.containerId(), place);
            add(owned, place.owner(), i);
            for (var collaborator : place.collaborators()) {
                add(shared, collaborator, i);
            }
        }
        inForce = policies.stream().map(Policy::id).collect(Collectors.toUnmodifiableSet());
    }

    private static void add(Map<Integer, BitSet> places, int uidNumber, int position) {
        places.computeIfAbsent(uidNumber, key -> new BitSet()).set(position);
    }

    /** The positions of the containers that a policy covers. */
    private BitSet coverage(Policy policy) {
        return coverage.computeIfAbsent(policy.id(), id -> IntStream.range(0, rules.places.size())
                .filter(i -> policy.destinations().include(rules.places.get(i))).collect(BitSet::new, BitSet::set, BitSet::or));
    }

    boolean covers(Instant now) {
        return !now.isBefore(since) && now.isBefore(until);
    }

    /** When it ends: the first moment at which the rules have to be looked at again. */
    public Instant until() {
        return until;
    }

    /**
     * Who may log in on a container. Whom no rule includes may not.
     *
     * @return none if there is no such container
     */
    public List<Rule> loginRules(int containerId) {
        var place = places.get(containerId);
        if (place == null) {
            return List.of();
        }
        var ordered = new ArrayList<Rule>();
        addPolicies(ordered, logins.subList(0, absolute), place);
        ordered.add(new Rule(Implicit.ADMINISTRATOR, Effect.ALLOW, Subjects.groups(rules.administratorGroups)));
        ordered.add(new Rule(Implicit.OWNER, Effect.ALLOW, Subjects.user(place.owner())));
        if (!place.collaborators().isEmpty()) {
            ordered.add(new Rule(Implicit.COLLABORATOR, Effect.ALLOW, new Subjects(place.collaborators(), Set.of())));
        }
        addPolicies(ordered, logins.subList(absolute, logins.size()), place);
        if (rules.byDefault == DefaultAccess.OPEN) {
            ordered.add(new Rule(Implicit.OPEN, Effect.ALLOW, Subjects.groups(Set.of(LDAPUSERS))));
        }
        return ordered;
    }

    private static void addPolicies(List<Rule> ordered, List<Policy> candidates, Place place) {
        for (var policy : candidates) {
            if (policy.destinations().include(place)) {
                ordered.add(new Rule(new ByPolicy(policy), policy.effect(), policy.targets()));
            }
        }
    }

    /** Whether policies have a say about logins at all. */
    public boolean hasLoginPolicies() {
        return !logins.isEmpty();
    }

    /** Where a person may log in. */
    public Reach reach(Subject subject) {
        if (logins.isEmpty() && rules.byDefault == DefaultAccess.OPEN && subject.isIn(LDAPUSERS)) {
            return Reach.EVERYWHERE;
        }
        var decision = new Fold(rules.places.size());
        for (int i = 0; i < logins.size(); i++) {
            if (i == absolute) {
                decideImplicitly(subject, decision);
            }
            var policy = logins.get(i);
            if (policy.targets().include(subject)) {
                decision.decide(coverage(policy), policy.effect(), policy.destinations().areEverywhere());
            }
        }
        if (absolute == logins.size()) {
            decideImplicitly(subject, decision);
        }
        if (rules.byDefault == DefaultAccess.OPEN && subject.isIn(LDAPUSERS)) {
            decision.decideRest(Effect.ALLOW);
        }
        decision.decideRest(Effect.DENY);
        return decision.reach();
    }

    private void decideImplicitly(Subject subject, Fold decision) {
        if (rules.administratorGroups.stream().anyMatch(subject::isIn)) {
            decision.decideRest(Effect.ALLOW);
        }
        decision.decide(owned.getOrDefault(subject.uidNumber(), new BitSet()), Effect.ALLOW, false);
        decision.decide(shared.getOrDefault(subject.uidNumber(), new BitSet()), Effect.ALLOW, false);
    }

    /** Whether a policy counts in this span of time. */
    public boolean isInForce(Policy policy) {
        return inForce.contains(policy.id());
    }

    /** Whether a policy is in force on a container. */
    public boolean counts(Policy policy, int containerId) {
        var place = places.get(containerId);
        return place != null && isInForce(policy) && policy.destinations().include(place);
    }

    /** The containers that a policy is in force on, in the order of their names. */
    public List<Place> places(Policy policy) {
        return isInForce(policy) ? coverage(policy).stream().mapToObj(rules.places::get).toList() : List.of();
    }

    /** What is decided about one person so far, container by container. */
    private final class Fold {

        private final BitSet undecided = new BitSet();
        private final BitSet allowed = new BitSet();
        private boolean elsewhereDecided;
        private boolean elsewhereAllowed;

        Fold(int count) {
            undecided.set(0, count);
        }

        void decide(BitSet covered, Effect effect, boolean elsewhere) {
            if (effect == Effect.ALLOW) {
                var fresh = (BitSet) covered.clone();
                fresh.and(undecided);
                allowed.or(fresh);
            }
            undecided.andNot(covered);
            if (elsewhere && !elsewhereDecided) {
                elsewhereDecided = true;
                elsewhereAllowed = effect == Effect.ALLOW;
            }
        }

        void decideRest(Effect effect) {
            decide((BitSet) undecided.clone(), effect, true);
        }

        Reach reach() {
            var exceptions = (BitSet) allowed.clone();
            if (elsewhereAllowed) {
                exceptions.flip(0, rules.places.size());
            }
            return new Reach(elsewhereAllowed, exceptions.stream().mapToObj(rules.places::get).toList());
        }
    }
}
