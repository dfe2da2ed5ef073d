package io.gatehouse.auth;

import io.gatehouse.identity.AccessRevocation;
import io.gatehouse.identity.PasswordLogin;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The tables {@code sessions} and {@code refresh_tokens}. */
@Singleton
final class SessionRows implements AccessRevocation {

    private static final String OWNER = """
            u.uid_number, u.username,
            exists (select from memberships m join groups g using (gid_number)
                    where m.uid_number = u.uid_number and g.is_administrator) as administrator
            """;

    /** A refresh token that was found. */
    record Presented(UUID session, boolean usable, SessionOwner owner) {
    }

    /**
     * @param login of a password that may have been changed since, or whose user may have been suspended: the row's lock keeps
     *              either from happening until this transaction ends, and what comes later revokes this session
     * @return empty if so
     */
    Optional<UUID> open(Handle handle, PasswordLogin.Result.Accepted login, @Nullable String address, Duration life) {
        return handle.createQuery("""
                        with account as (select uid_number from users
                                         where uid_number = :uidNumber and status = 'active' and password_changed_at = :passwordChangedAt
                                         for share)
                        insert into sessions (uid_number, address, expires_at)
                        select uid_number, :address, now() + make_interval(secs => :seconds) from account
                        returning id""")
                .bind("uidNumber", login.uidNumber())
                .bind("passwordChangedAt", login.passwordChangedAt().atOffset(ZoneOffset.UTC))
                .bind("address", address)
                .bind("seconds", life.toSeconds())
                .mapTo(UUID.class)
                .findOne();
    }

    void deleteExpired(Handle handle, int uidNumber) {
        handle.execute("delete from sessions where uid_number = ? and expires_at < now()", uidNumber);
    }

    void delete(Handle handle, UUID session) {
        handle.execute("delete from sessions where id = ?", session);
    }

    @Override
    public void revoke(Handle handle, int uidNumber) {
        handle.execute("delete from sessions where uid_number = ?", uidNumber);
    }

    /** Empty if the session has ended, or its user is not active. */
    Optional<SessionOwner> owner(Handle handle, UUID session) {
        return handle.createQuery("select " + OWNER + """
                        from sessions s join users u using (uid_number)
                        where s.id = :session and s.expires_at > now() and u.status = 'active'""")
                .bind("session", session)
                .map(SessionRows::present)
                .findOne();
    }

    void insertRefreshToken(Handle handle, UUID session, byte[] hash) {
        handle.execute("insert into refresh_tokens (token_hash, session_id) values (?, ?)", hash, session);
    }

    /** Locks the session, whose end would otherwise wait for its tokens while their use waits for it. */
    Optional<Presented> findRefreshToken(Handle handle, byte[] hash) {
        return handle.createQuery("select t.session_id, s.expires_at > now() and u.status = 'active' as usable, " + OWNER + """
                        from refresh_tokens t join sessions s on s.id = t.session_id join users u using (uid_number)
                        where t.token_hash = :hash for update of s""")
                .bind("hash", hash)
                .map((row, context) -> new Presented(
                        row.getObject("session_id", UUID.class), row.getBoolean("usable"), present(row, context)))
                .findOne();
    }

    /** @return false if it was spent already */
    boolean spendRefreshToken(Handle handle, byte[] hash) {
        return handle.execute("update refresh_tokens set spent_at = now() where token_hash = ? and spent_at is null", (Object) hash) > 0;
    }

    private static SessionOwner present(ResultSet row, StatementContext context) throws SQLException {
        return new SessionOwner(row.getInt("uid_number"), row.getString("username"), row.getBoolean("administrator"));
    }
}
