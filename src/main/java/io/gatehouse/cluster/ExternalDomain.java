package io.gatehouse.cluster;

import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A public domain below which HTTP services get names; of all sites.
 *
 * @param acmeEmail                whom the certificate authority shall write to
 * @param acmeDirectory            where the certificate authority is found (RFC 8555 section 7.1.1)
 * @param hasCloudflareCredentials whether there are any; themselves they are never shown
 * @param authServer               where people sign in for services that require it; null for none
 * @param siteId                   the default site, whose DNS records are assumed to be there already; null for none
 */
@Serdeable
public record ExternalDomain(
        int id,
        String domain,
        @Nullable String acmeEmail,
        @Nullable String acmeDirectory,
        boolean hasCloudflareCredentials,
        @Nullable String authServer,
        @Nullable Integer siteId,
        long revision,
        Instant createdAt,
        Instant updatedAt) implements Revised {

    /** @param cloudflare as they are stored, in the clear */
    NewExternalDomain wish(@Nullable CloudflareCredentials cloudflare) {
        return new NewExternalDomain(domain, acmeEmail, acmeDirectory,
                cloudflare == null ? null : cloudflare.email(), cloudflare == null ? null : cloudflare.key(), authServer, siteId);
    }
}
