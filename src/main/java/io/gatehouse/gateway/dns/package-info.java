/**
 * Addresses of public names, kept at Cloudflare.
 *
 * <p>A domain's own records are assumed to lead to its default site. An HTTP service at another site gets a record of its own, to that
 * site's external address. The table {@code dns_records} tells what shall be there and what is; {@link
 * io.gatehouse.gateway.dns.RecordPublisher} brings the one to the other, and what fails is tried again without being in anybody's way.
 *
 * <p>{@link io.gatehouse.gateway.dns.ChallengeRecords} are the other records there: what proves to a certificate authority whose a domain is.
 */
package io.gatehouse.gateway.dns;
