package io.gatehouse.identity;

import io.gatehouse.credentials.SshPublicKey;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The tables {@code users} and {@code ssh_keys}. */
@Singleton
final class UserRows {

    private static final String SELECT = """
            select u.*,
                   array(select concat_ws(' ', k.type, k.key, nullif(k.comment, ''))
                         from ssh_keys k where k.uid_number = u.uid_number order by k.created_at, k.fingerprint) as ssh_public_keys,
                   array(select g.cn from memberships m join groups g using (gid_number)
                         where m.uid_number = u.uid_number order by g.cn) as member_of,
                   array(select g.cn from groups g where g.gid_number in (
                             select groups_above(array(select m.gid_number from memberships m where m.uid_number = u.uid_number)))
                         order by g.cn) as effective_groups,
                   exists (select from memberships m where m.uid_number = u.uid_number
                           and m.gid_number in (select gid_number from administering_groups)) as administrator
            from users u
            """;

    private static final Listing<User> LISTING = Listing.of(SELECT, UserRows::user)
            .key("u.username", Listing.Type.TEXT, User::username)
            .sort("username", "u.username", Listing.Type.TEXT, User::username)
            .sort("uidNumber", "u.uid_number", Listing.Type.NUMBER, User::uidNumber)
            .sort("createdAt", "u.created_at", Listing.Type.TIME, User::createdAt)
            .search("u.username", "u.cn", "u.mail");

    Optional<User> find(Handle handle, String username) {
        return handle.createQuery(SELECT + "where u.username = :username")
                .bind("username", username)
                .map(UserRows::user)
                .findOne();
    }

    Page<User> list(Handle handle, ListRequest request, UserFilter filter) {
        return LISTING.page(handle, request, new Conditions()
                .equal("u.status", filter.status() == null ? null : filter.status().text())
                .equal("lower(u.mail)", filter.mail() == null ? null : filter.mail().toLowerCase(Locale.ROOT))
                .equal("u.uid_number", filter.uidNumber())
                .and("exists (select from memberships m join groups g using (gid_number) where m.uid_number = u.uid_number and g.cn = :group)",
                        "group", filter.group()));
    }

    boolean isEmpty(Handle handle) {
        return handle.createQuery("select not exists (select from users)").mapTo(boolean.class).one();
    }

    int countPending(Handle handle) {
        return handle.createQuery("select count(*) from users where status = 'pending'").mapTo(int.class).one();
    }

    /** Whether anybody is left who can log in and administer. */
    boolean hasActiveAdministrator(Handle handle) {
        return handle.createQuery("""
                        select exists (select from users u join memberships m using (uid_number)
                                       where u.status = 'active' and u.password_hash is not null
                                         and m.gid_number in (select gid_number from administering_groups))""")
                .mapTo(boolean.class).one();
    }

    boolean mailIsTaken(Handle handle, String mail) {
        return handle.createQuery("select exists (select from users where lower(mail) = lower(:mail))")
                .bind("mail", mail).mapTo(boolean.class).one();
    }

    Optional<User> findByMail(Handle handle, String mail) {
        return handle.createQuery(SELECT + "where lower(u.mail) = lower(:mail)").bind("mail", mail).map(UserRows::user).findOne();
    }

    /** Of the active administrators who have one. */
    List<String> administratorAddresses(Handle handle) {
        return handle.createQuery("""
                        select u.mail from users u where u.status = 'active' and u.mail is not null
                        and exists (select from memberships m where m.uid_number = u.uid_number
                                    and m.gid_number in (select gid_number from administering_groups)) order by u.mail""")
                .mapTo(String.class).list();
    }

