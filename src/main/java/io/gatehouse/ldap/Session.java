package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.audit.Actor;
import io.gatehouse.directory.Directory;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Principal;
import io.micronaut.core.annotation.Nullable;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Who a connection is bound as. Used by the connection's own thread only. */
final class Session {

    private final Directory directory;
    private final LdapConnection connection;
    private Principal principal;
    /** What the principal was bound by; null: his own password. */
    private UUID appPassword;
    private int message;
    private DirectoryView view;

    Session(Directory directory, LdapConnection connection) {
        this.directory = directory;
        this.connection = connection;
    }

    /** The message that is being processed from now on. */
    void begin(int id) {
        message = id;
    }

    LdapConnection connection() {
        return connection;
    }

    InetAddress address() {
        return connection.remoteAddress();
    }

    /**
     * Who is bound, as the audit log names it.
     *
     * @throws Refusal as {@link #view()} does
     */
    Actor actor() {
        var bound = principal();
        var from = address().getHostAddress();
        var request = connection.correlationId(message);
        if (bound == null) {
            return Actor.anonymous(from, null).in(request);
        }
        var kind = switch (bound.type()) {
            case PERSON -> Actor.Kind.USER;
            case SERVICE_ACCOUNT -> Actor.Kind.SERVICE_ACCOUNT;
        };
        return new Actor(kind, bound.name(), null, from, null, request);
    }

    /** @param bound null: anonymous */
    void bind(Principal bound) {
        bind(bound, null);
    }

    /**
     * @param bound null: anonymous
     * @param by    the app password that proved it; null: the person's own password, with what else is needed
     */
    void bind(Principal bound, @Nullable UUID by) {
        principal = bound;
        appPassword = by;
        view = null;
        connection.setBound(bound != null);
    }

    /** Null: anonymous. */
    @Nullable String boundDn() {
        return principal == null ? null : principal.dn();
    }

    /** Goes on as the same principal after its own password change. */
    void refresh() {
        bind(principal == null ? null : directory.snapshot().principal(principal.entryId()));
    }

    /**
     * Who is bound, or null for anonymous.
     *
     * @throws Refusal as {@link #view()} does
     */
    Principal principal() {
        view();
        return principal;
    }

    /**
     * The present directory as the bound principal may see it.
     *
     * @throws Refusal when the account was suspended, deleted or given another password since: the connection has ended
     */
    DirectoryView view() {
        var present = directory.snapshot();
        if (view == null || view.snapshot() != present || appPassword != null) {
            if (principal != null && !isStillValid(present.principal(principal.entryId()))) {
                bind(null);
                connection.disconnect(ResultCode.STRONG_AUTH_REQUIRED, "The account that this connection is bound as has changed; bind again.");
                throw new Refusal(ResultCode.STRONG_AUTH_REQUIRED, "Bind again.");
            }
            view = DirectoryView.of(present, principal);
        }
        return view;
    }

    private boolean isStillValid(Principal now) {
        return now != null && Objects.equals(now.passwordChangedAt(), principal.passwordChangedAt()) && now.dn().equals(principal.dn())
                && (appPassword == null ? Objects.equals(now.secondFactorSince(), principal.secondFactorSince()) : isAlive(now, appPassword));
    }

    private static boolean isAlive(Principal now, UUID appPassword) {
        return now.appPasswords().stream().anyMatch(candidate -> candidate.id().equals(appPassword) && candidate.isAlive(Instant.now()));
    }

    /**
     * To be called before anything is changed.
     *
     * @throws Refusal if it is a program that is bound, by an app password
     */
    void requireOwnPassword() {
        if (appPassword != null) {
            throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "An app password reads; it changes nothing.");
        }
    }

    /** Whether a password may travel here. */
    boolean isConfidential(LdapConfiguration configuration) {
        return connection.isSecure() || configuration.allowCleartextFromLoopback() && address().isLoopbackAddress();
    }

    void requireConfidentiality(LdapConfiguration configuration) {
        if (!isConfidential(configuration)) {
            throw new Refusal(ResultCode.CONFIDENTIALITY_REQUIRED, "Passwords are taken over TLS only: use StartTLS or LDAPS.");
        }
    }
}
