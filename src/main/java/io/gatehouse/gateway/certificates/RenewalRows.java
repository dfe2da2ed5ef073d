package io.gatehouse.gateway.certificates;

import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table {@code certificate_renewals}. */
@Singleton
final class RenewalRows {

    /** A third of the lifetime is left then. */
    private static final String RENEWED_AT = "c.not_after - (c.not_after - c.not_before) / 3";

    /**
     * How things stand.
     *
     * @param failing  domains whose last attempt failed
     * @param firstEnd of the certificates in service; null if there are none
     */
    record Outlook(int failing, @Nullable Instant firstEnd) {
    }

    /** Takes down what is to be obtained, as domains and certificates are now. */
    void plan(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.certificates'))");
        handle.execute("delete from certificate_renewals where external_domain_id not in (select external_domain_id from acme_domains)");
        handle.execute("""
                insert into certificate_renewals (external_domain_id, due_at)
                select a.external_domain_id, coalesce(%s, clock_timestamp())
                from acme_domains a
                    join external_domains d on d.id = a.external_domain_id
                    left join domain_certificates c on c.external_domain_id = a.external_domain_id and c.acme_directory = a.directory
                where not exists (select from certificate_renewals r where r.external_domain_id = a.external_domain_id)
                for key share of d skip locked
                on conflict do nothing""".formatted(RENEWED_AT));
        // There is none of this authority, or a change of the domain may be the remedy of a failure.
        handle.execute("""
                update certificate_renewals r set due_at = clock_timestamp() from acme_domains a
                where a.external_domain_id = r.external_domain_id and r.due_at > clock_timestamp() and r.claim is null
                    and case when r.error is null
                        then not exists (select from domain_certificates c
                                         where c.external_domain_id = r.external_domain_id and c.acme_directory = a.directory)
                        else a.changed_at > r.attempted_at end""");
    }

    /** One whose time has come, and that nobody is at. */
    Optional<Renewal> claim(Handle handle, Duration limit) {
        return handle.createQuery("""
                        update certificate_renewals r set claim = :claim, claimed_until = clock_timestamp() + :millis * interval '1 millisecond'
                        from acme_domains a
                        where a.external_domain_id = r.external_domain_id and r.external_domain_id = (
                            select external_domain_id from certificate_renewals
                            where due_at <= clock_timestamp() and (claimed_until is null or claimed_until <= clock_timestamp())
                            order by due_at limit 1 for no key update skip locked)
                        returning a.external_domain_id, a.domain, a.directory, a.email, r.attempts, r.claim""")
                .bind("claim", UUID.randomUUID())
                .bind("millis", limit.toMillis())
                .map((row, context) -> new Renewal(row.getInt("external_domain_id"), row.getString("domain"), row.getString("directory"),
                        row.getString("email"), row.getInt("attempts"), row.getObject("claim", UUID.class)))
                .findOne();
    }

    /** @return false if what was issued is wanted no more */
    boolean done(Handle handle, Renewal renewal, CertifiedKey issued) {
        var lifetime = Duration.between(issued.notBefore(), issued.notAfter());
        int rows = handle.createUpdate("""
                        update certificate_renewals r set attempts = 0, error = null, attempted_at = clock_timestamp(), due_at = :due,
                            claim = null, claimed_until = null
                        where r.external_domain_id = :id and r.claim = :claim and exists (
                            select from acme_domains a
                            where a.external_domain_id = r.external_domain_id and a.domain = :domain and a.directory = :directory)""")
                .bind("due", issued.notAfter().minus(lifetime.dividedBy(3)).atOffset(ZoneOffset.UTC))
                .bind("id", renewal.domainId())
                .bind("claim", renewal.claim())
                .bind("domain", renewal.domain())
                .bind("directory", renewal.directory())
                .execute();
        if (rows == 0) {
            release(handle, renewal);
        }
        return rows > 0;
    }

    void failed(Handle handle, Renewal renewal, String error, Duration pause) {
        handle.createUpdate("""
                        update certificate_renewals set attempts = attempts + 1, error = :error, attempted_at = clock_timestamp(),
                            due_at = clock_timestamp() + :millis * interval '1 millisecond', claim = null, claimed_until = null
                        where external_domain_id = :id and claim = :claim""")
                .bind("error", error)
                .bind("millis", pause.toMillis())
                .bind("id", renewal.domainId())
                .bind("claim", renewal.claim())
                .execute();
    }

    /** For whoever comes next. */
    void release(Handle handle, Renewal renewal) {
        handle.execute("update certificate_renewals set claim = null, claimed_until = null where external_domain_id = ? and claim = ?",
                renewal.domainId(), renewal.claim());
    }

    void forget(Handle handle, int domainId) {
        handle.execute("delete from certificate_renewals where external_domain_id = ?", domainId);
    }

    Outlook outlook(Handle handle) {
        return handle.createQuery("""
                        select (select count(*) from certificate_renewals where error is not null) as failing,
                               (select min(not_after) from domain_certificates where not expired) as first_end""")
                .map((row, context) -> {
                    var end = row.getObject("first_end", OffsetDateTime.class);
                    return new Outlook(row.getInt("failing"), end == null ? null : end.toInstant());
                })
                .one();
    }
}
