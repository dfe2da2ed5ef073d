package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.identity.User;
import io.gatehouse.identity.Users;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.http.Role;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** One's own sessions over HTTP. */
@Tag(name = "Sessions")
@Controller("/api/v1/me/sessions")
@Secured(Role.USER)
final class OwnSessionsController {

    private static final String CURRENT = "current";

    private final Sessions sessions;
    private final Users users;

    OwnSessionsController(Sessions sessions, Users users) {
        this.sessions = sessions;
        this.users = users;
    }

    /** Lists one's own sessions that still are good, the oldest first. */
    @Get
    @Operation(operationId = "listOwnSessions")
    Page<Session> list(ListRequest request, Authentication caller) {
        return sessions.list(self(caller), request, PrincipalAttributes.session(caller));
    }

    /** Ends one of one's own sessions, with all its tokens. */
    @Delete("/{id}")
    @Operation(operationId = "revokeOwnSession")
    @Status(HttpStatus.NO_CONTENT)
    void revoke(String id, Authentication caller, Actor actor) {
        sessions.revoke(self(caller), id, actor);
    }

    /**
     * Ends all one's own sessions.
     *
     * @param except {@code current} for the session that asks to stay
     */
    @Delete
    @Operation(operationId = "revokeOwnSessions")
    @Status(HttpStatus.NO_CONTENT)
    void revokeAll(@Nullable @QueryValue String except, Authentication caller, Actor actor) {
        if (except != null && !except.equals(CURRENT)) {
            throw Problem.invalid("except", except, "Only the session that asks can be excepted: " + CURRENT + ".");
        }
        sessions.revokeAll(self(caller), except == null ? null : PrincipalAttributes.session(caller), actor);
    }

    private User self(Authentication caller) {
        return users.get(caller.getName());
    }
}
