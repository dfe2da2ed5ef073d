package io.gatehouse.identity;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The groups of users and of groups. */
@Singleton
public final class Groups {

    private final DirectoryTransactions transactions;
    private final GroupRows rows;
    private final UserRows userRows;
    private final Users users;
    private final AuditLog audit;

    Groups(DirectoryTransactions transactions, GroupRows rows, UserRows userRows, Users users, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.userRows = userRows;
        this.users = users;
        this.audit = audit;
    }

    public Optional<Group> find(String cn) {
        return AccountNames.isWellFormed(cn) ? transactions.read(handle -> rows.find(handle, cn)) : Optional.empty();
    }

    /** @throws Problem if there is no such group */
    public Group get(String cn) {
        return find(cn).orElseThrow(() -> noGroup(cn));
    }

    /** @throws Problem if the request breaks a rule */
    public Page<Group> list(ListRequest request, @Nullable Integer gidNumber, @Nullable Boolean administrator) {
        return transactions.read(handle -> rows.list(handle, request, gidNumber, administrator));
    }

    /**
     * User names in their order, of active users and others.
     *
     * @param effective also of the members of groups in this one, at any depth
     * @throws Problem  if there is no such group
     */
    public Page<String> members(String cn, boolean effective, ListRequest request) {
        return transactions.read(handle -> rows.members(handle, existing(handle, cn).gidNumber(), effective, request));
    }

    /** @throws Problem if a value breaks a rule, or the name is taken */
    public Group create(NewGroup wish, Actor actor) {
        var cn = Text.required("cn", wish.cn());
        AccountNames.checkGroupName(cn);
        Text.checkRemark("description", wish.description());
        boolean administrator = Boolean.TRUE.equals(wish.administrator());
        var policy = LdapSecondFactor.orDefault(wish.ldapSecondFactor());
        return transactions.write(handle -> {
            if (rows.find(handle, cn).isPresent()) {
                throw Problem.conflict("cn", cn, "This group name is taken.");
            }
            rows.insert(handle, cn, wish.description(), administrator, policy);
            var group = existing(handle, cn);
            audit.record(handle, success(actor, "identity.group.created", target(cn))
                    .with("gidNumber", group.gidNumber()).with("isAdministrator", administrator)
                    .with(LdapSecondFactor.FIELD, policy.text()).changed("description", null, group.description()));
            return group;
        });
    }

    /** @throws Problem if there is no such group, it is in another state, a value breaks a rule, or no administrator would be left */
    public Group modify(String cn, GroupPatch patch, IfMatch condition, Actor actor) {
        if (patch.cn() != null && !patch.cn().equals(cn)) {
            AccountNames.checkGroupName(patch.cn());
        }
        if (patch.description() != null) {
            Text.checkRemark("description", patch.description().orElse(null));
        }
        return transactions.write(handle -> {
            var before = existing(handle, cn);
            condition.check(before);
            var name = patch.cn() == null ? cn : patch.cn();
            boolean administered = rows.administers(handle, before.gidNumber());
            rows.update(handle, before.gidNumber(), name,
                    patch.description() == null ? before.description() : patch.description().orElse(null),
                    patch.administrator() == null ? before.administrator() : patch.administrator(),
                    patch.ldapSecondFactor() == null ? before.ldapSecondFactor() : patch.ldapSecondFactor());
            var after = existing(handle, name);
            keepAnAdministrator(handle, administered);
            var event = success(actor, "identity.group.modified", target(cn))
                    .changed("cn", cn, name)
                    .changed("description", before.description(), after.description())
                    .changed("isAdministrator", before.administrator(), after.administrator())
                    .changed(LdapSecondFactor.FIELD, before.ldapSecondFactor().text(), after.ldapSecondFactor().text());
            if (event.changedAnything()) {
                audit.record(handle, event);
            }
            return after;
        });
    }

