package io.gatehouse.identity;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.PasswordHashing;
import io.gatehouse.credentials.PasswordPolicy;
import io.gatehouse.credentials.SshPublicKey;
import io.gatehouse.identity.PasswordChangeDuty.Compared;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Unavailable;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The people who have accounts. */
@Singleton
public final class Users {

    static final int MOST_KEYS = 100;

    private final DirectoryTransactions transactions;
    private final UserRows rows;
    private final GroupRows groups;
    private final PasswordHashing hashing;
    private final PasswordPolicy policy;
    private final PasswordChangeDuty duty;
    private final AuditLog audit;
    private final List<AccessRevocation> revocations;
    private final AccountMails mails;

    Users(DirectoryTransactions transactions, UserRows rows, GroupRows groups, PasswordHashing hashing, PasswordPolicy policy,
          PasswordChangeDuty duty, AuditLog audit, List<AccessRevocation> revocations, AccountMails mails, UidNumbers uidNumbers) {
        this.transactions = transactions;
        this.rows = rows;
        this.groups = groups;
        this.hashing = hashing;
        this.policy = policy;
        this.duty = duty;
        this.audit = audit;
        this.revocations = revocations;
        this.mails = mails;
        uidNumbers.apply();
    }

    public Optional<User> find(String username) {
        return AccountNames.isWellFormed(username) ? transactions.read(handle -> rows.find(handle, username)) : Optional.empty();
    }

    /** @throws Problem if there is no such user */
    public User get(String username) {
        return find(username).orElseThrow(() -> noUser(username));
    }

    /** @throws Problem if the request breaks a rule */
    public Page<User> list(ListRequest request, UserFilter filter) {
        return transactions.read(handle -> rows.list(handle, request, filter));
    }

    /** @throws Problem if a value breaks a rule, is taken, or names a group that does not exist */
    public User create(NewUser wish, Actor actor) {
        if (wish.password() != null && wish.passwordHash() != null) {
            throw Problem.invalidSecret("passwordHash", "Either a password or a hash of one can be given, not both.");
        }
        var account = NewAccount.of(wish);
        if (wish.passwordHash() != null) {
            account = account.withImportedHash(wish.passwordHash());
        }
        var complete = withPassword(account, wish.password());
        return transactions.write(handle -> insert(handle, complete, "identity.user.created", actor));
    }

    /** @throws Problem if there is no such user, or a value breaks a rule or is taken */
    public User modify(String username, UserPatch patch, Actor actor) {
        return modify(username, patch, IfMatch.ANY, actor);
    }

    /** @throws Problem if there is no such user, it is in another state, or a value breaks a rule or is taken */
    public User modify(String username, UserPatch patch, IfMatch condition, Actor actor) {
        patch.fields().forEach((field, value) -> value.ifPresent(field::check));
        if (patch.password() != null) {
            policy.check("password", username, patch.password());
        }
        var compared = patch.provedPassword() != null && actor.isUser(username) ? duty.compare(username, patch.password()) : Compared.WITH_NOTHING;
        var hash = patch.password() == null ? null : hashing.hash(patch.password());
        return transactions.write(handle -> {
            var before = existing(handle, username);
            condition.check(before);
            if (patch.provedPassword() != null && !patch.provedPassword().equals(before.passwordChangedAt())) {
                throw Problem.conflict(null, null, "The password has been changed meanwhile.");
            }
            modifyFields(handle, before, patch.fields());
            if (patch.sshPublicKeys() != null) {
                var present = before.sshPublicKeys().stream().map(SshPublicKey::parse).toList();
                replaceKeys(handle, before.uidNumber(), patch.sshPublicKeys().apply(present));
            }
            if (patch.passwordChangeRequired() != null && patch.passwordChangeRequired() != before.passwordChangeRequired()) {
                rows.updatePasswordChangeRequired(handle, before.uidNumber(), patch.passwordChangeRequired());
            }
            var after = existing(handle, username);
            var event = success(actor, "identity.user.modified", target(username));
            for (var field : UserField.values()) {
                event = event.changed(field.jsonName(), field.of(before), field.of(after));
            }
            event = event.changed("sshPublicKeys", before.sshPublicKeys(), after.sshPublicKeys())
                    .changed(UserPatch.PASSWORD_CHANGE_REQUIRED, before.passwordChangeRequired(), after.passwordChangeRequired());
            if (event.changedAnything()) {
                audit.record(handle, event);
            }
            if (hash != null) {
                setPassword(handle, before, hash, compared, actor);
            }
            return existing(handle, username);
        });
    }

