package io.gatehouse.gateway.dns;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Listing.Type;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code dns_records}. */
@Singleton
final class DnsRecordRows {

    private static final String STATE = """
            case when r.error is not null then 'failing' when r.published is not distinct from r.wanted then 'published' else 'pending' end""";

    private static final Listing<DnsRecord> LISTING = Listing.of("""
                    select r.name, r.external_domain_id, host(r.wanted) as wanted, host(r.published) as published, r.error, r.attempted_at, r.due_at,
                           %s as state
                    from dns_records r""".formatted(STATE), DnsRecordRows::record)
            .key("r.name", Type.TEXT, DnsRecord::name)
            .sort("name", "r.name", Type.TEXT, DnsRecord::name)
            .sort("dueAt", "r.due_at", Type.TIME, DnsRecord::dueAt)
            .search("r.name", "host(r.wanted)");

    /**
     * A record to bring to what it shall be.
     *
     * @param wanted null if it shall go
     */
    record Due(String name, int externalDomainId, String domain, @Nullable String wanted, @Nullable String published, int attempts) {
    }

    Page<DnsRecord> list(Handle handle, ListRequest request, @Nullable Integer externalDomainId, @Nullable DnsRecordState state) {
        return LISTING.page(handle, request, new Conditions()
                .equal("r.external_domain_id", externalDomainId)
                .equal(STATE, state == null ? null : state.text()));
    }

    /**
     * Takes down what shall be there, as services, sites and domains are now.
     *
     * @return names whose records nobody can remove any more, since the credentials for them are gone
     */
    List<String> plan(Handle handle) {
        var lost = handle.createQuery("""
                        delete from dns_records r using external_domains d
                        where d.id = r.external_domain_id and d.cloudflare_api_key is null returning r.name, r.published is not null as there""")
                .map((row, context) -> row.getBoolean("there") ? Optional.of(row.getString("name")) : Optional.<String>empty())
                .list().stream().flatMap(Optional::stream).toList();
        handle.execute("""
                insert into dns_records (name, external_domain_id, wanted) select name, external_domain_id, address from wanted_dns_records
                on conflict (name) do update
                    set wanted = excluded.wanted, external_domain_id = excluded.external_domain_id, attempts = 0, error = null, due_at = clock_timestamp()
                    where (dns_records.wanted, dns_records.external_domain_id) is distinct from (excluded.wanted, excluded.external_domain_id)""");
        handle.execute("""
                update dns_records set wanted = null, attempts = 0, error = null, due_at = clock_timestamp()
                where wanted is not null and name not in (select name from wanted_dns_records)""");
        // Other credentials may be the remedy.
        handle.execute("""
                update dns_records r set due_at = clock_timestamp() from external_domains d
                where d.id = r.external_domain_id and r.error is not null and r.due_at > clock_timestamp() and d.updated_at > r.attempted_at""");
        return lost;
    }

    /** Nobody else gets it until the transaction ends; the domain can be referred to meanwhile. */
    Optional<Due> claim(Handle handle) {
        return handle.createQuery("""
                        select r.name, r.external_domain_id, d.domain, host(r.wanted) as wanted, host(r.published) as published, r.attempts
                        from dns_records r join external_domains d on d.id = r.external_domain_id
                        where r.due_at <= clock_timestamp() order by r.due_at limit 1 for no key update of r skip locked""")
                .map((row, context) -> new Due(row.getString("name"), row.getInt("external_domain_id"), row.getString("domain"),
                        row.getString("wanted"), row.getString("published"), row.getInt("attempts")))
                .findOne();
    }

    /** It is as it shall be; when it is looked at again, somebody may have changed it. */
    void published(Handle handle, Due record, Duration pause) {
        handle.createUpdate("""
                        update dns_records set published = wanted, attempts = 0, error = null, attempted_at = clock_timestamp(),
                            due_at = clock_timestamp() + :millis * interval '1 millisecond'
                        where name = :name""")
                .bind("name", record.name()).bind("millis", pause.toMillis()).execute();
    }

    void remove(Handle handle, Due record) {
        handle.execute("delete from dns_records where name = ?", record.name());
    }

    void failed(Handle handle, Due record, String error, Duration pause) {
        handle.createUpdate("""
                        update dns_records set attempts = attempts + 1, error = :error, attempted_at = clock_timestamp(),
                            due_at = clock_timestamp() + :millis * interval '1 millisecond'
                        where name = :name""")
                .bind("name", record.name()).bind("error", error).bind("millis", pause.toMillis()).execute();
    }

    private static DnsRecord record(ResultSet row, StatementContext context) throws SQLException {
        return new DnsRecord(row.getString("name"), row.getInt("external_domain_id"), row.getString("wanted"), row.getString("published"),
                DnsRecordState.parse(row.getString("state")), row.getString("error"), time(row, "attempted_at"), time(row, "due_at"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
