package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.audit.Actor;
import io.gatehouse.directory.Directory;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Principal;
import io.micronaut.core.annotation.Nullable;
import java.net.InetAddress;
import java.util.Objects;

/** Who a connection is bound as. Used by the connection's own thread only. */
final class Session {

    private final Directory directory;
    private final LdapConnection connection;
    private Principal principal;
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
        principal = bound;
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
        if (view == null || view.snapshot() != present) {
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
        return now != null && Objects.equals(now.passwordChangedAt(), principal.passwordChangedAt()) && now.dn().equals(principal.dn());
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