    /**
     * Sets a password, ends the user's sessions and tells him, inside of a {@link DirectoryTransactions#write}.
     *
     * @param compared of a choice of the user's own
     */
    void setPassword(Handle handle, User user, String hash, Compared compared, Actor actor) {
        boolean fulfilled = duty.fulfil(handle, user.uidNumber(), compared);
        rows.updatePassword(handle, user.uidNumber(), hash);
        revoke(handle, user.uidNumber());
        var event = success(actor, "identity.user.password-changed", target(user.username())).masked("password");
        audit.record(handle, fulfilled ? event.changed(UserPatch.PASSWORD_CHANGE_REQUIRED, true, false) : event);
        mails.passwordChanged(handle, user);
    }

    /**
     * Stores a hash with the present parameters of a password that was just found right. Does nothing if the password has
     * changed meanwhile, or the database cannot be reached.
     */
    public void rehash(String username, String oldHash, String password) {
        var hash = hashing.hash(password);
        try {
            transactions.write(handle -> {
                rows.replaceHash(handle, username, oldHash, hash);
                return null;
            });
        } catch (Unavailable e) {
            // The old hash still is a good one; the next login tries again.
        }
    }

    /** @throws Problem if there is no such user, it is in another state, or no administrator would be left */
    public void delete(String username, IfMatch condition, Actor actor) {
        transactions.write(handle -> {
            var user = existing(handle, username);
            condition.check(user);
            audit.record(handle, remove(handle, user, actor));
            keepAnAdministrator(handle, user);
            if (user.status() == UserStatus.PENDING) {
                mails.declined(handle, user);
            }
            return null;
        });
    }

    /**
     * Deletes the user inside of a {@link DirectoryTransactions#write}.
     *
     * @return what is to be recorded
     */
    AuditEvent remove(Handle handle, User user, Actor actor) {
        rows.delete(handle, user.uidNumber());
        var event = success(actor, "identity.user.deleted", target(user.username())).with("uidNumber", user.uidNumber())
                .with("status", user.status().text()).with("groups", user.groups()).changed("sshPublicKeys", user.sshPublicKeys(), List.of());
        for (var field : UserField.values()) {
            event = event.changed(field.jsonName(), field.of(user), null);
        }
        return event;
    }

    /**
     * Keeps the user from logging in anywhere, and ends the sessions there are. Of one who is suspended already, changes why and
     * for how long.
     *
     * @param until when it ends by itself; null: when somebody ends it
     * @throws Problem if there is no such user, it is in another state, or no administrator would be left
     */
    public User suspend(String username, String reason, @Nullable Instant until, IfMatch condition, Actor actor) {
        Text.checkRemark("reason", reason);
        return transactions.write(handle -> {
            var user = existing(handle, username);
            condition.check(user);
            rows.suspend(handle, user.uidNumber(), reason, until);
            keepAnAdministrator(handle, user);
            revoke(handle, user.uidNumber());
            var after = existing(handle, username);
            audit.record(handle, statusChanged(success(actor, "identity.user.suspended", target(username)), user, after));
            return after;
        });
    }

    /**
     * Approves a pending user, or lets a suspended one in again.
     *
     * @throws Problem if there is no such user, or it is in another state
     */
    public User activate(String username, IfMatch condition, Actor actor) {
        return transactions.write(handle -> {
            var user = existing(handle, username);
            condition.check(user);
            if (user.status() == UserStatus.ACTIVE) {
                return user;
            }
            boolean approval = rows.isUnapproved(handle, user.uidNumber());
            rows.activate(handle, user.uidNumber());
            var after = existing(handle, username);
            audit.record(handle, statusChanged(success(actor, "identity.user.activated", target(username)), user, after));
            if (approval) {
                mails.approved(handle, user);
            }
            return after;
        });
    }

    /** @throws Problem if there is no such user */
    public List<SshKey> keys(String username) {
        return transactions.read(handle -> rows.keys(handle, existing(handle, username).uidNumber()));
    }

    /** @throws Problem if there is no such user, or the user has that key */
    public SshKey addKey(String username, SshPublicKey key, Actor actor) {
        return transactions.write(handle -> {
            var user = existing(handle, username);
            rows.insertKey(handle, user.uidNumber(), key);
            refuseTooManyKeys(handle, user.uidNumber());
            audit.record(handle, success(actor, "identity.ssh-key.added", target(username)).with("fingerprint", key.fingerprint()));
            return rows.keys(handle, user.uidNumber()).stream()
                    .filter(stored -> stored.fingerprint().equals(key.fingerprint())).findFirst().orElseThrow();
        });
    }

    /**
     * @param fingerprint with its {@code SHA256:}
     * @throws Problem if there is no such user or key
     */
    public void removeKey(String username, String fingerprint, Actor actor) {
        transactions.write(handle -> {
            if (!rows.deleteKey(handle, existing(handle, username).uidNumber(), fingerprint)) {
                throw Problem.notFound("key of this user with the fingerprint", fingerprint);
            }
            audit.record(handle, success(actor, "identity.ssh-key.removed", target(username)).with("fingerprint", fingerprint));
            return null;
        });
    }

    NewAccount withPassword(NewAccount account, @Nullable String password) {
        if (password == null) {
            return account;
        }
        policy.check("password", account.username(), password);
        return account.withPasswordHash(hashing.hash(password));
    }

