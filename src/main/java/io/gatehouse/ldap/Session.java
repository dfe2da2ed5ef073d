package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
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
    private Proof proof = Proof.COMPLETE;
    /** Whether the password that proved it had to be changed then. */
    private boolean changeRequired;
    /** The service account that was bound last, whoever was bound after it. */
    private Principal client;
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
            case MACHINE -> Actor.Kind.CONTAINER;
        };
        return new Actor(kind, bound.name(), null, from, null, request);
    }

    /** @param by what proved it */
    void bind(Principal bound, Proof by) {
        set(bound, by);
        if (bound.type() == Principal.Type.SERVICE_ACCOUNT) {
            client = bound;
        }
    }

    /** Goes on as anonymous; whose connection it is stays known. */
    void unbind() {
        set(null, Proof.COMPLETE);
    }

    /** Forgets whatever was said in the clear. */
    void reset() {
        unbind();
        client = null;
    }

    private void set(@Nullable Principal bound, Proof by) {
        principal = bound;
        proof = by;
        changeRequired = bound != null && bound.passwordChangeRequired() && !(by instanceof Proof.AppPassword);
        view = null;
        connection.setBound(bound != null);
    }

    /** The service account whose connection this is, as it is now; null if none was bound, or it has got another password since. */
    @Nullable Principal client() {
        var now = client == null ? null : directory.snapshot().principal(client.entryId());
        return now != null && isSame(now, client) ? now : null;
    }

    /** Null: anonymous. */
    @Nullable String boundDn() {
        return principal == null ? null : principal.dn();
    }

    /** Goes on as the same principal after its own password change, unless somebody else has set another password since. */
    void refresh(Instant changedAt) {
        var now = directory.snapshot().principal(principal.entryId());
        if (now != null && changedAt.equals(now.passwordChangedAt())) {
            set(now, proof);
        }
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
        if (view == null || !view.isCurrent(present) || proof instanceof Proof.AppPassword) {
            if (principal != null && !isStillValid(present.principal(principal.entryId()))) {
                unbind();
                connection.disconnect(ResultCode.STRONG_AUTH_REQUIRED, "The account that this connection is bound as has changed; bind again.");
                throw new Refusal(ResultCode.STRONG_AUTH_REQUIRED, "Bind again.");
            }
            view = DirectoryView.of(present, principal, Instant.now());
        }
        return view;
    }

    private boolean isStillValid(Principal now) {
        return now != null && isSame(now, principal) && switch (proof) {
            case Proof.AppPassword(var id) -> isAlive(now, id);
            case Proof.Complete complete -> Objects.equals(now.secondFactorSince(), principal.secondFactorSince());
            case Proof.PasswordAlone alone -> Objects.equals(now.secondFactorSince(), principal.secondFactorSince());
        };
    }

    private static boolean isSame(Principal now, Principal before) {
        return Objects.equals(now.passwordChangedAt(), before.passwordChangedAt()) && now.dn().equals(before.dn());
    }

    private static boolean isAlive(Principal now, UUID appPassword) {
        return now.appPasswords().stream().anyMatch(candidate -> candidate.id().equals(appPassword) && candidate.isAlive(Instant.now()));
    }

    /**
     * To be called before anything is changed.
     *
     * @throws Refusal if it is a program that is bound, by an app password, or somebody whose second factor was not asked for
     */
    void requireCompleteProof() {
        switch (proof) {
            case Proof.Complete complete -> { }
            case Proof.AppPassword program ->
                    throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "An app password reads; it changes nothing.");
            case Proof.PasswordAlone alone -> throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
                    "Whoever has a second factor, and was bound without it, reads and changes nothing.");
        }
    }

    /**
     * Whether the own password must be changed before anything else (draft-behera-ldap-password-policy section 8.1.1). A connection that
     * was bound before that was asked for goes on.
     */
    boolean mustChangePassword() {
        var now = changeRequired ? directory.snapshot().principal(principal.entryId()) : null;
        return now != null && now.passwordChangeRequired();
    }

    /**
     * To be called before anything but the change of the own password.
     *
     * @throws Refusal if that comes first, or as {@link #view()} does
     */
    void requireNoPasswordChangeFirst() {
        if (changeRequired) {
            view();
            if (mustChangePassword()) {
                throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "The password must be changed before anything else: by Password Modify"
                        + " (RFC 3062) of the own account, as ldappasswd does it.").with(new DraftBeheraLDAPPasswordPolicy10ResponseControl(
                        null, -1, DraftBeheraLDAPPasswordPolicy10ErrorType.CHANGE_AFTER_RESET));
            }
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
