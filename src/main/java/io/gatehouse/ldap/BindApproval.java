package io.gatehouse.ldap;

import io.gatehouse.identity.PushApproval;
import io.gatehouse.ldap.Names.Named;
import io.gatehouse.platform.Problem;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionException;

/**
 * Has people approve on a phone what was done with their password. Meanwhile only the client's own connection waits: no hashing
 * thread, no place among the attempts, and no connection of the database is held.
 */
@Singleton
final class BindApproval {

    private final PushApproval approval;
    private final LdapMeters meters;

    BindApproval(PushApproval approval, LdapMeters meters) {
        this.approval = approval;
        this.meters = meters;
    }

    boolean isDue() {
        return approval.isDue();
    }

    /**
     * Returns if the person approves.
     *
     * @throws Refusal that tells why not
     */
    void require(Named named, Session session) {
        var principal = named.principal();
        try {
            var answer = approval.ask(principal.name(), PushApproval.Door.LDAP, session.address(), session.actor());
            session.connection().await(answer);
            answer.join();
        } catch (Problem | CompletionException | Refusal failure) {
            meters.bound(principal.type(), LdapMeters.Outcome.NOT_APPROVED);
            throw failure instanceof CompletionException && failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }
}
