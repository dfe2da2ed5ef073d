/**
 * Certificates of external domains, with which gateways answer over TLS.
 *
 * <p>A domain has one at most: somebody has uploaded it, or it was issued by the certificate authority that the domain names, over ACME
 * (RFC 8555) with proof by DNS records at Cloudflare. {@link io.gatehouse.gateway.certificates.CertificateRenewer} has them issued and
 * renewed; what fails is tried again, and the present one stays in service until its end. A key is encrypted at rest, and leaves only to
 * the agents of sites that answer for the domain.
 */
package io.gatehouse.gateway.certificates;
