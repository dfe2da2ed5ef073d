package io.gatehouse.gateway.dns;

import io.gatehouse.cluster.CloudflareCredentials;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;

/**
 * Records that prove to a certificate authority whose a domain is (RFC 8555 section 8.4). All methods throw {@link CloudflareFailure} if
 * they have no success.
 */
@Singleton
public final class ChallengeRecords {

    private final Cloudflare cloudflare;

    ChallengeRecords(Cloudflare cloudflare) {
        this.cloudflare = cloudflare;
    }

    /** Has these and no others of ours; Cloudflare tells of them when this returns, though not all of its name servers may do yet. */
    public void publish(CloudflareCredentials credentials, String domain, Collection<String> digests) {
        var zone = zone(credentials, domain);
        remove(credentials, domain, zone);
        var wanted = digests.stream().distinct().map(digest -> ZoneRecord.ofText(name(domain), digest)).toList();
        wanted.forEach(record -> cloudflare.create(credentials, zone, record));
        var missing = new HashSet<>(wanted.stream().map(ZoneRecord::content).toList());
        cloudflare.records(credentials, zone, name(domain)).forEach(record -> missing.remove(record.content()));
        if (!missing.isEmpty()) {
            throw new CloudflareFailure("Cloudflare does not tell of the records at " + name(domain) + " that it has taken.");
        }
    }

    /** Those of ours, whoever of the fleet has made them. */
    public void remove(CloudflareCredentials credentials, String domain) {
        remove(credentials, domain, zone(credentials, domain));
    }

    private void remove(CloudflareCredentials credentials, String domain, String zone) {
        cloudflare.records(credentials, zone, name(domain)).stream().filter(record -> record.isText() && record.isOurs())
                .forEach(record -> cloudflare.delete(credentials, zone, record.id()));
    }

    private String zone(CloudflareCredentials credentials, String domain) {
        return cloudflare.zone(credentials, domain).orElseThrow(() -> CloudflareFailure.noZone(domain));
    }

    private static String name(String domain) {
        return "_acme-challenge." + domain;
    }
}
