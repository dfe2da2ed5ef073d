package io.gatehouse.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.access.Rule.ByPolicy;
import io.gatehouse.access.Rule.Implicit;
import io.gatehouse.platform.Network;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnforcementTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int LDAPUSERS = 2000;
    private static final int SYSADMINS = 2001;
    private static final int DEVS = 10_000;

    private static final Place WEB1 = place(1, "web1", 11, 101, "10.0.0.1", 2000, Set.of(2001));
    private static final Place DB1 = place(2, "db1", 12, 101, "10.0.1.1", 2000, Set.of());
    private static final Place FAR1 = place(3, "far1", 13, 102, null, 2009, Set.of());
    private static final List<Place> PLACES = List.of(WEB1, DB1, FAR1);

    private record Person(int uidNumber, Set<Integer> groups) implements Subject {

        @Override
        public boolean isIn(int gidNumber) {
            return groups.contains(gidNumber);
        }
    }

    private static Place place(int id, String name, int node, int site, String address, int owner, Set<Integer> collaborators) {
        return new Place(id, name, "cluster.internal", node, site, address == null ? null : InetAddress.ofLiteral(address), owner, collaborators);
    }

    private static Person person(int uidNumber, Integer... groups) {
        return new Person(uidNumber, Stream.concat(Stream.of(LDAPUSERS), Stream.of(groups)).collect(Collectors.toSet()));
    }

    private static Destinations containers(Integer... ids) {
        return new Destinations(Set.of(), Set.of(), Set.of(ids), List.of());
    }

    private static Destinations network(String text) {
        return new Destinations(Set.of(), Set.of(), Set.of(), List.of(Network.parse(text)));
    }

    private static Policy policy(int id, int priority, Effect effect, Subjects targets, Destinations destinations) {
        return new Policy(id, "policy " + id, priority, effect, null, null, true, null, targets, destinations, new UUID(0, id), id, NOW, NOW);
    }

    private static Policy between(Policy policy, Instant from, Instant until) {
        return new Policy(policy.id(), policy.name(), policy.priority(), policy.effect(), from, until, policy.login(), policy.sudo(),
                policy.targets(), policy.destinations(), policy.entryUuid(), policy.usn(), policy.createdAt(), policy.updatedAt());
    }

    private static AccessRules rules(DefaultAccess byDefault, Policy... policies) {
        return new AccessRules(byDefault, Set.of(SYSADMINS), List.of(policies), PLACES);
    }

    private static Enforcement enforced(DefaultAccess byDefault, Policy... policies) {
        return rules(byDefault, policies).at(NOW);
    }

    private static Rule.Reason reason(Enforcement enforcement, Subject subject, Place place) {
        return enforcement.loginRules(place.containerId()).stream().filter(rule -> rule.subjects().include(subject)).findFirst()
                .map(Rule::reason).orElse(Implicit.NOTHING_ALLOWS);
    }

    private static boolean mayLogIn(Enforcement enforcement, Subject subject, Place place) {
        return enforcement.loginRules(place.containerId()).stream().filter(rule -> rule.subjects().include(subject)).findFirst()
                .map(Rule::effect).orElse(Effect.DENY) == Effect.ALLOW;
    }

    @Test
    void openIsForEverybodyInLdapusers() {
        var enforcement = enforced(DefaultAccess.OPEN);
        assertThat(reason(enforcement, person(2005), WEB1)).isEqualTo(Implicit.OPEN);
        assertThat(reason(enforcement, new Person(2005, Set.of()), WEB1)).isEqualTo(Implicit.NOTHING_ALLOWS);
        assertThat(enforcement.reach(person(2005))).isEqualTo(new Reach(true, List.of()));
    }

    @Test
    void closedIsForOwnersCollaboratorsAndAdministrators() {
        var enforcement = enforced(DefaultAccess.CLOSED);
        assertThat(reason(enforcement, person(2000), WEB1)).isEqualTo(Implicit.OWNER);
        assertThat(reason(enforcement, person(2001), WEB1)).isEqualTo(Implicit.COLLABORATOR);
        assertThat(reason(enforcement, person(2001), DB1)).isEqualTo(Implicit.NOTHING_ALLOWS);
        assertThat(reason(enforcement, person(2005, SYSADMINS), DB1)).isEqualTo(Implicit.ADMINISTRATOR);
        assertThat(enforcement.reach(person(2000))).isEqualTo(new Reach(false, List.of(DB1, WEB1)));
        assertThat(enforcement.reach(person(2001))).isEqualTo(new Reach(false, List.of(WEB1)));
        assertThat(enforcement.reach(person(2005, SYSADMINS))).isEqualTo(new Reach(true, List.of()));
    }

    @Test
    void theLowestPriorityWinsAndDenialsBeatAllowancesOfTheSame() {
        var devs = Subjects.groups(Set.of(DEVS));
        var allow = policy(1, 20, Effect.ALLOW, devs, containers(1));
        var deny = policy(2, 20, Effect.DENY, Subjects.user(2005), containers(1));
        var sooner = policy(3, 10, Effect.ALLOW, Subjects.user(2006), containers(1));
        var enforcement = enforced(DefaultAccess.CLOSED, allow, deny, sooner, policy(4, 11, Effect.DENY, devs, containers(2)));
        assertThat(reason(enforcement, person(2005, DEVS), WEB1)).isEqualTo(new ByPolicy(deny));
        assertThat(reason(enforcement, person(2006, DEVS), WEB1)).isEqualTo(new ByPolicy(sooner));
        assertThat(reason(enforcement, person(2007, DEVS), WEB1)).isEqualTo(new ByPolicy(allow));
        assertThat(enforcement.reach(person(2007, DEVS))).isEqualTo(new Reach(false, List.of(WEB1)));
    }

    @Test
    void onlyADenialOfPriorityZeroIsAboveOwnersAndAdministrators() {
        var everybody = Subjects.groups(Set.of(LDAPUSERS));
        var one = enforced(DefaultAccess.OPEN, policy(1, 1, Effect.DENY, everybody, network("0.0.0.0/0")));
        assertThat(reason(one, person(2000), WEB1)).isEqualTo(Implicit.OWNER);
        assertThat(one.reach(person(2000))).isEqualTo(new Reach(false, List.of(DB1, WEB1)));
        assertThat(one.reach(person(2005, SYSADMINS))).isEqualTo(new Reach(true, List.of()));
        var zero = enforced(DefaultAccess.OPEN, policy(1, 0, Effect.DENY, everybody, network("0.0.0.0/0")));
        assertThat(mayLogIn(zero, person(2000), WEB1)).isFalse();
        assertThat(zero.reach(person(2005, SYSADMINS))).isEqualTo(new Reach(false, List.of()));
        var allowed = enforced(DefaultAccess.OPEN, policy(1, 0, Effect.ALLOW, everybody, network("0.0.0.0/0")));
        assertThat(allowed.reach(person(2000))).isEqualTo(new Reach(true, List.of()));
    }

    @Test
    void networksHoldContainersByTheirAddresses() {
        var deny = enforced(DefaultAccess.OPEN, policy(1, 10, Effect.DENY, Subjects.user(2005), network("10.0.1.0/24")));
        assertThat(deny.reach(person(2005))).isEqualTo(new Reach(true, List.of(DB1)));
        var everywhere = enforced(DefaultAccess.OPEN, policy(1, 10, Effect.DENY, Subjects.user(2005), network("0.0.0.0/0")));
        assertThat(mayLogIn(everywhere, person(2005), FAR1)).as("without an address").isFalse();
    }

    @Test
    void sitesAndNodesHoldWhatIsOnThem() {
        var site = new Destinations(Set.of(102), Set.of(), Set.of(), List.of());
        var node = new Destinations(Set.of(), Set.of(12), Set.of(), List.of());
        var enforcement = enforced(DefaultAccess.OPEN, policy(1, 10, Effect.DENY, Subjects.user(2005), site),
                policy(2, 10, Effect.DENY, Subjects.user(2005), node));
        assertThat(enforcement.reach(person(2005))).isEqualTo(new Reach(true, List.of(DB1, FAR1)));
    }

    @Test
    void aPolicyWithoutTargetsOrDestinationsDoesNothing() {
        var nobody = policy(1, 0, Effect.DENY, new Subjects(Set.of(), Set.of()), network("0.0.0.0/0"));
        var nowhere = policy(2, 0, Effect.DENY, Subjects.user(2005), containers());
        assertThat(enforced(DefaultAccess.OPEN, nobody, nowhere).reach(person(2005))).isEqualTo(new Reach(true, List.of()));
    }

    @Test
    void aPolicyCountsFromItsFirstMomentUntilRightBeforeItsLast() {
        var until = NOW.plusSeconds(60);
        var rules = rules(DefaultAccess.OPEN, between(policy(1, 10, Effect.DENY, Subjects.user(2005), containers(1)), NOW, until));
        assertThat(mayLogIn(rules.at(NOW.minusNanos(1)), person(2005), WEB1)).isTrue();
        assertThat(mayLogIn(rules.at(NOW), person(2005), WEB1)).isFalse();
        assertThat(mayLogIn(rules.at(until.minusNanos(1)), person(2005), WEB1)).isFalse();
        assertThat(mayLogIn(rules.at(until), person(2005), WEB1)).isTrue();
        assertThat(rules.at(NOW)).isSameAs(rules.at(NOW.plusSeconds(59))).isNotSameAs(rules.at(until));
        assertThat(rules.at(NOW.minusSeconds(9)).until()).isEqualTo(NOW);
        assertThat(rules.at(NOW).until()).isEqualTo(until);
        assertThat(rules.at(until).until()).isEqualTo(Instant.MAX);
    }

    @Test
    void whatIsAboutSudoAloneDecidesNoLogin() {
        var sudo = new Policy(1, "sudo", 0, Effect.DENY, null, null, false, new Sudo(List.of("ALL"), List.of(), true), Subjects.user(2005),
                containers(1), new UUID(0, 1), 1, NOW, NOW);
        var enforcement = enforced(DefaultAccess.OPEN, sudo);
        assertThat(mayLogIn(enforcement, person(2005), WEB1)).isTrue();
        assertThat(enforcement.isInForce(sudo)).isTrue();
        assertThat(enforced(DefaultAccess.OPEN, between(sudo, null, NOW)).isInForce(sudo)).isFalse();
        assertThat(enforcement.counts(sudo, 1)).isTrue();
        assertThat(enforcement.counts(sudo, 2)).isFalse();
        assertThat(enforcement.places(sudo)).containsExactly(WEB1);
    }

    @Test
    void nobodyMayLogInWhereThereIsNoContainer() {
        assertThat(enforced(DefaultAccess.OPEN).loginRules(99)).isEmpty();
    }

    /** Three ways to the same answer: what the rules say, the first that includes somebody, and the reach of a person. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void allWaysToAskGiveTheSameAnswer(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var places = IntStream.range(0, 1 + random.nextInt(12)).mapToObj(i -> place(i, "c" + i, random.nextInt(4), 100 + random.nextInt(2),
                    random.nextBoolean() ? null : "10.0." + random.nextInt(2) + "." + i, 2000 + random.nextInt(6), some(random, 2000, 6))).toList();
            var policies = IntStream.range(0, random.nextInt(10)).mapToObj(i -> policy(i, random.nextInt(3),
                    random.nextBoolean() ? Effect.ALLOW : Effect.DENY, new Subjects(some(random, 2000, 6), some(random, 10_000, 3)),
                    new Destinations(some(random, 100, 2), some(random, 0, 4), some(random, 0, 12),
                            random.nextInt(3) > 0 ? List.of() : List.of(Network.parse(random.nextBoolean() ? "0.0.0.0/0" : "10.0.1.0/24"))))).toList();
            var byDefault = DefaultAccess.values()[random.nextInt(2)];
            var enforcement = new AccessRules(byDefault, Set.of(SYSADMINS), policies, places).at(NOW);
            for (int uidNumber = 2000; uidNumber < 2006; uidNumber++) {
                var groups = some(random, 10_000, 3);
                groups.addAll(some(random, 2000, 2));
                var subject = new Person(uidNumber, groups);
                var reach = enforcement.reach(subject);
                for (var place : places) {
                    boolean expected = plainly(byDefault, policies, subject, place);
                    assertThat(mayLogIn(enforcement, subject, place)).isEqualTo(expected);
                    assertThat(reach.exceptions().contains(place) != reach.everywhere()).isEqualTo(expected);
                }
                assertThat(reach.everywhere()).isEqualTo(plainly(byDefault, policies, subject, place(-1, "nowhere", -1, -1, null, -1, Set.of())));
            }
        }
    }

    private static Set<Integer> some(Random random, int first, int count) {
        return IntStream.range(first, first + count).filter(i -> random.nextInt(4) == 0).boxed().collect(Collectors.toSet());
    }

    /** As the documentation says it. */
    private static boolean plainly(DefaultAccess byDefault, List<Policy> policies, Person subject, Place place) {
        record Word(int priority, Effect effect) {
        }
        var words = new ArrayList<Word>();
        policies.stream().filter(policy -> policy.targets().include(subject) && policy.destinations().include(place))
                .forEach(policy -> words.add(new Word(policy.priority(), policy.effect())));
        if (subject.isIn(SYSADMINS) || place.owner() == subject.uidNumber() || place.collaborators().contains(subject.uidNumber())) {
            words.add(new Word(0, Effect.ALLOW));
        }
        if (words.isEmpty()) {
            return byDefault == DefaultAccess.OPEN && subject.isIn(LDAPUSERS);
        }
        int lowest = words.stream().mapToInt(Word::priority).min().orElseThrow();
        return !words.contains(new Word(lowest, Effect.DENY));
    }
}
