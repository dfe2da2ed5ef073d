package io.gatehouse.gateway.certificates;

import io.gatehouse.platform.MasterKey;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code domain_certificates}. */
@Singleton
final class CertificateRows {

    private final MasterKey masterKey;

    CertificateRows(MasterKey masterKey) {
        this.masterKey = masterKey;
    }

    /** The name of an external domain. */
    Optional<String> domain(Handle handle, int domainId) {
        return handle.createQuery("select domain from external_domains where id = :id").bind("id", domainId).mapTo(String.class).findOne();
    }

    /** Empty if there is neither a certificate nor is one to be obtained. */
    Optional<DomainCertificate> find(Handle handle, int domainId) {
        return handle.createQuery("""
                        select d.id as domain_id, d.domain, c.*, r.error, r.attempted_at, r.due_at,
                               case when r.error is not null then 'failing' when c.id is null then 'pending'
                                   when c.expired or c.not_after <= clock_timestamp() then 'expired' else 'valid' end as state
                        from external_domains d
                            left join domain_certificates c on c.external_domain_id = d.id
                            left join certificate_renewals r on r.external_domain_id = d.id
                        where d.id = :id and (c.id is not null or r.external_domain_id is not null)""")
                .bind("id", domainId)
                .map(CertificateRows::certificate)
                .findOne();
    }

    /** In place of the present one, if there is one. */
    void store(Handle handle, int domainId, CertifiedKey certificate, @Nullable String acmeDirectory) {
        handle.createUpdate("""
                        insert into domain_certificates (external_domain_id, id, acme_directory, names, issuer, not_before, not_after, chain, private_key)
                        values (:domain, :id, :directory, :names, :issuer, :notBefore, :notAfter, :chain, :key)
                        on conflict (external_domain_id) do update
                            set id = excluded.id, acme_directory = excluded.acme_directory, names = excluded.names, issuer = excluded.issuer,
                                not_before = excluded.not_before, not_after = excluded.not_after, chain = excluded.chain,
                                private_key = excluded.private_key, expired = false""")
                .bind("domain", domainId)
                .bind("id", certificate.id())
                .bind("directory", acmeDirectory)
                .bindArray("names", String.class, certificate.names())
                .bind("issuer", certificate.issuer())
                .bind("notBefore", certificate.notBefore().atOffset(ZoneOffset.UTC))
                .bind("notAfter", certificate.notAfter().atOffset(ZoneOffset.UTC))
                .bind("chain", certificate.chainPem())
                .bind("key", masterKey.encrypt(certificate.keyPem().getBytes(StandardCharsets.UTF_8), context(domainId, certificate.id())))
                .execute();
    }

    boolean delete(Handle handle, int domainId) {
        return handle.execute("delete from domain_certificates where external_domain_id = ?", domainId) > 0;
    }

    /** The chain, then the key, of a certificate that is in service at the site; empty if there is none of this id. */
    Optional<String> delivered(Handle handle, int siteId, String id) {
        return handle.createQuery("""
                        select c.external_domain_id, c.chain, c.private_key
                        from served_certificates c join site_domains d on d.external_domain_id = c.external_domain_id
                        where d.site_id = :site and c.id = :id order by c.external_domain_id limit 1""")
                .bind("site", siteId)
                .bind("id", id)
                .map((row, context) -> row.getString("chain") + new String(
                        masterKey.decrypt(row.getBytes("private_key"), context(row.getInt("external_domain_id"), id)), StandardCharsets.UTF_8))
                .findOne();
    }

    /**
     * Takes those out of service whose end has come.
     *
     * @return the domains that they were for
     */
    List<String> expire(Handle handle) {
        return handle.createQuery("""
                        update domain_certificates c set expired = true from external_domains d
                        where d.id = c.external_domain_id and not c.expired and c.not_after <= clock_timestamp() returning d.domain""")
                .mapTo(String.class)
                .list();
    }

    /** A key that was moved to another row cannot be read there. */
    private static String context(int domainId, String id) {
        return "domain_certificates.private_key:" + domainId + ":" + id;
    }

    private static DomainCertificate certificate(ResultSet row, StatementContext context) throws SQLException {
        var id = row.getString("id");
        var names = id == null ? List.<String>of() : List.of((String[]) row.getArray("names").getArray());
        return new DomainCertificate(
                row.getInt("domain_id"),
                CertificateState.parse(row.getString("state")),
                id,
                id == null ? null : row.getString("acme_directory") == null ? CertificateSource.UPLOADED : CertificateSource.ACME,
                names,
                names.contains("*." + row.getString("domain")),
                row.getString("issuer"),
                time(row, "not_before"),
                time(row, "not_after"),
                row.getString("error"),
                time(row, "attempted_at"),
                time(row, "due_at"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
