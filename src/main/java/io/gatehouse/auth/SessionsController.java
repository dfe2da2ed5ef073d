package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.identity.Users;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.http.Role;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Anybody's sessions over HTTP, for that person and for administrators. */
@Tag(name = "Sessions")
@Controller("/api/v1/users/{username}/sessions")
@Secured({Role.ADMINISTRATOR, Role.USER})
final class SessionsController {

    private final Sessions sessions;
    private final Users users;

    SessionsController(Sessions sessions, Users users) {
        this.sessions = sessions;
        this.users = users;
    }

    /** Lists the sessions of a user that still are good, the oldest first. */
    @Get
    @Operation(operationId = "listUserSessions")
    Page<Session> list(String username, ListRequest request, Caller caller, Authentication authentication) {
        caller.requireSelfOrAdministrator(username);
        return sessions.list(users.get(username), request, PrincipalAttributes.session(authentication));
    }

    /** Ends a session of a user, with all its tokens. */
    @Delete("/{id}")
    @Operation(operationId = "revokeUserSession")
    @Status(HttpStatus.NO_CONTENT)
    void revoke(String username, String id, Caller caller, Actor actor) {
        caller.requireSelfOrAdministrator(username);
        sessions.revoke(users.get(username), id, actor);
    }

    /** Ends all sessions of a user. */
    @Delete
    @Operation(operationId = "revokeUserSessions")
    @Status(HttpStatus.NO_CONTENT)
    void revokeAll(String username, Caller caller, Actor actor) {
        caller.requireSelfOrAdministrator(username);
        sessions.revokeAll(users.get(username), null, actor);
    }
}
