package io.gatehouse.auth;

import io.gatehouse.identity.User;
import io.gatehouse.identity.Users;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Tells who one is. */
@Tag(name = "Authentication")
@Controller("/api/v1/me")
@Scope("users")
@Secured(Role.USER)
final class MeController {

    private final Users users;

    MeController(Users users) {
        this.users = users;
    }

    /** Tells who one is. */
    @Get
    @Operation(operationId = "getMe")
    User show(Authentication caller) {
        return users.get(caller.getName());
    }
}
