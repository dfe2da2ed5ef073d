package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A person's own wish for an account.
 *
 * @param mail           of an invitation if it is left out; another one than that is refused
 * @param invitation     token of an invitation, which lets the person in at once
 * @param bootstrapToken makes the first user, and only the first one
 */
@RequestDocument
public record Registration(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = "^[a-z_][a-z0-9_.-]{0,31}$") @Nullable String username,
        @Nullable String givenName,
        @Nullable String sn,
        @Nullable String mail,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String password,
        @Nullable List<String> sshPublicKeys,
        @Nullable String invitation,
        @Nullable String bootstrapToken) {

    /** Without the password and the tokens. */
    @Override
    public String toString() {
        return "Registration[" + username + "]";
    }
}
