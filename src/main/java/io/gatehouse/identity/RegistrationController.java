package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** Takes registrations over HTTP. */
@Tag(name = "Authentication")
@Controller("/api/v1/auth/register")
@Secured(SecurityRule.IS_ANONYMOUS)
final class RegistrationController {

    private final Registrations registrations;

    RegistrationController(Registrations registrations) {
        this.registrations = registrations;
    }

    /** Asks for an account, which waits for approval. With the bootstrap token that the server prints, the first user becomes an administrator. */
    @Post
    @Operation(operationId = "register")
    @Status(HttpStatus.CREATED)
    HttpResponse<User> register(@Body Registration wish, Actor actor) {
        var user = registrations.register(wish, actor);
        return HttpResponse.created(user, URI.create("/api/v1/users/" + user.username()));
    }
}