    /** @return the uid number */
    int insert(Handle handle, NewAccount account) {
        int uidNumber = handle.createQuery("""
                        insert into users (username, cn, sn, given_name, mail, gecos, home_directory, login_shell,
                                           password_hash, password_changed_at, password_change_required, status)
                        values (:username, :cn, :sn, :givenName, :mail, :gecos, :homeDirectory, :loginShell,
                                cast(:passwordHash as text), case when cast(:passwordHash as text) is not null then clock_timestamp() end,
                                :passwordChangeRequired, :status)
                        returning uid_number""")
                .bind("username", account.username())
                .bind("cn", account.cn())
                .bind("sn", account.sn())
                .bind("givenName", account.givenName())
                .bind("mail", account.mail())
                .bind("gecos", account.gecos())
                .bind("homeDirectory", account.homeDirectory())
                .bind("loginShell", account.loginShell())
                .bind("passwordHash", account.passwordHash())
                .bind("passwordChangeRequired", account.passwordChangeRequired())
                .bind("status", account.status().text())
                .mapTo(int.class)
                .one();
        account.sshPublicKeys().forEach(key -> insertKey(handle, uidNumber, key));
        return uidNumber;
    }

    void update(Handle handle, int uidNumber, UserField field, @Nullable String value) {
        handle.createUpdate("update users set " + field.column() + " = :value where uid_number = :uidNumber")
                .bind("value", value)
                .bind("uidNumber", uidNumber)
                .execute();
    }

    /** Who has asked for the account by himself. */
    void markRegistered(Handle handle, int uidNumber, @Nullable String reason) {
        handle.createUpdate("update users set registered = true, status_reason = :reason where uid_number = :uidNumber")
                .bind("reason", reason)
                .bind("uidNumber", uidNumber)
                .execute();
    }

    /**
     * Of one who is suspended already, changes why and for how long.
     *
     * @param until null: until somebody else changes it
     */
    void suspend(Handle handle, int uidNumber, String reason, @Nullable Instant until) {
        handle.createUpdate("""
                        update users set status = 'suspended', status_reason = :reason, status_until = :until,
                                         suspended_unapproved = suspended_unapproved or status = 'pending'
                        where uid_number = :uidNumber""")
                .bind("reason", reason)
                .bind("until", until)
                .bind("uidNumber", uidNumber)
                .execute();
    }

    /** Whether nobody has approved the user yet, be it suspended or not. */
    boolean isUnapproved(Handle handle, int uidNumber) {
        return handle.createQuery("select status = 'pending' or suspended_unapproved from users where uid_number = :uidNumber")
                .bind("uidNumber", uidNumber).mapTo(boolean.class).one();
    }

    void activate(Handle handle, int uidNumber) {
        unsuspend(handle, "'active'", uidNumber);
    }

    /** Back to what the user was before. */
    void endSuspension(Handle handle, int uidNumber) {
        unsuspend(handle, "case when suspended_unapproved then 'pending' else 'active' end", uidNumber);
    }

    private static void unsuspend(Handle handle, String status, int uidNumber) {
        handle.createUpdate("""
                        update users set status = <status>, status_reason = null, status_until = null, suspended_unapproved = false
                        where uid_number = :uidNumber""")
                .define("status", status)
                .bind("uidNumber", uidNumber)
                .execute();
    }

    /** Those whose suspension is over. */
    List<User> suspendedUntilNow(Handle handle) {
        return handle.createQuery(SELECT + "where u.status_until <= clock_timestamp() order by u.status_until, u.uid_number")
                .map(UserRows::user).list();
    }

    /** Those who asked for their accounts and have waited so long, and nobody has done anything to them; but for those who own containers already. */
    List<User> registeredAndLeft(Handle handle, Duration wait) {
        return handle.createQuery(SELECT + """
                        where u.registered and u.status = 'pending' and u.updated_at <= now() - :seconds * interval '1 second'
                        and not exists (select from containers c where c.owner = u.uid_number) order by u.updated_at, u.uid_number""")
                .bind("seconds", wait.toSeconds())
                .map(UserRows::user).list();
    }

    void updatePassword(Handle handle, int uidNumber, String hash) {
        handle.createUpdate("update users set password_hash = :hash, password_changed_at = clock_timestamp() where uid_number = :uidNumber")
                .bind("hash", hash)
                .bind("uidNumber", uidNumber)
                .execute();
    }

