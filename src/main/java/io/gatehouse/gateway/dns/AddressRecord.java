package io.gatehouse.gateway.dns;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;

/**
 * A record as Cloudflare tells of it, and is told.
 *
 * @param id      null for one that is to be made
 * @param type    {@code A} or another one
 * @param content an IPv4 address, if it is this one
 * @param ttl     in seconds; 1 leaves it to Cloudflare
 * @param proxied whether Cloudflare stands between
 * @param comment of whoever made it
 */
@Serdeable
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record AddressRecord(
        @Nullable String id, String type, String name, String content, int ttl, boolean proxied, @Nullable String comment) {

    /** By this a record is known as one of ours: others are left alone. */
    static final String COMMENT = "Kept by Gatehouse";

    private static final int AUTOMATIC = 1;

    static AddressRecord of(String name, String ipv4Address) {
        return new AddressRecord(null, "A", name, ipv4Address, AUTOMATIC, false, COMMENT);
    }

    boolean isOurs() {
        return COMMENT.equals(comment);
    }

    /** Whether it tells where the name is, or that it is elsewhere. */
    boolean leadsSomewhere() {
        return type.equals("A") || type.equals("AAAA") || type.equals("CNAME");
    }

    boolean leadsTo(String ipv4Address) {
        return type.equals("A") && content.equals(ipv4Address);
    }
}
