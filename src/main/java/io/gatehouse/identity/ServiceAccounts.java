package io.gatehouse.identity;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.PasswordHashing;
import io.gatehouse.credentials.PasswordPolicy;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Unavailable;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.micronaut.context.BeanProvider;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The accounts by which clients read the directory. */
@Singleton
public final class ServiceAccounts {

    private final DirectoryTransactions transactions;
    private final ServiceAccountRows rows;
    private final PasswordHashing hashing;
    private final PasswordPolicy policy;
    private final AuditLog audit;
    private final BeanProvider<LdapEndpoints> ldap;

    ServiceAccounts(DirectoryTransactions transactions, ServiceAccountRows rows, PasswordHashing hashing, PasswordPolicy policy,
                    AuditLog audit, BeanProvider<LdapEndpoints> ldap) {
        this.transactions = transactions;
        this.rows = rows;
        this.hashing = hashing;
        this.policy = policy;
        this.audit = audit;
        this.ldap = ldap;
    }

    public Optional<ServiceAccount> find(String name) {
        return AccountNames.isWellFormedServiceName(name)
                ? transactions.read(handle -> rows.find(handle, name)).map(this::shown)
                : Optional.empty();
    }

    /** @throws Problem if there is no such service account */
    public ServiceAccount get(String name) {
        return find(name).orElseThrow(() -> none(name));
    }

    /** @throws Problem if the request breaks a rule */
    public Page<ServiceAccount> list(ListRequest request) {
        var found = transactions.read(handle -> rows.list(handle, request));
        return new Page<>(found.items().stream().map(this::shown).toList(), found.next());
    }

    /** @throws Problem if the name breaks a rule or is taken */
    public ServiceAccountPassword create(NewServiceAccount wish, Actor actor) {
        var name = Text.required("name", wish.name());
        AccountNames.checkServiceName(name);
        Text.checkRemark("description", wish.description());
        var secondFactor = LdapSecondFactor.parse(wish.ldapSecondFactor());
        var password = policy.generate();
        var hash = hashing.hash(password);
        return transactions.write(handle -> {
            rows.insert(handle, name, wish.description(), secondFactor, hash);
            audit.record(handle, success(actor, "identity.service-account.created", target(name)).changed("description", null, wish.description())
                    .changed(LdapSecondFactor.FIELD, null, text(secondFactor)));
            return new ServiceAccountPassword(name, dn(name), password);
        });
    }

    /**
     * Replaces the password; the old one is void at once.
     *
     * @throws Problem if there is no such service account, or it is in another state
     */
    public ServiceAccountPassword rotate(String name, IfMatch condition, Actor actor) {
        get(name);
        var password = policy.generate();
        var hash = hashing.hash(password);
        return transactions.write(handle -> {
            condition.check(existing(handle, name));
            rows.updatePassword(handle, name, hash);
            audit.record(handle, success(actor, "identity.service-account.rotated", target(name)).masked("password"));
            return new ServiceAccountPassword(name, dn(name), password);
        });
    }

    /** @throws Problem if there is no such service account, it is in another state, or the description breaks a rule */
    public ServiceAccount modify(String name, ServiceAccountPatch patch, IfMatch condition, Actor actor) {
        if (patch.description() != null) {
            Text.checkRemark("description", patch.description().orElse(null));
        }
        return transactions.write(handle -> {
            var before = existing(handle, name);
            condition.check(before);
            var description = patch.description() == null ? before.description() : patch.description().orElse(null);
            var secondFactor = patch.ldapSecondFactor() == null ? before.ldapSecondFactor() : patch.ldapSecondFactor().orElse(null);
            var event = success(actor, "identity.service-account.modified", target(name))
                    .changed("description", before.description(), description)
                    .changed(LdapSecondFactor.FIELD, text(before.ldapSecondFactor()), text(secondFactor));
            if (event.changedAnything()) {
                rows.update(handle, name, description, secondFactor);
                audit.record(handle, event);
            }
            return existing(handle, name);
        });
    }

    /** @throws Problem if there is no such service account, or it is in another state */
    public void delete(String name, IfMatch condition, Actor actor) {
        transactions.write(handle -> {
            var account = existing(handle, name);
            condition.check(account);
            rows.delete(handle, name);
            audit.record(handle, success(actor, "identity.service-account.deleted", target(name)).changed("description", account.description(), null)
                    .changed(LdapSecondFactor.FIELD, text(account.ldapSecondFactor()), null));
            return null;
        });
    }

    /**
     * Stores a hash with the present parameters of a password that was just found right. Does nothing if the password has
     * changed meanwhile, or the database cannot be reached.
     */
    public void rehash(String name, String oldHash, String password) {
        var hash = hashing.hash(password);
        try {
            transactions.write(handle -> {
                rows.replaceHash(handle, name, oldHash, hash);
                return null;
            });
        } catch (Unavailable e) {
            // The old hash still is a good one; the next login tries again.
        }
    }

    private ServiceAccount existing(Handle handle, String name) {
        if (!AccountNames.isWellFormedServiceName(name)) {
            throw none(name);
        }
        return rows.find(handle, name).map(this::shown).orElseThrow(() -> none(name));
    }

    private ServiceAccount shown(ServiceAccountRows.Row row) {
        return new ServiceAccount(row.name(), dn(row.name()), row.description(), row.ldapSecondFactor(), row.revision(), row.createdAt(), row.updatedAt());
    }

    /** The name needs no escaping: its characters are none of those special in a DN (RFC 4514 section 2.4). */
    private String dn(String name) {
        return "cn=" + name + ",ou=services," + ldap.get().baseDn();
    }

    private static @Nullable String text(@Nullable LdapSecondFactor policy) {
        return policy == null ? null : policy.text();
    }

    private static String target(String name) {
        return "service-account:" + name;
    }

    private static Problem none(String name) {
        return Problem.notFound("service account", name);
    }
}
