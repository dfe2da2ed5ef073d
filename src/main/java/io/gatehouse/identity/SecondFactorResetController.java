package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Role;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Helps those who have lost their second factor. */
@Tag(name = "Second factor")
@Controller("/api/v1/users/{username}/second-factor")
@Secured(Role.ADMINISTRATOR)
final class SecondFactorResetController {

    private final SecondFactors factors;

    SecondFactorResetController(SecondFactors factors) {
        this.factors = factors;
    }

    /** Removes a user's second factor, recovery codes and app passwords, and ends all sessions of that user. */
    @Delete
    @Operation(operationId = "resetSecondFactor")
    @Status(HttpStatus.NO_CONTENT)
    void reset(String username, Actor actor) {
        if (actor.isUser(username)) {
            throw Problem.forbidden(null, "Remove your own second factor with DELETE /api/v1/me/totp, with password and code.");
        }
        factors.reset(username, actor);
    }
}
