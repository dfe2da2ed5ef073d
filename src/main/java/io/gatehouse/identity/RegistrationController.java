package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.credentials.RequestThrottle;
import io.gatehouse.platform.http.ClientAddress;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** Takes registrations over HTTP. */
@Tag(name = "Authentication")
@Controller("/api/v1/auth/register")
@Secured(SecurityRule.IS_ANONYMOUS)
final class RegistrationController {

    private final Registrations registrations;
    private final RequestThrottle throttle;
    private final ClientAddress address;

    RegistrationController(Registrations registrations, RequestThrottle throttle, ClientAddress address) {
        this.registrations = registrations;
        this.throttle = throttle;
        this.address = address;
    }

    /**
     * Asks for an account, which waits for approval. With an invitation it is active at once; with the bootstrap token that the
     * server prints, the first user becomes an administrator.
     */
    @Post
    @Operation(operationId = "register")
    @Status(HttpStatus.CREATED)
    @ApiResponse(responseCode = "202", description = "The account waits for approval.")
    @ApiResponse(responseCode = "201", description = "The account is there.",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = User.class)))
    HttpResponse<User> register(@Body Registration wish, HttpRequest<?> request, Actor actor) {
        throttle.take("registration", Text.required("username", wish.username()), address.of(request));
        if (wish.invitation() == null && wish.bootstrapToken() == null) {
            registrations.ask(wish, actor);
            return HttpResponse.accepted();
        }
        var user = wish.invitation() != null ? registrations.accept(wish, actor) : registrations.bootstrap(wish, actor);
        return HttpResponse.created(user, URI.create("/api/v1/users/" + user.username()));
    }
}
