package io.gatehouse.join;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.cluster.ClusterTransactions;
import io.gatehouse.cluster.Containers;
import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.credentials.Sha256;
import io.gatehouse.identity.SssdConfigurations;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.ShellText;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.PublicUrl;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.Optional;

/** How a container gets its account: by a token, which is good once and for an hour. */
@Singleton
final class Joining {

    private static final String JOINED = "cluster.container.joined";

    private final PublicUrl publicUrl;
    private final ClusterTransactions transactions;
    private final Containers containers;
    private final JoinTokenRows tokens;
    private final MachineAccountRows accounts;
    private final MachineAccounts machines;
    private final SssdConfigurations sssd;
    private final JoinScripts scripts;
    private final AuditLog audit;

    Joining(PublicUrl publicUrl, ClusterTransactions transactions, Containers containers, JoinTokenRows tokens,
            MachineAccountRows accounts, MachineAccounts machines, SssdConfigurations sssd, JoinScripts scripts, AuditLog audit) {
        this.publicUrl = publicUrl;
        this.transactions = transactions;
        this.containers = containers;
        this.tokens = tokens;
        this.accounts = accounts;
        this.machines = machines;
        this.sssd = sssd;
        this.scripts = scripts;
        this.audit = audit;
    }

    /**
     * Makes a token for a container; the one before is void.
     *
     * @throws Problem if there is no such container that the caller may change, or the server does not know its own address
     */
    JoinToken issue(int id, Caller caller, Actor actor) {
        var server = server();
        var token = RandomSecret.joinToken();
        return transactions.write(handle -> {
            var container = containers.changeable(handle, id, caller);
            var expiresAt = tokens.replace(handle, id, Sha256.of(token));
            audit.record(handle, AuditEvent.success(actor, "cluster.join-token.created", Containers.target(container)).with("expiresAt", expiresAt.toString()));
            return new JoinToken(token, expiresAt, "curl -fsS " + ShellText.quoted(server + "/join?token=" + token) + " | sh");
        });
    }

    /** The script that redeems this token; for one that nobody knows a script that says so. Fetching it changes nothing. */
    String script(@Nullable String token) {
        var server = server();
        return find(token).map(ticket -> {
            var dn = machines.dn(ticket.hostname());
            return scripts.joining(server, token, ticket, dn, sssd.render(dn, SssdConfigurations.PASSWORD_PLACEHOLDER));
        }).orElseGet(() -> scripts.refusal(server));
    }

    /**
     * Exchanges a token for the container's account, which it makes, or gives another password.
     *
     * @return a whole {@code sssd.conf}, with the password
     * @throws Problem if the token is not known, or not good any more
     */
    String redeem(String token, Actor actor) {
        var ticket = find(token).orElseThrow(() -> Problem.of(Problem.Kind.NOT_FOUND,
                "This is no join token that is known here: it was not copied whole, a newer one has replaced it, or its container is gone."));
        var secret = RandomSecret.machineSecret();
        var joined = transactions.writeWithDirectory(handle -> tokens.redeem(handle, Sha256.of(token)).map(id -> {
            var hostname = accounts.join(handle, id, Sha256.of(secret));
            audit.record(handle, AuditEvent.success(as(hostname, actor), JOINED, target(hostname)));
            return hostname;
        }));
        if (joined.isEmpty()) {
            audit.record(AuditEvent.failure(actor, JOINED, target(ticket.hostname())));
            throw Problem.of(Problem.Kind.NOT_FOUND, "This join token was used already, or it is older than an hour.");
        }
        return sssd.render(machines.dn(joined.get()), secret);
    }

    /** Never taken from a request: whoever sends one could have a container join somebody else's server. */
    private String server() {
        return publicUrl.text().map(url -> url.replaceFirst("/+$", "")).orElseThrow(() -> Problem.conflict(null, null,
                "The server does not know by what address containers reach it: set GATEHOUSE_PUBLIC_URL."));
    }

    /** The client that asks, now known to be this container. */
    static Actor as(String hostname, Actor actor) {
        return new Actor(Actor.Kind.CONTAINER, hostname, null, actor.address(), actor.userAgent(), actor.correlationId());
    }

    private Optional<JoinTicket> find(@Nullable String token) {
        return token == null || !RandomSecret.looksLikeJoinToken(token)
                ? Optional.empty()
                : transactions.read(handle -> tokens.find(handle, Sha256.of(token)));
    }

    private static String target(String hostname) {
        return "container:" + hostname;
    }
}
