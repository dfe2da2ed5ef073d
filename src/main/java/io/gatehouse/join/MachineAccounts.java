package io.gatehouse.join;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.cluster.ClusterTransactions;
import io.gatehouse.cluster.Containers;
import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.credentials.Sha256;
import io.gatehouse.identity.LdapEndpoints;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.IfMatch;
import io.micronaut.context.BeanProvider;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/** The accounts by which containers read the directory, one for each that has joined. */
@Singleton
final class MachineAccounts {

    private final ClusterTransactions transactions;
    private final Containers containers;
    private final MachineAccountRows accounts;
    private final JoinTokenRows tokens;
    private final AuditLog audit;
    private final BeanProvider<LdapEndpoints> ldap;

    MachineAccounts(ClusterTransactions transactions, Containers containers, MachineAccountRows accounts, JoinTokenRows tokens, AuditLog audit,
                    BeanProvider<LdapEndpoints> ldap) {
        this.transactions = transactions;
        this.containers = containers;
        this.accounts = accounts;
        this.tokens = tokens;
        this.audit = audit;
        this.ldap = ldap;
    }

    /** @throws Problem if there is no such container that the caller may change, or it has not joined */
    MachineAccount get(int container, Caller caller) {
        return transactions.read(handle -> existing(handle, container, caller));
    }

    /**
     * Gives the account another password; the old one is void at once, and connections that are bound with it end.
     *
     * @throws Problem if there is no such container that the caller may change, or it has not joined, or the account is in another state
     */
    MachineAccountPassword rotate(int container, IfMatch condition, Caller caller, Actor actor) {
        var secret = RandomSecret.machineSecret();
        return transactions.writeWithDirectory(handle -> {
            var account = existing(handle, container, caller);
            condition.check(account);
            accounts.rotate(handle, container, Sha256.of(secret));
            audit.record(handle, success(actor, "cluster.machine-account.rotated", target(handle, container, caller)).masked("password"));
            return new MachineAccountPassword(account.dn(), secret);
        });
    }

    /**
     * Cuts the container off. A join token that nobody has redeemed yet goes, too.
     *
     * @throws Problem if there is no such container that the caller may change, or it has not joined, or the account is in another state
     */
    void delete(int container, IfMatch condition, Caller caller, Actor actor) {
        transactions.writeWithDirectory(handle -> {
            condition.check(existing(handle, container, caller));
            remove(handle, container, success(actor, "cluster.machine-account.deleted", target(handle, container, caller)));
            return null;
        });
    }

    /**
     * Deletes the account whose password this is, as the container itself asks.
     *
     * @throws Problem if no account has it
     */
    void leave(String password, Actor actor) {
        if (!RandomSecret.looksLikeMachineSecret(password)) {
            throw none();
        }
        var hash = Sha256.of(password);
        transactions.read(handle -> accounts.holder(handle, hash)).orElseThrow(MachineAccounts::none);
        transactions.writeWithDirectory(handle -> {
            var holder = accounts.holder(handle, hash).orElseThrow(MachineAccounts::none);
            remove(handle, holder.containerId(), success(Joining.as(holder.hostname(), actor), "cluster.machine-account.deleted",
                    "container:" + holder.hostname()));
            return null;
        });
    }

    /** The host name needs no escaping: its characters are none of those special in a DN (RFC 4514 section 2.4). */
    String dn(String hostname) {
        return "cn=" + hostname + ",ou=hosts," + ldap.get().baseDn();
    }

    private void remove(Handle handle, int container, AuditEvent event) {
        accounts.delete(handle, container);
        tokens.delete(handle, container);
        audit.record(handle, event);
    }

    private MachineAccount existing(Handle handle, int id, Caller caller) {
        var container = containers.changeable(handle, id, caller);
        return accounts.find(handle, id).map(row -> new MachineAccount(dn(container.hostname()), row.joinedAt(), row.secretChangedAt(), row.usn()))
                .orElseThrow(() -> Problem.of(Problem.Kind.NOT_FOUND, "The container has not joined the directory, so it has no account."));
    }

    private String target(Handle handle, int container, Caller caller) {
        return Containers.target(containers.changeable(handle, container, caller));
    }

    private static Problem none() {
        return Problem.of(Problem.Kind.NOT_FOUND, "No container's account has this password.");
    }
}
