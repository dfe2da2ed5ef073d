package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
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
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import java.net.URI;

/** Groups over HTTP. */
@Controller("/api/v1/groups")
@Scope("groups")
@Secured(Role.ADMINISTRATOR)
final class GroupsController {

    private final Groups groups;

    GroupsController(Groups groups) {
        this.groups = groups;
    }

    @Get
    Page<Group> list(ListRequest request, @Nullable @QueryValue Integer gidNumber, @Nullable @QueryValue Boolean isAdministrator) {
        return groups.list(request, gidNumber, isAdministrator);
    }

    @Post
    HttpResponse<Group> create(@Body NewGroup wish, Actor actor) {
        var group = groups.create(wish, actor);
        return HttpResponse.created(group, URI.create("/api/v1/groups/" + group.cn()));
    }

    @Get("/{cn}")
    Group show(String cn) {
        return groups.get(cn);
    }

    @Patch("/{cn}")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    Group modify(String cn, @Body MergePatch members, IfMatch condition, Actor actor) {
        return groups.modify(cn, GroupPatch.of(members), condition, actor);
    }

    @Delete("/{cn}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String cn, IfMatch condition, Actor actor) {
        groups.delete(cn, condition, actor);
    }

    @Get("/{cn}/members")
    Page<String> members(String cn, ListRequest request) {
        return groups.members(cn, request);
    }

    @Put("/{cn}/members/{username}")
    @Status(HttpStatus.NO_CONTENT)
    void addMember(String cn, String username, Actor actor) {
        groups.addMember(cn, username, actor);
    }

    @Delete("/{cn}/members/{username}")
    @Status(HttpStatus.NO_CONTENT)
    void removeMember(String cn, String username, Actor actor) {
        groups.removeMember(cn, username, actor);
    }
}
