package io.gatehouse.access;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.cluster.ClusterTransactions;
import io.gatehouse.cluster.Differences;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The policies, which say who may log in where. */
@Singleton
final class Policies {

    private final ClusterTransactions transactions;
    private final PolicyRows rows;
    private final AuditLog audit;

    Policies(ClusterTransactions transactions, PolicyRows rows, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.audit = audit;
    }

    /** Which policies to list; what is null does not matter. */
    record Filter(@Nullable String name, @Nullable Reference target, @Nullable Reference destination, @Nullable Boolean active) {
    }

    Page<ShownPolicy> list(ListRequest request, Filter filter) {
        return transactions.read(handle -> rows.list(handle, request, filter));
    }

    /** @throws Problem if there is no such policy */
    ShownPolicy get(int id) {
        return transactions.read(handle -> existing(handle, id));
    }

    /** @throws Problem if a value breaks a rule or names nothing, or the name is taken */
    ShownPolicy create(NewPolicy wish, Actor actor) {
        var values = PolicyValues.of(wish.complete());
        return transactions.writeWithDirectory(handle -> {
            int id = rows.insert(handle, values).orElseThrow(() -> taken(values));
            rows.replaceTargets(handle, id, values.targets());
            rows.replaceDestinations(handle, id, values.destinations());
            var policy = existing(handle, id);
            audit.record(handle, Differences.add(success(actor, "access.policy.created", target(policy.name())), Map.of(), shown(policy)));
            return policy;
        });
    }

    /** @throws Problem if there is no such policy, it is in another state, a value breaks a rule or names nothing, or the name is taken */
    ShownPolicy modify(int id, MergePatch patch, IfMatch condition, Actor actor) {
        return transactions.writeWithDirectory(handle -> {
            var before = existing(handle, id);
            condition.check(before);
            var values = PolicyValues.of(before.wish().patched(patch));
            if (rows.nameIsTaken(handle, values.name(), id)) {
                throw taken(values);
            }
            var present = PolicyValues.of(before.wish());
            if (values.equals(present)) {
                return before;
            }
            rows.update(handle, id, values);
            if (!values.targets().equals(present.targets())) {
                rows.replaceTargets(handle, id, values.targets());
            }
            if (!values.destinations().equals(present.destinations())) {
                rows.replaceDestinations(handle, id, values.destinations());
            }
            var after = existing(handle, id);
            var event = Differences.add(success(actor, "access.policy.modified", target(before.name())), shown(before), shown(after));
            if (event.changedAnything()) {
                audit.record(handle, event);
            }
            return after;
        });
    }

    /** @throws Problem if there is no such policy, or it is in another state */
    void delete(int id, IfMatch condition, Actor actor) {
        transactions.writeWithDirectory(handle -> {
            var policy = existing(handle, id);
            condition.check(policy);
            rows.delete(handle, id);
            audit.record(handle, Differences.add(success(actor, "access.policy.deleted", target(policy.name())), shown(policy), Map.of()));
            return null;
        });
    }

    /** As the audit log names it. */
    static String target(String name) {
        return "policy:" + name;
    }

    private ShownPolicy existing(Handle handle, int id) {
        return rows.find(handle, id).orElseThrow(() -> Problem.notFound("policy", id));
    }

    private static Map<String, Object> shown(ShownPolicy policy) {
        return PolicyValues.of(policy.wish()).shown();
    }

    private static Problem taken(PolicyValues values) {
        return Problem.conflict("name", values.name(), "There is a policy of this name already.");
    }
}
