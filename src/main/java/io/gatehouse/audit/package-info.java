/**
 * What happened, who did it, and whether it was let: the append-only event log and its API.
 *
 * <p>A change and its event are one transaction: whoever changes something calls
 * {@link io.gatehouse.audit.AuditLog#record(org.jdbi.v3.core.Handle, AuditEvent)} with the handle of the change. What changes
 * nothing (a failed login) is recorded on its own, and never fails its cause. Events have dotted names, the room first
 * ({@code identity.user.suspended}, {@code auth.login.failed}), and never carry a secret. The database refuses to change or
 * delete them.
 *
 * <p>At the commit the database gives each event a seal, whose hash covers the event and the seal before.
 * {@link io.gatehouse.audit.ChainVerification} follows this chain; {@link io.gatehouse.audit.Retention} shortens it at its beginning.
 */
package io.gatehouse.audit;
