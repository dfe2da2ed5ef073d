package io.gatehouse.cluster;

import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code external_domains}. */
@Singleton
final class ExternalDomainRows {

    private static final String SELECT = """
            select d.id, d.domain, d.acme_email, d.acme_directory, d.cloudflare_api_key is not null as has_cloudflare, d.auth_server, d.site_id,
                   d.revision, d.created_at, d.updated_at
            from external_domains d
            """;

    private static final int MOST_HOLDERS = 100;

    private static final Listing<ExternalDomain> LISTING = Listing.of(SELECT, ExternalDomainRows::domain)
            .key("d.id", Listing.Type.NUMBER, ExternalDomain::id)
            .sort("domain", "d.domain", Listing.Type.TEXT, ExternalDomain::domain)
            .sort("id", "d.id", Listing.Type.NUMBER, ExternalDomain::id)
            .sort("createdAt", "d.created_at", Listing.Type.TIME, ExternalDomain::createdAt)
            .search("d.domain", "d.acme_email");

    private final MasterKey key;

    ExternalDomainRows(MasterKey key) {
        this.key = key;
    }

    Optional<ExternalDomain> find(Handle handle, int id) {
        return handle.createQuery(SELECT + "where d.id = :id").bind("id", id).map(ExternalDomainRows::domain).findOne();
    }

    Optional<ExternalDomain> find(Handle handle, DnsName domain) {
        return handle.createQuery(SELECT + "where d.domain = :domain").bind("domain", domain.text()).map(ExternalDomainRows::domain).findOne();
    }

    /** @param domain in any case */
    Page<ExternalDomain> list(Handle handle, ListRequest request, @Nullable Integer siteId, @Nullable String domain) {
        return LISTING.page(handle, request, new Conditions()
                .equal("d.site_id", siteId)
                .equal("d.domain", domain == null ? null : domain.toLowerCase(Locale.ROOT)));
    }

    /** @return its id */
    int insert(Handle handle, ExternalDomainValues domain) {
        int id = handle.createQuery("""
                        insert into external_domains (domain, acme_email, acme_directory, auth_server, site_id)
                        values (:domain, :acmeEmail, :acmeDirectory, :authServer, :siteId) returning id""")
                .bindMap(domain.shown())
                .mapTo(int.class)
                .one();
        if (domain.cloudflare() != null) {
            updateCloudflare(handle, id, domain.cloudflare());
        }
        return id;
    }

    /** All but the credentials. */
    void update(Handle handle, int id, ExternalDomainValues domain) {
        handle.createUpdate("""
                        update external_domains set domain = :domain, acme_email = :acmeEmail, acme_directory = :acmeDirectory,
                            auth_server = :authServer, site_id = :siteId
                        where id = :id""")
                .bindMap(domain.shown())
                .bind("id", id)
                .execute();
    }

    void updateCloudflare(Handle handle, int id, @Nullable CloudflareCredentials credentials) {
        handle.createUpdate("update external_domains set cloudflare_api_email = :email, cloudflare_api_key = :key where id = :id")
                .bind("email", credentials == null ? null : seal(credentials.email(), "email", id))
                .bind("key", credentials == null ? null : seal(credentials.key(), "key", id))
                .bind("id", id)
                .execute();
    }

    /** In the clear; null for none. */
    @Nullable CloudflareCredentials cloudflare(Handle handle, int id) {
        return handle.createQuery("""
                        select cloudflare_api_email, cloudflare_api_key from external_domains
                        where id = :id and cloudflare_api_key is not null""")
                .bind("id", id)
                .map((row, context) -> new CloudflareCredentials(
                        open(row.getBytes("cloudflare_api_email"), "email", id), open(row.getBytes("cloudflare_api_key"), "key", id)))
                .findOne()
                .orElse(null);
    }

    /** Services with names below the domain. */
    List<String> holders(Handle handle, int id) {
        return handle.createQuery("""
                        select 'container:' || c.hostname || '/service:' || s.id
                        from http_services h join services s on s.id = h.service_id join containers c on c.id = s.container_id
                        where h.external_domain_id = :id order by c.hostname, s.id limit :most""")
                .bind("id", id)
                .bind("most", MOST_HOLDERS)
                .mapTo(String.class)
                .list();
    }

    void delete(Handle handle, int id) {
        handle.execute("delete from external_domains where id = ?", id);
    }

    private byte[] seal(String secret, String part, int id) {
        return key.encrypt(secret.getBytes(StandardCharsets.UTF_8), context(part, id));
    }

    private String open(byte[] sealed, String part, int id) {
        return new String(key.decrypt(sealed, context(part, id)), StandardCharsets.UTF_8);
    }

    /** A secret that was moved to another place cannot be read there. */
    private static String context(String part, int id) {
        return "external_domains.cloudflare_api_" + part + ":" + id;
    }

    private static ExternalDomain domain(ResultSet row, StatementContext context) throws SQLException {
        return new ExternalDomain(
                row.getInt("id"),
                row.getString("domain"),
                row.getString("acme_email"),
                row.getString("acme_directory"),
                row.getBoolean("has_cloudflare"),
                row.getString("auth_server"),
                row.getObject("site_id", Integer.class),
                row.getLong("revision"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
