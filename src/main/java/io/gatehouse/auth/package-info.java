/**
 * Logging in over HTTP.
 *
 * <p>A login opens a session and answers a token pair: an access token (a JWT signed with ES256, 15 minutes), and an opaque
 * refresh token, of which the database keeps the SHA-256. A refresh token works once and brings the next; whoever presents one
 * that is spent holds a stolen one, or it was stolen from him, so the whole session ends.
 *
 * <p>An access token only names its session. What its owner may do is looked up at every request
 * ({@code SessionAuthentication}): the user must be active, and is an administrator as long as one of his groups is one of
 * administrators. A session ends with its 14 days, with its user's suspension or deletion, and with a new password.
 *
 * <p>The keys that sign are rows of {@code signing_keys}, encrypted with the master key, and the same on all nodes.
 */
package io.gatehouse.auth;
