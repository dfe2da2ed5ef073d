package io.gatehouse.platform.mail;

import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code outbox}. */
@Singleton
final class OutboxRows {

    /**
     * A mail whose time has come, which no other node touches until the transaction ends.
     *
     * @param sealed   what it says, encrypted
     * @param attempts how often it has been tried before
     */
    record Due(UUID id, String recipient, byte[] sealed, int attempts) {
    }

    private static final Listing<SentMail> LISTING = Listing.of("select * from outbox o", OutboxRows::mail)
            .key("o.id::text", Listing.Type.TEXT, SentMail::id)
            .sort("createdAt", "o.created_at", Listing.Type.TIME, SentMail::createdAt)
            .search("o.recipient", "o.template")
            .reversed();

    private final MasterKey masterKey;

    OutboxRows(MasterKey masterKey) {
        this.masterKey = masterKey;
    }

    void insert(Handle handle, Mail mail, Duration usefulFor) {
        var id = UUID.randomUUID();
        handle.createUpdate("""
                        insert into outbox (id, recipient, template, content, give_up_at)
                        values (:id, :recipient, :template, :content, now() + :millis * interval '1 millisecond')""")
                .bind("id", id)
                .bind("recipient", mail.recipient())
                .bind("template", mail.template().name())
                .bind("content", masterKey.encrypt(mail.template().filledWith(mail.values()).bytes(), context(id)))
                .bind("millis", usefulFor.toMillis())
                .execute();
    }

    Optional<Due> claim(Handle handle) {
        return handle.createQuery("""
                        select id, recipient, content, attempts from outbox
                        where state = 'pending' and due_at <= clock_timestamp() and give_up_at > clock_timestamp() order by due_at limit 1 for update skip locked""")
                .map((row, context) -> {
                    var id = row.getObject("id", UUID.class);
                    return new Due(id, row.getString("recipient"), row.getBytes("content"), row.getInt("attempts"));
                })
                .findOne();
    }

    MailContent content(Due mail) {
        return MailContent.of(masterKey.decrypt(mail.sealed(), context(mail.id())));
    }

    void end(Handle handle, UUID id, MailState state, int attempts, @Nullable String error) {
        handle.createUpdate("""
                        update outbox set state = :state, attempts = :attempts, last_error = :error, content = null, ended_at = clock_timestamp()
                        where id = :id""")
                .bind("state", state.text()).bind("attempts", attempts).bind("error", error).bind("id", id).execute();
    }

    void postpone(Handle handle, UUID id, int attempts, String error, Duration pause) {
        handle.createUpdate("""
                        update outbox set attempts = :attempts, last_error = :error,
                                          due_at = least(clock_timestamp() + :millis * interval '1 millisecond', give_up_at)
                        where id = :id""")
                .bind("attempts", attempts).bind("error", error).bind("millis", pause.toMillis()).bind("id", id).execute();
    }

    /**
     * Ends what has no use any more, but for what is being sent in this moment.
     *
     * @return which ones
     */
    List<UUID> endLate(Handle handle, String error) {
        return handle.createQuery("""
                        update outbox set state = 'failed', last_error = :error, content = null, ended_at = clock_timestamp()
                        where id in (select id from outbox where state = 'pending' and give_up_at <= clock_timestamp() for update skip locked)
                        returning id""")
                .bind("error", error).mapTo(UUID.class).list();
    }

    void deleteEndedBefore(Handle handle, Duration age) {
        handle.execute("delete from outbox where state <> 'pending' and ended_at < now() - ? * interval '1 millisecond'", age.toMillis());
    }

    Page<SentMail> list(Handle handle, ListRequest request, @Nullable MailState state, @Nullable String recipient) {
        return LISTING.page(handle, request, new Conditions()
                .equal("o.state", state == null ? null : state.text())
                .equal("lower(o.recipient)", recipient == null ? null : recipient.toLowerCase(Locale.ROOT)));
    }

    private static SentMail mail(ResultSet row, StatementContext context) throws SQLException {
        var state = MailState.parse(row.getString("state"));
        return new SentMail(row.getString("id"), row.getString("recipient"), row.getString("template"), state, row.getInt("attempts"),
                row.getString("last_error"), time(row, "created_at"), state == MailState.PENDING ? time(row, "due_at") : null, time(row, "ended_at"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static String context(UUID id) {
        return "outbox.content:" + id;
    }
}
