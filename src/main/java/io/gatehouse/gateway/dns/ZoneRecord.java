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
 * @param content an IPv4 address, if it is one of type A; text in quotation marks, if it is one of type TXT
 * @param ttl     in seconds; 1 leaves it to Cloudflare
 * @param proxied whether Cloudflare stands between
 * @param comment of whoever made it
 */
@Serdeable
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record ZoneRecord(
        @Nullable String id, String type, String name, String content, int ttl, boolean proxied, @Nullable String comment) {

    /** By this a record is known as one of ours: others are left alone. */
    static final String COMMENT = "Kept by Gatehouse";

    private static final int AUTOMATIC = 1;
    private static final int SOON = 60;

    static ZoneRecord of(String name, String ipv4Address) {
        return new ZoneRecord(null, "A", name, ipv4Address, AUTOMATIC, false, COMMENT);
    }

    /** @param text neither a quotation mark nor a backslash is in it */
    static ZoneRecord ofText(String name, String text) {
        return new ZoneRecord(null, "TXT", name, '"' + text + '"', SOON, false, COMMENT);
    }

    boolean isOurs() {
        return COMMENT.equals(comment);
    }

    boolean isText() {
        return type.equals("TXT");
    }

    /** Whether it tells where the name is, or that it is elsewhere. */
    boolean leadsSomewhere() {
        return type.equals("A") || type.equals("AAAA") || type.equals("CNAME");
    }

    boolean leadsTo(String ipv4Address) {
        return type.equals("A") && content.equals(ipv4Address);
    }
}
