package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.RequestDocument;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
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
import java.net.URI;

/** Users over HTTP. */
@Controller("/api/v1/users")
@Scope("users")
@Secured(Role.ADMINISTRATOR)
final class UsersController {

    private final Users users;

    UsersController(Users users) {
        this.users = users;
    }

    /**
     * @param status pending, active or suspended
     * @param group  the name of a group that they are members of
     */
    @Get
    Page<User> list(ListRequest request, @Nullable @QueryValue String status, @Nullable @QueryValue String mail,
                    @Nullable @QueryValue Integer uidNumber, @Nullable @QueryValue String group) {
        return users.list(request, UserFilter.of(status, mail, uidNumber, group));
    }

    @Post
    HttpResponse<User> create(@Body NewUser wish, Actor actor) {
        var user = users.create(wish, actor);
        return HttpResponse.created(user, URI.create("/api/v1/users/" + user.username()));
    }

    @Get("/{username}")
    @Secured({Role.ADMINISTRATOR, Role.USER})
    User show(String username, Caller caller) {
        caller.requireSelfOrAdministrator(username);
        return users.get(username);
    }

    @Patch("/{username}")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    User modify(String username, @Body MergePatch members, IfMatch condition, Actor actor) {
        return users.modify(username, UserPatch.of(members), condition, actor);
    }

    @Delete("/{username}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String username, IfMatch condition, Actor actor) {
        users.delete(username, condition, actor);
    }

    @Post("/{username}/suspend")
    User suspend(String username, @Body Suspension suspension, Actor actor) {
        return users.suspend(username, Text.required("reason", suspension.reason()), actor);
    }

    @Post("/{username}/activate")
    User activate(String username, Actor actor) {
        return users.activate(username, actor);
    }

    /** @param reason why the user may not log in any more */
    @RequestDocument
    record Suspension(@Nullable String reason) {
    }
}
