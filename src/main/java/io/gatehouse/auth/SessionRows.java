package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.identity.AccessRevocation;
import io.gatehouse.identity.PasswordLogin;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The tables {@code sessions} and {@code refresh_tokens}. */
@Singleton
final class SessionRows implements AccessRevocation {

    /** How exactly it is known when a session was seen last. */
    private static final String PRECISION = "interval '1 minute'";

    private static final String OWNER = "u.uid_number, u.username, " + Rights.ADMINISTRATOR + " as administrator, " + Rights.SECOND_FACTOR + " as second_factor, u.password_change_required";
    private static final String ALIVE = "s.expires_at > now() and s.last_seen_at > now() - make_interval(secs => :idle)";

    private static final Listing<Session> LISTING = Listing.of("select s.* from sessions s", SessionRows::session)
            .key("s.id::text", Listing.Type.TEXT, Session::id)
            .sort("createdAt", "s.created_at", Listing.Type.TIME, Session::createdAt)
            .sort("lastSeenAt", "s.last_seen_at", Listing.Type.TIME, Session::lastSeenAt);

    /** A refresh token that was found. */
    record Presented(UUID session, boolean usable, SessionOwner owner) {
    }

    /** @param unnoticed whether it is time to note that the session was seen */
    record Found(SessionOwner owner, boolean unnoticed) {
    }

    private final long idleSeconds;

    SessionRows(AuthConfiguration configuration) {
        idleSeconds = configuration.orFail().sessionIdle().toSeconds();
    }

    /**
     * Keeps a user as he is until the transaction ends: no new password, no suspension, no second factor. First of all in it, since who
     * changes him ends his sessions afterwards; and a statement of its own, since one does not see what it has waited for.
     */
    void keepOwner(Handle handle, int uidNumber) {
        handle.createQuery("select uid_number from users where uid_number = :uidNumber for share")
                .bind("uidNumber", uidNumber).mapTo(int.class).findOne();
    }

    /**
     * @param login of a password that may have been changed since, or whose user may have been suspended or have got a second
     *              factor: {@link #keepOwner} keeps all of it from happening until this transaction ends, and what comes later revokes
     *              this session
     * @param amr   how the user proved who he is
     * @return empty if so
     */
    Optional<UUID> open(Handle handle, PasswordLogin.Result.Accepted login, List<String> amr, Actor client, Duration life) {
        return handle.createQuery("""
                        insert into sessions (uid_number, address, last_address, user_agent, expires_at, amr)
                        select u.uid_number, :address, :address, :userAgent, now() + make_interval(secs => :seconds), :amr from users u
                        where u.uid_number = :uidNumber and u.status = 'active' and u.password_changed_at = :passwordChangedAt
                          and (cardinality(cast(:amr as text[])) > 1 or not\s""" + Rights.SECOND_FACTOR + ") returning id")
                .bind("uidNumber", login.uidNumber())
                .bind("passwordChangedAt", login.passwordChangedAt().atOffset(ZoneOffset.UTC))
                .bind("address", client.address())
                .bind("userAgent", client.userAgent())
                .bind("seconds", life.toSeconds())
                .bindArray("amr", String.class, amr)
                .mapTo(UUID.class)
                .findOne();
    }

    /** Of everybody, with what was issued for them. */
    void deleteDead(Handle handle) {
        handle.createUpdate("delete from sessions s where not (" + ALIVE + ")").bind("idle", idleSeconds).execute();
    }

    void deleteDead(Handle handle, int uidNumber) {
        handle.createUpdate("delete from sessions s where s.uid_number = :uidNumber and not (" + ALIVE + ")")
                .bind("uidNumber", uidNumber).bind("idle", idleSeconds).execute();
    }

    /** All but those that were seen last. */
    void deleteBeyond(Handle handle, int uidNumber, int most) {
        handle.createUpdate("""
                        delete from sessions where id in (
                            select id from sessions where uid_number = :uidNumber order by last_seen_at desc, created_at desc offset :most)""")
                .bind("uidNumber", uidNumber).bind("most", most).execute();
    }

    Page<Session> list(Handle handle, int uidNumber, ListRequest request) {
        return LISTING.page(handle, request, new Conditions().equal("s.uid_number", uidNumber).and(ALIVE, "idle", idleSeconds));
    }

    void delete(Handle handle, UUID session) {
        handle.execute("delete from sessions where id = ?", session);
    }

    /** @return whether there was such a session of that user, be it dead or alive */
    boolean delete(Handle handle, UUID session, int uidNumber) {
        return handle.execute("delete from sessions where id = ? and uid_number = ?", session, uidNumber) > 0;
    }

    /** @return how many there were */
    int deleteAll(Handle handle, int uidNumber, @Nullable UUID except) {
        return handle.createUpdate("delete from sessions where uid_number = :uidNumber and (cast(:except as uuid) is null or id <> cast(:except as uuid))")
                .bind("uidNumber", uidNumber)
                .bind("except", except == null ? null : except.toString())
                .execute();
    }

    @Override
    public void revoke(Handle handle, int uidNumber, @Nullable String except) {
        deleteAll(handle, uidNumber, except == null ? null : UUID.fromString(except));
    }

    /** Empty if the session has ended, or its user is not active. */
    Optional<Found> find(Handle handle, UUID session) {
        return handle.createQuery("select " + OWNER + ", s.last_seen_at < now() - " + PRECISION + " as unnoticed"
                        + " from sessions s join users u using (uid_number) where s.id = :session and u.status = 'active' and " + ALIVE)
                .bind("session", session)
                .bind("idle", idleSeconds)
                .map((row, context) -> new Found(owner(row, context), row.getBoolean("unnoticed")))
                .findOne();
    }

    /** Unless somebody else has done so within the last minute. */
    void notice(Handle handle, UUID session, @Nullable String address) {
        handle.execute("update sessions set last_seen_at = now(), last_address = ? where id = ? and last_seen_at < now() - " + PRECISION,
                address, session);
    }

    void insertRefreshToken(Handle handle, UUID session, byte[] hash) {
        handle.execute("insert into refresh_tokens (token_hash, session_id) values (?, ?)", hash, session);
    }

    /** Locks the session, whose end would otherwise wait for its tokens while their use waits for it. */
    Optional<Presented> findRefreshToken(Handle handle, byte[] hash) {
        return handle.createQuery("select t.session_id, u.status = 'active' and " + ALIVE + " as usable, " + OWNER + """
                         from refresh_tokens t join sessions s on s.id = t.session_id join users u using (uid_number)
                        where t.token_hash = :hash for update of s""")
                .bind("hash", hash)
                .bind("idle", idleSeconds)
                .map((row, context) -> new Presented(
                        row.getObject("session_id", UUID.class), row.getBoolean("usable"), owner(row, context)))
                .findOne();
    }

    /** @return false if it was spent already */
    boolean spendRefreshToken(Handle handle, byte[] hash) {
        return handle.execute("update refresh_tokens set spent_at = now() where token_hash = ? and spent_at is null", (Object) hash) > 0;
    }

    private static SessionOwner owner(ResultSet row, StatementContext context) throws SQLException {
        return new SessionOwner(row.getInt("uid_number"), row.getString("username"), row.getBoolean("administrator"), row.getBoolean("second_factor"),
                row.getBoolean("password_change_required"));
    }

    private static Session session(ResultSet row, StatementContext context) throws SQLException {
        return new Session(
                row.getString("id"),
                false,
                row.getString("address"),
                row.getString("last_address"),
                row.getString("user_agent"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("last_seen_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                List.of((String[]) row.getArray("amr").getArray()));
    }
}
