package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.Role;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Password resets that administrators make, over HTTP. */
@Tag(name = "Users")
@Controller("/api/v1/users/{username}/password-reset")
@Secured(Role.ADMINISTRATOR)
final class PasswordResetLinksController {

    private final PasswordResets resets;

    PasswordResetLinksController(PasswordResets resets) {
        this.resets = resets;
    }

    /** Lets a user set a new password: by mail, or by a link in the answer where this server sends no mail or the user has no address. */
    @Post
    @Operation(operationId = "createPasswordReset")
    HttpResponse<PasswordResetLink> create(String username, Actor actor) {
        return HttpResponse.ok(resets.create(username, actor)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
