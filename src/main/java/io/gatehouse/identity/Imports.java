package io.gatehouse.identity;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.SshPublicKey;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/** Brings in people and groups of another system, all of them or none. */
@Singleton
final class Imports {

    private final DirectoryTransactions transactions;
    private final ImportRows rows;
    private final AuditLog audit;

    Imports(DirectoryTransactions transactions, ImportRows rows, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.audit = audit;
    }

    ImportReport run(NewImport wish, Actor actor) {
        boolean dryRun = Boolean.TRUE.equals(wish.dryRun());
        if (dryRun) {
            return transactions.read(handle -> plan(handle, wish)).report(true);
        }
        return transactions.write(handle -> {
            var plan = plan(handle, wish);
            if (!plan.isRefused()) {
                apply(handle, plan, actor);
            }
            return plan.report(false);
        });
    }

    private ImportPlan plan(Handle handle, NewImport wish) {
        var groups = wish.groups() == null ? List.<String>of()
                : wish.groups().stream().map(ImportedGroup::cn).filter(Objects::nonNull).toList();
        return ImportPlan.of(wish, rows.present(handle, groups));
    }

    private void apply(Handle handle, ImportPlan plan, Actor actor) {
        var gidNumbers = rows.insertGroups(handle, plan.groups());
        var uidNumbers = rows.insertUsers(handle, plan.users());
        rows.insertMembers(handle, plan.users(), plan.members());
        rows.insertNestings(handle, plan.nestings());
        for (var group : plan.groups()) {
            audit.record(handle, success(actor, "identity.group.created", "group:" + group.cn())
                    .with("gidNumber", gidNumbers.get(group.cn())).with("imported", true).changed("description", null, group.description()));
        }
        for (var user : plan.users()) {
            var account = user.account();
            var event = success(actor, "identity.user.created", Users.target(account.username()))
                    .with("uidNumber", uidNumbers.get(account.username())).with("gidNumber", user.gidNumber())
                    .with("status", account.status().text()).with("groups", List.copyOf(user.groups())).with("imported", true)
                    .changed("sshPublicKeys", List.of(), account.sshPublicKeys().stream().map(SshPublicKey::toString).toList());
            if (account.passwordChangeRequired()) {
                event = event.with(UserPatch.PASSWORD_CHANGE_REQUIRED, true);
            }
            for (var field : UserField.values()) {
                event = event.changed(field.jsonName(), null, field.of(account));
            }
            audit.record(handle, account.passwordImported() ? event.with("password", "imported") : event);
        }
        for (var member : plan.members()) {
            if (member.there()) {
                audit.record(handle, success(actor, "identity.group.member-added", "group:" + member.cn())
                        .with("member", member.username()).with("imported", true));
            }
        }
        for (var nesting : plan.nestings()) {
            audit.record(handle, success(actor, "identity.group.group-added", "group:" + nesting.cn())
                    .with("memberGroup", nesting.inner()).with("imported", true));
        }
    }
}
