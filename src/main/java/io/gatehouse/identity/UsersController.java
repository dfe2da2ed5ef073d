package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Deadline;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.RequestDocument;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.gatehouse.platform.openapi.PatchOf;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;

/** Users over HTTP. */
@Tag(name = "Users")
@Controller("/api/v1/users")
@Scope("users")
@Secured(Role.ADMINISTRATOR)
final class UsersController {

    private final Users users;

    UsersController(Users users) {
        this.users = users;
    }

    /**
     * Lists users, by name.
     *
     * @param status pending, active or suspended
     * @param group  the name of a group that they are members of
     */
    @Get
    @Operation(operationId = "listUsers")
    Page<User> list(ListRequest request, @Nullable @QueryValue String status, @Nullable @QueryValue String mail,
                    @Nullable @QueryValue Integer uidNumber, @Nullable @QueryValue String group) {
        return users.list(request, UserFilter.of(status, mail, uidNumber, group));
    }

    /** Creates a user. */
    @Post
    @Operation(operationId = "createUser")
    @Status(HttpStatus.CREATED)
    HttpResponse<User> create(@Body NewUser wish, Actor actor) {
        var user = users.create(wish, actor);
        return HttpResponse.created(user, URI.create("/api/v1/users/" + user.username()));
    }

    /** Tells of a user. */
    @Get("/{username}")
    @Operation(operationId = "getUser")
    @Secured({Role.ADMINISTRATOR, Role.USER})
    User show(String username, Caller caller) {
        caller.requireSelfOrAdministrator(username);
        return users.get(username);
    }

    /** Changes a user. */
    @Patch("/{username}")
    @Operation(operationId = "modifyUser")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    User modify(String username,
            @Body @PatchOf(value = NewUser.class, except = {"username", "password", "passwordHash", "status", "groups"}) MergePatch members,
            IfMatch condition, Actor actor) {
        var patch = UserPatch.of(members);
        if (patch.passwordChangeRequired() != null && actor.isUser(username)) {
            throw Problem.forbidden(UserPatch.PASSWORD_CHANGE_REQUIRED, "An administrator says this of somebody else.");
        }
        return users.modify(username, patch, condition, actor);
    }

    /** Deletes a user. The uid number is never given out again. */
    @Delete("/{username}")
    @Operation(operationId = "deleteUser")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String username, IfMatch condition, Actor actor) {
        users.delete(username, condition, actor);
    }

    /** Suspends a user, who disappears from LDAP and cannot log in any more. Done again, it changes why and for how long. */
    @Post("/{username}/suspend")
    @Operation(operationId = "suspendUser")
    User suspend(String username, @Body Suspension suspension, IfMatch condition, Actor actor) {
        return users.suspend(username, Text.required("reason", suspension.reason()), Deadline.of("until", suspension.until(), Instant.now()), condition, actor);
    }

    /** Lets a suspended user in again, or approves a registration. */
    @Post("/{username}/activate")
    @Operation(operationId = "activateUser")
    User activate(String username, IfMatch condition, Actor actor) {
        return users.activate(username, condition, actor);
    }

    /**
     * @param reason why the user may not log in any more
     * @param until  when the user is let in again; without it, when somebody says so
     */
    @RequestDocument
    record Suspension(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String reason, @Nullable String until) {
    }
}
