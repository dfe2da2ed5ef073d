package io.gatehouse.access;

import io.gatehouse.access.AccessDecision.Named;
import io.gatehouse.access.AccessDecision.Step;
import io.gatehouse.access.AccessDecision.SudoGrant;
import io.gatehouse.access.Rule.ByPolicy;
import io.gatehouse.access.Rule.Implicit;
import io.gatehouse.cluster.Text;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Timestamp;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.Caller;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Tells whether somebody may log in on a container, and why: what {@link Enforcement} says, in words. */
@Singleton
final class AccessChecks {

    private final Transactions transactions;
    private final AccessRows rows;
    private final PersonRows people;

    AccessChecks(Transactions transactions, AccessRows rows, PersonRows people) {
        this.transactions = transactions;
        this.rows = rows;
        this.people = people;
    }

    /** @throws Problem if there is no such user or container, or it is none of the caller's business */
    AccessDecision check(AccessQuestion question, Caller caller) {
        var username = Text.required("user", question.user());
        var container = Text.required("container", question.container());
        var at = question.at() == null ? Instant.now().truncatedTo(ChronoUnit.MICROS) : Timestamp.parse("at", question.at());
        return transactions.read(handle -> inOneMoment(handle, () -> {
            var address = rows.address(handle, container);
            if (!caller.administrator() && !caller.is(username) && address.filter(found -> caller.is(found.owner())).isEmpty()) {
                throw Problem.of(Problem.Kind.FORBIDDEN, "Only administrators, the user, and the owner of the container may ask this.");
            }
            var where = address.orElseThrow(() -> Problem.invalid("container", container, "There is no such container."));
            var who = people.find(handle, username).orElseThrow(() -> Problem.invalid("user", username, "There is no such user."));
            var place = rows.places(handle, Set.of(where.containerId()), Set.of(), Set.of()).getFirst();
            var rules = new AccessRules(rows.byDefault(handle), rows.administratorGroups(handle), rows.policies(handle), List.of(place));
            return decision(who, new Ground(place, where), rules, at, caller.administrator());
        }));
    }

    private interface Work<T> {
        T run();
    }

    /** So that what is read is of one moment; a transaction that has begun already cannot have that. */
    private static <T> T inOneMoment(Handle handle, Work<T> work) {
        return handle.isInTransaction() ? work.run() : handle.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, same -> work.run());
    }

    private static AccessDecision decision(Person who, Ground ground, AccessRules rules, Instant at, boolean whole) {
        var enforcement = rules.at(at);
        var chain = chain(who, ground, enforcement);
        var last = chain.getLast();
        return new AccessDecision(who.username(), ground.place().hostname(), at, last.effect(), last,
                whole ? chain : chain.stream().filter(Step::includes).toList(),
                last.effect() == Effect.ALLOW ? sudo(who, ground.place(), rules.policies, enforcement) : List.of());
    }

    /** The last one includes the person, and decides. */
    private static List<Step> chain(Person who, Ground ground, Enforcement enforcement) {
        if (!who.active()) {
            return List.of(new Step("not-active", null, Effect.DENY, true, who.path(Subjects.user(who.uidNumber())), ground.path()));
        }
        var chain = new ArrayList<Step>();
        for (var rule : enforcement.loginRules(ground.place().containerId())) {
            boolean includes = rule.subjects().include(who);
            chain.add(step(rule, includes, who, ground));
            if (includes) {
                return chain;
            }
        }
        chain.add(step(new Rule(Implicit.NOTHING_ALLOWS, Effect.DENY, Subjects.user(who.uidNumber())), true, who, ground));
        return chain;
    }

    private static Step step(Rule rule, boolean includes, Person who, Ground ground) {
        var subject = who.path(rule.subjects());
        return switch (rule.reason()) {
            case ByPolicy(var policy) -> new Step("policy", Named.of(policy), rule.effect(), includes, subject, ground.path(policy.destinations()));
            case Implicit implicit -> new Step(implicit.name().toLowerCase(Locale.ROOT).replace('_', '-'), null, rule.effect(), includes, subject, ground.path());
        };
    }

    private static List<SudoGrant> sudo(Person who, Place place, List<Policy> policies, Enforcement enforcement) {
        return policies.stream()
                .filter(policy -> policy.sudo() != null && enforcement.counts(policy, place.containerId()) && policy.targets().include(who))
                .map(policy -> new SudoGrant(Named.of(policy), policy.effect(), policy.sudo().commands(), policy.sudo().runAs(), policy.sudo().authenticate()))
                .toList();
    }
}
