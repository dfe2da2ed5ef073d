package io.gatehouse.identity;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** People whom administrators ask to make accounts. */
@Singleton
final class Invitations {

    private static final int MAX_AT_ONCE = 100;
    private static final String NO_GOOD = "There is no such invitation, or it was used, revoked, sent again or is too old. Ask for another one.";

    private final DirectoryTransactions transactions;
    private final InvitationRows rows;
    private final UserRows users;
    private final GroupRows groups;
    private final AccountMails mails;
    private final PublicLinks links;
    private final AuditLog audit;
    private final Settings settings;

    Invitations(DirectoryTransactions transactions, InvitationRows rows, UserRows users, GroupRows groups, AccountMails mails,
                PublicLinks links, AuditLog audit, Settings settings) {
        this.transactions = transactions;
        this.rows = rows;
        this.users = users;
        this.groups = groups;
        this.mails = mails;
        this.links = links;
        this.audit = audit;
        this.settings = settings;
    }

    /**
     * Invites those who can be invited.
     *
     * @throws Problem if there are no addresses or too many, or a group does not exist
     */
    InvitationReport invite(NewInvitations wish, Actor actor) {
        var addresses = wish.mails() == null ? List.<String>of() : wish.mails();
        if (addresses.isEmpty() || addresses.size() > MAX_AT_ONCE) {
            throw Problem.invalidSecret("mails", "1 to " + MAX_AT_ONCE + " mail addresses are needed.");
        }
        addresses.forEach(mail -> Text.required("mails", mail));
        var wanted = wish.groups() == null ? List.<String>of() : wish.groups().stream().map(cn -> Text.required("groups", cn)).distinct().toList();
        return transactions.write(handle -> {
            for (var cn : wanted) {
                if (!AccountNames.isWellFormed(cn) || groups.find(handle, cn).isEmpty()) {
                    throw Problem.invalid("groups", cn, "There is no such group.");
                }
            }
            var lines = new ArrayList<InvitationReport.Line>();
            for (var mail : addresses) {
                var refusal = refusal(handle, mail);
                lines.add(refusal == null
                        ? InvitationReport.Line.of(invite(handle, mail, wanted, actor))
                        : InvitationReport.Line.refused(mail, refusal));
            }
            return new InvitationReport(lines);
        });
    }

    private @Nullable String refusal(Handle handle, String mail) {
        try {
            UserField.MAIL.check(mail);
        } catch (Problem malformed) {
            return malformed.getMessage();
        }
        if (users.mailIsTaken(handle, mail)) {
            return "This mail address belongs to an account.";
        }
        return rows.isOpen(handle, mail) ? "This mail address is invited already; the invitation can be sent again." : null;
    }

    private SentInvitation invite(Handle handle, String mail, List<String> wanted, Actor actor) {
        var token = OneTimeToken.fresh();
        var invitation = rows.find(handle, rows.insert(handle, mail, wanted, token, actor.name(), settings.get(Setting.INVITATION_LIFETIME))).orElseThrow();
        audit.record(handle, success(actor, "identity.invitation.created", target(invitation)).with("mail", mail).with("groups", invitation.groups()));
        return sent(handle, invitation, token);
    }

    Page<Invitation> list(ListRequest request, @Nullable String mail) {
        return transactions.read(handle -> rows.list(handle, request, mail));
    }

    /** @throws Problem if there is no such invitation */
    Invitation get(String id) {
        return transactions.read(handle -> rows.find(handle, parse(id)).orElseThrow(() -> Problem.notFound("invitation", id)));
    }

    /**
     * Makes a new token; the old one is void.
     *
     * @throws Problem if there is no such invitation
     */
    SentInvitation resend(String id, Actor actor) {
        return transactions.write(handle -> {
            var key = UUID.fromString(existing(handle, id).id());
            var token = OneTimeToken.fresh();
            rows.renew(handle, key, token, actor.name(), settings.get(Setting.INVITATION_LIFETIME));
            var invitation = rows.find(handle, key).orElseThrow();
            audit.record(handle, success(actor, "identity.invitation.resent", target(invitation)).with("mail", invitation.mail()));
            return sent(handle, invitation, token);
        });
    }

    /** @throws Problem if there is no such invitation */
    void revoke(String id, Actor actor) {
        transactions.write(handle -> {
            var invitation = existing(handle, id);
            rows.delete(handle, UUID.fromString(invitation.id()));
            audit.record(handle, success(actor, "identity.invitation.revoked", target(invitation)).with("mail", invitation.mail()));
            return null;
        });
    }

    /** @throws Problem if it is none that still is good */
    Invitation find(String token) {
        return transactions.read(handle -> rows.find(handle, new OneTimeToken(token)))
                .orElseThrow(() -> Problem.of(Problem.Kind.NOT_FOUND, NO_GOOD));
    }

    /**
     * The one that somebody wants to use.
     *
     * @throws Problem if it is none that still is good
     */
    Invitation forUse(Handle handle, String token) {
        return rows.find(handle, new OneTimeToken(token)).orElseThrow(() -> Problem.invalidSecret("invitation", NO_GOOD));
    }

    /** Inside of the {@link DirectoryTransactions#write} that uses it. */
    void spend(Handle handle, Invitation invitation) {
        rows.delete(handle, UUID.fromString(invitation.id()));
    }

    /** Whether somebody with this address is invited. */
    boolean isOpen(Handle handle, String mail) {
        return rows.isOpen(handle, mail);
    }

    static String target(Invitation invitation) {
        return "invitation:" + invitation.id();
    }

    private Invitation existing(Handle handle, String id) {
        return rows.lock(handle, parse(id)).orElseThrow(() -> Problem.notFound("invitation", id));
    }

    private SentInvitation sent(Handle handle, Invitation invitation, OneTimeToken token) {
        mails.invitation(handle, invitation, token);
        return mails.areSent() ? new SentInvitation(invitation, "mail", null) : new SentInvitation(invitation, "link", links.invitation(token));
    }

    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("invitation", id);
        }
    }
}
