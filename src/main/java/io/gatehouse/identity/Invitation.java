package io.gatehouse.identity;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * Somebody who may make an account for himself.
 *
 * @param mail      the address that the account will have
 * @param groups    names of the groups it will be in, besides {@code ldapusers}
 * @param invitedBy who has invited, or sent the invitation again
 * @param expired   whether it has to be sent again before it can be used
 */
@Serdeable
public record Invitation(String id, String mail, List<String> groups, String invitedBy, Instant createdAt, Instant expiresAt, boolean expired) {
}
