package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
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
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** Groups over HTTP. */
@Tag(name = "Groups")
@Controller("/api/v1/groups")
@Scope("groups")
@Secured(Role.ADMINISTRATOR)
final class GroupsController {

    private final Groups groups;

    GroupsController(Groups groups) {
        this.groups = groups;
    }

    /** Lists groups, by name. */
    @Get
    @Operation(operationId = "listGroups")
    Page<Group> list(ListRequest request, @Nullable @QueryValue Integer gidNumber, @Nullable @QueryValue Boolean isAdministrator) {
        return groups.list(request, gidNumber, isAdministrator);
    }

    /** Creates a group. */
    @Post
    @Operation(operationId = "createGroup")
    @Status(HttpStatus.CREATED)
    HttpResponse<Group> create(@Body NewGroup wish, Actor actor) {
        var group = groups.create(wish, actor);
        return HttpResponse.created(group, URI.create("/api/v1/groups/" + group.cn()));
    }

    /** Tells of a group. */
    @Get("/{cn}")
    @Operation(operationId = "getGroup")
    Group show(String cn) {
        return groups.get(cn);
    }

    /** Changes a group. `ldapusers` and `sysadmins` keep their names and what their members are. */
    @Patch("/{cn}")
    @Operation(operationId = "modifyGroup")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    Group modify(String cn, @Body @PatchOf(NewGroup.class) MergePatch members, IfMatch condition, Actor actor) {
        return groups.modify(cn, GroupPatch.of(members), condition, actor);
    }

    /** Deletes a group. */
    @Delete("/{cn}")
    @Operation(operationId = "deleteGroup")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String cn, IfMatch condition, Actor actor) {
        groups.delete(cn, condition, actor);
    }

    /**
     * Lists the names of the members of a group.
     *
     * @param effective whether those of the groups in it, at any depth, are members, too; if absent, they are not
     */
    @Get("/{cn}/members")
    @Operation(operationId = "listGroupMembers")
    Page<String> members(String cn, ListRequest request, @Nullable @QueryValue Boolean effective) {
        return groups.members(cn, Boolean.TRUE.equals(effective), request);
    }

    /** Makes a user a member of a group; a member stays one. */
    @Put("/{cn}/members/{username}")
    @Operation(operationId = "addGroupMember")
    @Status(HttpStatus.NO_CONTENT)
    void addMember(String cn, String username, Actor actor) {
        groups.addMember(cn, username, actor);
    }

    /** Ends a membership. */
    @Delete("/{cn}/members/{username}")
    @Operation(operationId = "removeGroupMember")
    @Status(HttpStatus.NO_CONTENT)
    void removeMember(String cn, String username, Actor actor) {
        groups.removeMember(cn, username, actor);
    }

    /** Puts a group into a group: whoever is in the one is in the other, too. It may be there already. */
    @Put("/{cn}/groups/{member}")
    @Operation(operationId = "addGroupToGroup")
    @Status(HttpStatus.NO_CONTENT)
    void addGroup(String cn, String member, Actor actor) {
        groups.addGroup(cn, member, actor);
    }

    /** Takes a group out of a group. */
    @Delete("/{cn}/groups/{member}")
    @Operation(operationId = "removeGroupFromGroup")
    @Status(HttpStatus.NO_CONTENT)
    void removeGroup(String cn, String member, Actor actor) {
        groups.removeGroup(cn, member, actor);
    }
}