    /** @throws Problem if there is no such group, it is in another state, somebody's primary one or a policy's target, or no administrator would be left */
    public void delete(String cn, IfMatch condition, Actor actor) {
        transactions.write(handle -> {
            var group = existing(handle, cn);
            condition.check(group);
            var holders = rows.holders(handle, group.gidNumber());
            if (!holders.isEmpty()) {
                throw Problem.held("Policies name this group.", holders);
            }
            boolean administered = rows.administers(handle, group.gidNumber());
            rows.delete(handle, group.gidNumber());
            keepAnAdministrator(handle, administered);
            audit.record(handle, success(actor, "identity.group.deleted", target(cn)).with("gidNumber", group.gidNumber())
                    .with("isAdministrator", group.administrator()).with("memberCount", group.memberCount())
                    .with(LdapSecondFactor.FIELD, group.ldapSecondFactor().text()).changed("description", group.description(), null));
            return null;
        });
    }

    /**
     * Makes the user a member, who may be one already.
     *
     * @throws Problem if there is no such group or user
     */
    public void addMember(String cn, String username, Actor actor) {
        transactions.write(handle -> {
            existing(handle, cn);
            if (rows.addMember(handle, users.existing(handle, username).uidNumber(), cn)) {
                audit.record(handle, success(actor, "identity.group.member-added", target(cn)).with("member", username));
            }
            return null;
        });
    }

    /** @throws Problem if there is no such group, the user is no member, or no administrator would be left */
    public void removeMember(String cn, String username, Actor actor) {
        transactions.write(handle -> {
            var group = existing(handle, cn);
            if (!rows.removeMember(handle, users.existing(handle, username).uidNumber(), group.gidNumber())) {
                throw Problem.notFound("member of this group called", username);
            }
            keepAnAdministrator(handle, rows.administers(handle, group.gidNumber()));
            audit.record(handle, success(actor, "identity.group.member-removed", target(cn)).with("member", username));
            return null;
        });
    }

    /**
     * Makes everybody in the one group a member of the other as well, now and later; it may be in there already.
     *
     * @throws Problem if there is no such group, or a group would contain itself or everybody
     */
    public void addGroup(String cn, String member, Actor actor) {
        transactions.write(handle -> {
            var group = existing(handle, cn);
            var inner = existing(handle, member);
            if (inner.cn().equals(Group.LDAPUSERS)) {
                throw everybody();
            }
            if (rows.contains(handle, inner.gidNumber(), group.gidNumber())) {
                throw cycle();
            }
            if (rows.nest(handle, group.gidNumber(), inner.gidNumber())) {
                audit.record(handle, success(actor, "identity.group.group-added", target(cn)).with("memberGroup", member));
            }
            return null;
        });
    }

    /** @throws Problem if there is no such group, the one is not right in the other, or no administrator would be left */
    public void removeGroup(String cn, String member, Actor actor) {
        transactions.write(handle -> {
            var group = existing(handle, cn);
            if (!rows.unnest(handle, group.gidNumber(), existing(handle, member).gidNumber())) {
                throw Problem.notFound("group in this group called", member);
            }
            keepAnAdministrator(handle, rows.administers(handle, group.gidNumber()));
            audit.record(handle, success(actor, "identity.group.group-removed", target(cn)).with("memberGroup", member));
            return null;
        });
    }

    static Problem cycle() {
        return Problem.conflict(null, null, "The group would contain itself: the other one is the same, or is in it already.");
    }

    static Problem everybody() {
        return Problem.conflict(null, null, "Everybody is in ldapusers, and so would be in the other group: ldapusers cannot be put into a group.");
    }

    private Group existing(Handle handle, String cn) {
        if (!AccountNames.isWellFormed(cn)) {
            throw noGroup(cn);
        }
        return rows.find(handle, cn).orElseThrow(() -> noGroup(cn));
    }

    private void keepAnAdministrator(Handle handle, boolean changed) {
        if (changed && !userRows.hasActiveAdministrator(handle)) {
            throw Users.lastAdministrator();
        }
    }

    private static String target(String cn) {
        return "group:" + cn;
    }

    private static Problem noGroup(String cn) {
        return Problem.notFound("group", cn);
    }
}
