package io.gatehouse.identity;

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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The tables {@code invitations} and {@code invitation_groups}. */
@Singleton
final class InvitationRows {

    private static final String SELECT = """
            select i.*, i.expires_at <= clock_timestamp() as expired,
                   array(select g.cn from invitation_groups ig join groups g using (gid_number) where ig.invitation_id = i.id order by g.cn) as group_names
            from invitations i""";

    private static final Listing<Invitation> LISTING = Listing.of(SELECT, InvitationRows::invitation)
            .key("i.id::text", Listing.Type.TEXT, Invitation::id)
            .sort("createdAt", "i.created_at", Listing.Type.TIME, Invitation::createdAt)
            .sort("mail", "i.mail", Listing.Type.TEXT, Invitation::mail)
            .search("i.mail");

    Page<Invitation> list(Handle handle, ListRequest request, @Nullable String mail) {
        return LISTING.page(handle, request, new Conditions().equal("lower(i.mail)", mail == null ? null : mail.toLowerCase(Locale.ROOT)));
    }

    Optional<Invitation> lock(Handle handle, UUID id) {
        return handle.createQuery(SELECT + " where i.id = :id for update of i").bind("id", id).map(InvitationRows::invitation).findOne();
    }

    Optional<Invitation> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + " where i.id = :id").bind("id", id).map(InvitationRows::invitation).findOne();
    }

    /** One that still is good: whoever has invited may do so to this day. */
    Optional<Invitation> find(Handle handle, OneTimeToken token) {
        return handle.createQuery("""
                        %s where i.token_hash = :hash and i.expires_at > clock_timestamp()
                            and (exists (select from service_accounts where name = i.invited_by)
                                or exists (select from users u join memberships m using (uid_number)
                                           where u.username = i.invited_by and u.status = 'active'
                                               and m.gid_number in (select gid_number from administering_groups)))""".formatted(SELECT))
                .bind("hash", token.hash()).map(InvitationRows::invitation).findOne();
    }

    /** Whether there is one for this address that still is good. */
    boolean isOpen(Handle handle, String mail) {
        return handle.createQuery("select exists (select from invitations where lower(mail) = lower(:mail) and expires_at > clock_timestamp())")
                .bind("mail", mail).mapTo(boolean.class).one();
    }

    UUID insert(Handle handle, String mail, List<String> groups, OneTimeToken token, String invitedBy, Duration life) {
        handle.execute("delete from invitations where lower(mail) = lower(?) and expires_at <= clock_timestamp()", mail);
        var id = handle.createQuery("""
                        insert into invitations (token_hash, mail, invited_by, expires_at)
                        values (:hash, :mail, :by, clock_timestamp() + :millis * interval '1 millisecond') returning id""")
                .bind("hash", token.hash()).bind("mail", mail).bind("by", invitedBy).bind("millis", life.toMillis())
                .mapTo(UUID.class).one();
        groups.forEach(cn -> handle.execute("insert into invitation_groups select ?, gid_number from groups where cn = ? on conflict do nothing", id, cn));
        return id;
    }

    void renew(Handle handle, UUID id, OneTimeToken token, String invitedBy, Duration life) {
        handle.createUpdate("""
                        update invitations set token_hash = :hash, invited_by = :by,
                                               expires_at = clock_timestamp() + :millis * interval '1 millisecond'
                        where id = :id""")
                .bind("hash", token.hash()).bind("by", invitedBy).bind("millis", life.toMillis()).bind("id", id).execute();
    }

    void delete(Handle handle, UUID id) {
        handle.execute("delete from invitations where id = ?", id);
    }

    void deleteExpiredFor(Handle handle, Duration age) {
        handle.execute("delete from invitations where expires_at < now() - ? * interval '1 millisecond'", age.toMillis());
    }

    private static Invitation invitation(ResultSet row, StatementContext context) throws SQLException {
        return new Invitation(row.getString("id"), row.getString("mail"), List.of((String[]) row.getArray("group_names").getArray()),
                row.getString("invited_by"), row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(), row.getBoolean("expired"));
    }
}
