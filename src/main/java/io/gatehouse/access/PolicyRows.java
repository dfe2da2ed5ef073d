package io.gatehouse.access;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Listing.Type;
import io.gatehouse.platform.http.Page;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;

/** The tables {@code policies}, {@code policy_targets} and {@code policy_destinations}, as the API shows and writes them. */
@Singleton
final class PolicyRows {

    private static final String SELECT = """
            select p.*,
                   array(select coalesce('user:' || u.username, 'group:' || g.cn) collate "C"
                         from policy_targets t left join users u on u.uid_number = t.uid_number left join groups g on g.gid_number = t.gid_number
                         where t.policy_id = p.id order by 1) as targets,
                   array(select coalesce('site:' || s.name, 'node:' || n.name, 'container:' || c.hostname, 'cidr:' || d.network::text) collate "C"
                         from policy_destinations d left join sites s on s.id = d.site_id left join nodes n on n.id = d.node_id
                         left join containers c on c.id = d.container_id
                         where d.policy_id = p.id order by 1) as destinations
            from policies p
            """;

    private static final Listing<ShownPolicy> LISTING = Listing.of(SELECT, PolicyRows::policy)
            .key("p.id", Type.NUMBER, ShownPolicy::id)
            .sort("priority", "p.priority", Type.NUMBER, ShownPolicy::priority)
            .sort("name", "p.name", Type.TEXT, ShownPolicy::name)
            .sort("createdAt", "p.created_at", Type.TIME, ShownPolicy::createdAt)
            .search("p.name", "p.description");

    private static final String VALUES = """
            :name, :description, :priority, :effect, :active, :validFrom, :validUntil, :login, :commands, :runAs, :authenticate""";
    private static final String COLUMNS = """
            name, description, priority, effect, active, valid_from, valid_until, login, sudo_commands, sudo_run_as, sudo_authenticate""";

    Optional<ShownPolicy> find(Handle handle, int id) {
        return handle.createQuery(SELECT + "where p.id = :id").bind("id", id).map(PolicyRows::policy).findOne();
    }

    Page<ShownPolicy> list(Handle handle, ListRequest request, Policies.Filter filter) {
        var conditions = new Conditions().equal("p.active", filter.active()).and("lower(p.name) = lower(:name)", "name", filter.name());
        naming(conditions, "policy_targets", "target", filter.target());
        naming(conditions, "policy_destinations", "destination", filter.destination());
        return LISTING.page(handle, request, conditions);
    }

    private static void naming(Conditions conditions, String table, String filter, Reference wanted) {
        if (wanted != null) {
            conditions.and("p.id in (select policy_id from " + table + " where " + wanted.kind().column() + "::text = ("
                    + wanted.kind().key().replace(":name", ":" + filter) + ")::text)", filter, wanted.name());
        }
    }

    boolean nameIsTaken(Handle handle, String name, int except) {
        return handle.createQuery("select exists (select from policies where lower(name) = lower(:name) and id <> :except)")
                .bind("name", name).bind("except", except).mapTo(boolean.class).one();
    }

    /** @return its id; empty if the name is taken */
    Optional<Integer> insert(Handle handle, PolicyValues policy) {
        return bound(handle.createUpdate("insert into policies (" + COLUMNS + ") values (" + VALUES + ") on conflict (lower(name)) do nothing"), policy)
                .executeAndReturnGeneratedKeys("id").mapTo(Integer.class).findOne();
    }

    void update(Handle handle, int id, PolicyValues policy) {
        bound(handle.createUpdate("update policies set (" + COLUMNS + ") = (" + VALUES + ") where id = :id"), policy).bind("id", id).execute();
    }

    private static Update bound(Update update, PolicyValues policy) {
        var sudo = policy.sudo();
        return update.bind("name", policy.name())
                .bind("description", policy.description())
                .bind("priority", policy.priority())
                .bind("effect", policy.effect().text())
                .bind("active", policy.active())
                .bind("validFrom", policy.validFrom())
                .bind("validUntil", policy.validUntil())
                .bind("login", policy.login())
                .bindArray("commands", String.class, sudo == null ? null : sudo.commands().toArray())
                .bindArray("runAs", String.class, sudo == null ? new Object[0] : sudo.runAs().toArray())
                .bind("authenticate", sudo == null || sudo.authenticate());
    }

    /** @throws Problem if there is no such user or group, or it is named twice */
    void replaceTargets(Handle handle, int id, List<Reference> targets) {
        replace(handle, "policy_targets", NewPolicy.TARGETS, id, targets);
    }

    /** @throws Problem if there is no such place, or it is named twice */
    void replaceDestinations(Handle handle, int id, List<Reference> destinations) {
        replace(handle, "policy_destinations", NewPolicy.DESTINATIONS, id, destinations);
    }

    private static void replace(Handle handle, String table, String field, int id, List<Reference> references) {
        handle.execute("delete from " + table + " where policy_id = ?", id);
        var seen = new HashSet<String>();
        for (int i = 0; i < references.size(); i++) {
            var kind = references.get(i).kind();
            var name = references.get(i).name();
            var place = field + "[" + i + "].id";
            var key = handle.createQuery(kind.key()).bind("name", name).mapTo(String.class).findOne()
                    .orElseThrow(() -> Problem.invalid(place, name, "There is no such " + kind.text() + "."));
            if (!seen.add(kind.column() + key)) {
                throw Problem.invalid(place, name, "This " + kind.text() + " is named twice.");
            }
            handle.createUpdate("insert into " + table + " (policy_id, " + kind.column() + ") values (:id, cast(:key as "
                            + (kind == ReferenceKind.CIDR ? "cidr" : "integer") + "))")
                    .bind("id", id).bind("key", key).execute();
        }
    }

    void delete(Handle handle, int id) {
        handle.execute("delete from policies where id = ?", id);
    }

    /** A policy whose time began or ended. */
    record Turn(String name, boolean active, boolean began) {
    }

    boolean areTurns(Handle handle) {
        return handle.createQuery("select exists (select from policies where in_force <> covers_now(valid_from, valid_until))").mapTo(boolean.class).one();
    }

    /** Those since the last call; each has another change number by now. */
    List<Turn> takeTurns(Handle handle) {
        return handle.createQuery("""
                        update policies set in_force = not in_force where in_force <> covers_now(valid_from, valid_until)
                        returning name, active, in_force""")
                .map((row, context) -> new Turn(row.getString("name"), row.getBoolean("active"), row.getBoolean("in_force")))
                .list();
    }

    private static ShownPolicy policy(ResultSet row, StatementContext context) throws SQLException {
        return new ShownPolicy(
                row.getInt("id"),
                row.getString("name"),
                row.getString("description"),
                row.getInt("priority"),
                Effect.parse(row.getString("effect")),
                row.getBoolean("active"),
                AccessRows.instant(row, "valid_from"),
                AccessRows.instant(row, "valid_until"),
                references(row, "targets", PolicyTarget::of),
                references(row, "destinations", PolicyDestination::of),
                row.getBoolean("login"),
                AccessRows.sudo(row),
                AccessRows.instant(row, "created_at"),
                AccessRows.instant(row, "updated_at"),
                row.getLong("revision"));
    }

    private static <T> List<T> references(ResultSet row, String column, Function<Reference, T> shown) throws SQLException {
        return Stream.of((String[]) row.getArray(column).getArray()).map(Reference::parse).map(shown).toList();
    }
}