    /** Creates the user inside of a {@link DirectoryTransactions#write}. */
    User insert(Handle handle, NewAccount account, String action, Actor actor) {
        return insert(handle, account, action, actor, null);
    }

    /** @param by what allows it */
    User insert(Handle handle, NewAccount account, String action, Actor actor, @Nullable String by) {
        refuseTaken(handle, account);
        int uidNumber = rows.insert(handle, account);
        refuseTooManyKeys(handle, uidNumber);
        groups.addMember(handle, uidNumber, Group.LDAPUSERS);
        for (var cn : account.groups()) {
            if (!AccountNames.isWellFormed(cn) || groups.find(handle, cn).isEmpty()) {
                throw Problem.invalid("groups", cn, "There is no such group.");
            }
            groups.addMember(handle, uidNumber, cn);
        }
        var user = existing(handle, account.username());
        var event = success(actor, action, target(user.username()))
                .with("uidNumber", uidNumber).with("status", user.status().text()).with("groups", user.groups())
                .changed("sshPublicKeys", List.of(), user.sshPublicKeys());
        if (user.passwordChangeRequired()) {
            event = event.with(UserPatch.PASSWORD_CHANGE_REQUIRED, true);
        }
        for (var field : UserField.values()) {
            event = event.changed(field.jsonName(), null, field.of(user));
        }
        event = account.passwordImported() ? event.with("password", "imported") : event;
        audit.record(handle, by == null ? event : event.with("by", by));
        return user;
    }

    User existing(Handle handle, String username) {
        if (!AccountNames.isWellFormed(username)) {
            throw noUser(username);
        }
        return rows.find(handle, username).orElseThrow(() -> noUser(username));
    }

    /** @throws Problem if the change that was just made took the last administrator away */
    void keepAnAdministrator(Handle handle, User changed) {
        if (changed.administrator() && !rows.hasActiveAdministrator(handle)) {
            throw lastAdministrator();
        }
    }

    static Problem lastAdministrator() {
        return Problem.conflict(null, null, "No active administrator with a password would be left. Make another one first.");
    }

    static String target(String username) {
        return "user:" + username;
    }

    /** The constraints refuse these as well, but a refused insert costs a uid number. */
    private void refuseTaken(Handle handle, NewAccount account) {
        if (rows.find(handle, account.username()).isPresent()) {
            throw Problem.conflict("username", account.username(), "This user name is taken.");
        }
        if (account.mail() != null && rows.mailIsTaken(handle, account.mail())) {
            throw Problem.conflict("mail", account.mail(), "This mail address belongs to another account.");
        }
    }

    private void modifyFields(Handle handle, User before, Map<UserField, Optional<String>> fields) {
        var defaults = new PersonDefaults(before.username());
        var givenName = fields.getOrDefault(UserField.GIVEN_NAME, Optional.ofNullable(before.givenName())).orElse(null);
        var sn = fields.getOrDefault(UserField.SN, Optional.of(before.sn())).orElse(defaults.sn());
        fields.forEach((field, wish) -> {
            var value = wish.orElseGet(() -> defaults.of(field, givenName, sn));
            if (!Objects.equals(value, field.of(before))) {
                rows.update(handle, before.uidNumber(), field, value);
            }
        });
    }

    private void replaceKeys(Handle handle, int uidNumber, List<SshPublicKey> keys) {
        var wanted = keys.stream()
                .collect(Collectors.toMap(SshPublicKey::fingerprint, Function.identity(), (first, same) -> first, LinkedHashMap::new));
        for (var present : rows.keys(handle, uidNumber)) {
            var same = wanted.get(present.fingerprint());
            if (same != null && same.toString().equals(present.publicKey())) {
                wanted.remove(present.fingerprint());
            } else {
                rows.deleteKey(handle, uidNumber, present.fingerprint());
            }
        }
        wanted.values().forEach(key -> rows.insertKey(handle, uidNumber, key));
        refuseTooManyKeys(handle, uidNumber);
    }

    /** Every node has them all in memory. */
    private void refuseTooManyKeys(Handle handle, int uidNumber) {
        if (rows.countKeys(handle, uidNumber) > MOST_KEYS) {
            throw Problem.conflict("sshPublicKeys", null, "A user has " + MOST_KEYS + " SSH keys at most; remove one first.");
        }
    }

    private void revoke(Handle handle, int uidNumber) {
        revocations.forEach(revocation -> revocation.revoke(handle, uidNumber, null));
    }

    static AuditEvent statusChanged(AuditEvent event, User before, User after) {
        return event.changed("status", before.status().text(), after.status().text())
                .changed("statusReason", before.statusReason(), after.statusReason())
                .changed("statusUntil", text(before.statusUntil()), text(after.statusUntil()));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static Problem noUser(String username) {
        return Problem.notFound("user", username);
    }
}
