/**
 * How a secret is checked. This room knows neither users nor protocols and keeps nothing in the database; it takes what is
 * stored or typed and gives a verdict.
 *
 * <table>
 * <caption>What is here, and who calls it</caption>
 * <tr><td>{@link io.gatehouse.credentials.PasswordHashing}</td>
 *     <td>argon2id: hashes new passwords (identity), checks typed ones (LDAP bind, HTTP login), and tells when a hash should be
 *     made anew because the parameters were changed or it came from another system. Without an account it takes as long as with
 *     one.</td></tr>
 * <tr><td>{@link io.gatehouse.credentials.PasswordHash}</td>
 *     <td>the forms of hashes that can be checked, one class a family; refuses others, damaged ones, and those that cost too
 *     much (identity, when somebody comes with one).</td></tr>
 * <tr><td>{@link io.gatehouse.credentials.PasswordPolicy}</td>
 *     <td>which new passwords are taken, and good ones made up (identity, for users and service accounts).</td></tr>
 * <tr><td>{@link io.gatehouse.credentials.LoginThrottle}</td>
 *     <td>slows down and stops guessing, for each account and each address. Each place where a password is checked asks it
 *     before and tells it the outcome.</td></tr>
 * <tr><td>{@link io.gatehouse.credentials.TotpSecret}</td>
 *     <td>the codes of an authenticator app; {@link io.gatehouse.credentials.RandomSecret} makes recovery codes and app passwords
 *     (identity).</td></tr>
 * <tr><td>{@link io.gatehouse.credentials.PushService}</td>
 *     <td>asks somebody on the phone, by way of the approval service (identity, which says whom and how often).</td></tr>
 * <tr><td>{@link io.gatehouse.credentials.SshPublicKey}</td>
 *     <td>an SSH public key, taken apart and checked down to its numbers (identity; LDAP and HTTP show it).</td></tr>
 * </table>
 *
 * <p>A login is these steps, on a thread that may block:
 *
 * <pre>{@code
 * switch (throttle.admit(account, address)) {
 *     case Locked(var remaining) -> refuse();
 *     case Admitted(var delay) -> {
 *         Thread.sleep(delay);
 *         switch (hashing.verify(storedHashOrNull, password)) {      // interrupted or broken: throttle.undecided(...)
 *             case MISMATCH -> auditIf(throttle.failed(account, address));
 *             case MATCH -> throttle.succeeded(account, address);
 *             case MATCH_OUTDATED -> {
 *                 throttle.succeeded(account, address);
 *                 storeAgain(hashing.hash(...));
 *             }
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Passwords come as bytes where they come from the wire; the caller wipes them. No exception, log line or {@code toString} of
 * this room holds a password or a hash.
 *
 * <p>Configuration: {@code gatehouse.argon2}, {@code gatehouse.password} and {@code gatehouse.login}, described at the records
 * that hold them; what cannot work is a {@link io.gatehouse.platform.StartupFailure}.
 */
package io.gatehouse.credentials;
