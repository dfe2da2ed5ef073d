/**
 * The wire: LDAP version 3 (RFC 4511) on two listeners, and one class for each operation.
 *
 * <p>Bytes come in through {@code RequestStream}, which hands on whole, well-formed messages of bounded size and depth only;
 * the SDK decodes them on the connection's own thread and calls {@code RequestHandler}, which gives each to its operation:
 * {@code BindOperation}, {@code SearchOperation}, {@code CompareOperation}, {@code ModifyOperation} or one of the extended
 * operations. An operation returns an {@code Answer} or throws a {@code Refusal}. Entries are copied from their encoded form
 * into {@code ResponseStream}, which sends them with the result in one write. TLS happens below all that, in
 * {@code LdapConnection}; {@code ConnectionWatch} ends connections that rest or dawdle.
 */
package io.gatehouse.ldap;
