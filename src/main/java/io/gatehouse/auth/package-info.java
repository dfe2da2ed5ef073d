/**
 * Who asks over HTTP: logins, sessions, access and refresh tokens, API keys.
 *
 * <p>A login opens a session and answers a token pair: an access token (a JWT signed with ES256, 15 minutes), and an opaque
 * refresh token, of which the database keeps the SHA-256. A refresh token works once and brings the next; whoever presents one
 * that is spent holds a stolen one, or it was stolen from him, so the whole session ends.
 *
 * <p>With a second factor a login has two steps: the first answers a challenge ({@code Challenges}), the second takes it with a code.
 *
 * <p>No token gives rights by itself ({@code BearerTokens}). An access token only names its session, an API key its row; what the
 * owner may do is looked up at every request: the user must be active, and is an administrator as long as one of his groups is
 * one of administrators. What is remembered of an access token is only that it was signed here ({@code AccessTokens}). A session
 * ends with its 14 days, unused, with its user's suspension or deletion, and with a new password.
 *
 * <p>The keys that sign are rows of {@code signing_keys}, encrypted with the master key, and the same on all nodes
 * ({@code SigningKeys}): the next is published before it signs, the last one stays until its tokens have expired.
 *
 * <p>An API key is a person's or a service account's. Its scopes narrow what its owner may ({@code Scope} in
 * {@code platform.http}), and its uses are counted in the database, exactly.
 */
package io.gatehouse.auth;
