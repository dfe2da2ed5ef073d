package io.gatehouse.identity;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;

/** Tells those who are invited what they are invited to. */
@Tag(name = "Authentication")
@Controller("/api/v1/auth/invitations")
@Secured(SecurityRule.IS_ANONYMOUS)
final class OpenInvitationController {

    private final Invitations invitations;

    OpenInvitationController(Invitations invitations) {
        this.invitations = invitations;
    }

    /** Tells whoever has the token of an invitation which mail address it is for. */
    @Get("/{token}")
    @Operation(operationId = "getOpenInvitation")
    OpenInvitation show(String token) {
        var invitation = invitations.find(token);
        return new OpenInvitation(invitation.mail(), invitation.invitedBy(), invitation.expiresAt());
    }

    /**
     * What somebody is invited to.
     *
     * @param mail the address that the account will have
     */
    @Serdeable
    record OpenInvitation(String mail, String invitedBy, Instant expiresAt) {
    }
}
