package io.gatehouse.identity;

import io.gatehouse.platform.mail.Mail;
import io.gatehouse.platform.mail.MailTemplate;
import io.gatehouse.platform.mail.Outbox;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * What people are told of their accounts by mail, in the transaction of what happens to them. To addresses that nobody has proved to be
 * his own go no texts of whoever gave them but the user name.
 */
@Singleton
final class AccountMails {

    private static final Duration A_WHILE = Duration.ofDays(2);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH);

    private static final MailTemplate INVITATION = MailTemplate.named("invitation");
    private static final MailTemplate REGISTRATION_RECEIVED = MailTemplate.named("registration-received");
    private static final MailTemplate REGISTRATION_WAITING = MailTemplate.named("registration-waiting");
    private static final MailTemplate ADDRESS_TAKEN = MailTemplate.named("registration-address-taken");
    private static final MailTemplate REGISTRATION_APPROVED = MailTemplate.named("registration-approved");
    private static final MailTemplate REGISTRATION_DECLINED = MailTemplate.named("registration-declined");
    private static final MailTemplate REGISTRATION_ENDED = MailTemplate.named("registration-ended");
    private static final MailTemplate PASSWORD_RESET = MailTemplate.named("password-reset");
    private static final MailTemplate PASSWORD_CHANGED = MailTemplate.named("password-changed");

    private final Outbox outbox;
    private final UserRows rows;
    private final PublicLinks links;

    AccountMails(Outbox outbox, UserRows rows, PublicLinks links) {
        this.outbox = outbox;
        this.rows = rows;
        this.links = links;
    }

    boolean areSent() {
        return outbox.isOpen();
    }

    /** @param address that was given */
    void registered(Handle handle, User user, @Nullable String address) {
        put(handle, address, REGISTRATION_RECEIVED, Map.of("username", user.username()), A_WHILE);
    }

    /** @param owner whose address somebody else gave, or forgot that it is his */
    void addressTaken(Handle handle, User owner) {
        put(handle, owner.mail(), ADDRESS_TAKEN, Map.of("username", owner.username(), "forgotten", links.forgottenPassword()), A_WHILE);
    }

    /** Tells all who can approve. */
    void waiting(Handle handle, User user) {
        var address = user.mail() != null ? "The mail address is " + user.mail() + "."
                : user.statusReason() != null ? user.statusReason() : "No mail address was given.";
        var values = Map.of("username", user.username(), "address", address, "activate", links.activation(user.username()));
        rows.administratorAddresses(handle).forEach(administrator -> put(handle, administrator, REGISTRATION_WAITING, values, A_WHILE));
    }

    void approved(Handle handle, User user) {
        put(handle, user.mail(), REGISTRATION_APPROVED, Map.of("username", user.username()), A_WHILE);
    }

    void declined(Handle handle, User user) {
        put(handle, user.mail(), REGISTRATION_DECLINED, Map.of("username", user.username()), A_WHILE);
    }

    void unanswered(Handle handle, User user) {
        put(handle, user.mail(), REGISTRATION_ENDED, Map.of("username", user.username()), A_WHILE);
    }

    void passwordChanged(Handle handle, User user) {
        put(handle, user.mail(), PASSWORD_CHANGED,
                Map.of("username", user.username(), "at", readable(Instant.now())), A_WHILE);
    }

    void passwordReset(Handle handle, User user, OneTimeToken token, Instant until) {
        put(handle, user.mail(), PASSWORD_RESET,
                Map.of("username", user.username(), "link", links.passwordReset(token), "until", readable(until)), Duration.between(Instant.now(), until));
    }

    void invitation(Handle handle, Invitation invitation, OneTimeToken token) {
        put(handle, invitation.mail(), INVITATION,
                Map.of("invitedBy", invitation.invitedBy(), "link", links.invitation(token), "until", readable(invitation.expiresAt())),
                Duration.between(Instant.now(), invitation.expiresAt()));
    }

    private void put(Handle handle, @Nullable String address, MailTemplate template, Map<String, String> values, Duration usefulFor) {
        if (address != null) {
            var all = new HashMap<>(values);
            all.put("server", links.server());
            outbox.put(handle, new Mail(address, template, all, usefulFor));
        }
    }

    private static String readable(Instant time) {
        return TIME.format(time.atOffset(ZoneOffset.UTC));
    }
}
