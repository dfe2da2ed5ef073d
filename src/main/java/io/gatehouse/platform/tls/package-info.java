/**
 * With which certificate the server speaks TLS: one of its own CA, or configured files.
 * {@link io.gatehouse.platform.tls.TlsMaterial} is all that others use of it. {@link io.gatehouse.platform.tls.Pem} and {@link
 * io.gatehouse.platform.tls.Signatures} are there for whoever handles certificates.
 */
package io.gatehouse.platform.tls;
