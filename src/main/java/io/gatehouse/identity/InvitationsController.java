package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Invitations over HTTP. */
@Tag(name = "Invitations")
@Controller("/api/v1/invitations")
@Scope("users")
@Secured(Role.ADMINISTRATOR)
final class InvitationsController {

    private final Invitations invitations;

    InvitationsController(Invitations invitations) {
        this.invitations = invitations;
    }

    /**
     * Lists invitations that have not been accepted; expired ones stay for a week.
     *
     * @param mail a mail address
     */
    @Get
    @Operation(operationId = "listInvitations")
    Page<Invitation> list(ListRequest request, @Nullable @QueryValue String mail) {
        return invitations.list(request, mail);
    }

    /** Invites people, each by a mail of their own. Where this server sends no mail, the answer holds the links. */
    @Post
    @Operation(operationId = "invite")
    HttpResponse<InvitationReport> invite(@Body NewInvitations wish, Actor actor) {
        return HttpResponse.ok(invitations.invite(wish, actor)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Tells of an invitation. */
    @Get("/{id}")
    @Operation(operationId = "getInvitation")
    Invitation show(String id) {
        return invitations.get(id);
    }

    /** Sends an invitation again, with a new token and a new end; the old token is void. */
    @Post("/{id}/resend")
    @Operation(operationId = "resendInvitation")
    HttpResponse<SentInvitation> resend(String id, Actor actor) {
        return HttpResponse.ok(invitations.resend(id, actor)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Revokes an invitation, which is void at once. */
    @Delete("/{id}")
    @Operation(operationId = "revokeInvitation")
    @Status(HttpStatus.NO_CONTENT)
    void revoke(String id, Actor actor) {
        invitations.revoke(id, actor);
    }
}