    void updatePasswordChangeRequired(Handle handle, int uidNumber, boolean required) {
        handle.execute("update users set password_change_required = ? where uid_number = ?", required, uidNumber);
    }

    /** @return false if there was no such duty, or the password has changed since that time */
    boolean endPasswordChangeRequired(Handle handle, int uidNumber, @Nullable Instant changedAt) {
        return handle.createUpdate("""
                        update users set password_change_required = false where uid_number = :uidNumber and password_change_required
                        and password_changed_at is not distinct from :changedAt""")
                .bind("uidNumber", uidNumber)
                .bind("changedAt", changedAt == null ? null : changedAt.atOffset(ZoneOffset.UTC))
                .execute() > 0;
    }

    void replaceHash(Handle handle, String username, String oldHash, String hash) {
        handle.createUpdate("update users set password_hash = :hash where username = :username and password_hash = :oldHash")
                .bind("hash", hash)
                .bind("username", username)
                .bind("oldHash", oldHash)
                .execute();
    }

    void delete(Handle handle, int uidNumber) {
        handle.execute("delete from users where uid_number = ?", uidNumber);
    }

    Optional<StoredPassword> password(Handle handle, String username) {
        return handle.createQuery("select u.uid_number, u.password_hash, u.password_changed_at, u.password_change_required, u.status, exists (select from totp_factors t"
                        + " where t.uid_number = u.uid_number and t.confirmed_at is not null) as second_factor from users u where u.username = :username")
                .bind("username", username)
                .map((row, context) -> new StoredPassword(
                        row.getInt("uid_number"), row.getString("password_hash"), instant(row, "password_changed_at"), status(row),
                        row.getBoolean("second_factor"), row.getBoolean("password_change_required")))
                .findOne();
    }

    List<SshKey> keys(Handle handle, int uidNumber) {
        return handle.createQuery("select * from ssh_keys where uid_number = :uidNumber order by created_at, fingerprint")
                .bind("uidNumber", uidNumber)
                .map((row, context) -> SshKey.of(
                        new SshPublicKey(row.getString("type"), row.getString("key"), row.getString("comment"), row.getString("fingerprint")),
                        instant(row, "created_at")))
                .list();
    }

    void insertKey(Handle handle, int uidNumber, SshPublicKey key) {
        handle.createUpdate("""
                        insert into ssh_keys (uid_number, fingerprint, type, key, comment, created_at)
                        values (:uidNumber, :fingerprint, :type, :key, :comment, clock_timestamp())""")
                .bind("uidNumber", uidNumber)
                .bind("fingerprint", key.fingerprint())
                .bind("type", key.type())
                .bind("key", key.key())
                .bind("comment", key.comment())
                .execute();
    }

    int countKeys(Handle handle, int uidNumber) {
        return handle.createQuery("select count(*) from ssh_keys where uid_number = :uidNumber")
                .bind("uidNumber", uidNumber).mapTo(int.class).one();
    }

    /** @return whether there was such a key */
    boolean deleteKey(Handle handle, int uidNumber, String fingerprint) {
        return handle.execute("delete from ssh_keys where uid_number = ? and fingerprint = ?", uidNumber, fingerprint) > 0;
    }

    private static User user(ResultSet row, StatementContext context) throws SQLException {
        return new User(
                row.getInt("uid_number"),
                row.getString("username"),
                row.getInt("gid_number"),
                row.getString("cn"),
                row.getString("sn"),
                row.getString("given_name"),
                row.getString("mail"),
                row.getString("gecos"),
                row.getString("home_directory"),
                row.getString("login_shell"),
                strings(row.getArray("ssh_public_keys")),
                status(row),
                row.getString("status_reason"),
                instant(row, "status_until"),
                strings(row.getArray("member_of")),
                strings(row.getArray("effective_groups")),
                row.getBoolean("administrator"),
                instant(row, "password_changed_at"),
                row.getBoolean("password_change_required"),
                row.getLong("usn"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static UserStatus status(ResultSet row) throws SQLException {
        return UserStatus.parse(row.getString("status"));
    }

    private static List<String> strings(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
