/**
 * With which certificate the server speaks TLS: one of its own CA, or configured files.
 * {@link io.gatehouse.platform.tls.TlsMaterial} is all that others use.
 */
package io.gatehouse.platform.tls;
