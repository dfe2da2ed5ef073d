package io.gatehouse.access;

import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Questions about access over HTTP. */
@Tag(name = "Access")
@Controller("/api/v1/access")
@Scope("access")
@Secured({Role.USER, Role.SERVICE})
final class AccessController {

    private final AccessChecks checks;

    AccessController(AccessChecks checks) {
        this.checks = checks;
    }

    /** Tells whether somebody may log in on a container, and why. Changes nothing. */
    @Post("/check")
    @Operation(operationId = "checkAccess")
    AccessDecision check(@Body AccessQuestion question, Caller caller) {
        return checks.check(question, caller);
    }
}
