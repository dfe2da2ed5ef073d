package io.gatehouse.cluster;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.Caller;
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
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** Containers over HTTP. */
@Tag(name = "Containers")
@Controller("/api/v1/containers")
@Scope("cluster")
@Secured({Role.USER, Role.SERVICE})
final class ContainersController {

    private final Containers containers;

    ContainersController(Containers containers) {
        this.containers = containers;
    }

    /** Lists containers, by host name: an administrator sees all, others see their own and those that they collaborate on. */
    @Get
    @Operation(operationId = "listContainers")
    Page<Container> list(ListRequest request, @Nullable @QueryValue Integer siteId, @Nullable @QueryValue Integer nodeId,
                         @Nullable @QueryValue String username, @Nullable @QueryValue String status, @Nullable @QueryValue String hostname,
                         Caller caller) {
        var filter = new Containers.Filter(siteId, nodeId, username, status == null ? null : ContainerStatus.parse(status), hostname);
        return containers.list(request, filter, caller);
    }

    /** Creates a container on a node, or on the node of a site that has the fewest; it is given the addresses that it has not. */
    @Post
    @Operation(operationId = "createContainer")
    @Status(HttpStatus.CREATED)
    HttpResponse<Container> create(@Body NewContainer wish, Caller caller, Actor actor) {
        var container = containers.create(wish, caller, actor);
        return HttpResponse.created(container, URI.create("/api/v1/containers/" + container.id()));
    }

    /** Tells of a container. */
    @Get("/{id}")
    @Operation(operationId = "getContainer")
    Container show(int id, Caller caller) {
        return containers.get(id, caller);
    }

    /** Changes a container; null as an address has it given another one. */
    @Patch("/{id}")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    @Operation(operationId = "modifyContainer")
    Container modify(int id, @Body @PatchOf(value = NewContainer.class, except = "siteId", notNull = {"username", "status", "nodeId", "aiContainer"}) MergePatch members, IfMatch condition, Caller caller, Actor actor) {
        return containers.modify(id, members, condition, caller, actor);
    }

    /** Deletes a container, and its services with it. */
    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteContainer")
    void delete(int id, IfMatch condition, Caller caller, Actor actor) {
        containers.delete(id, condition, caller, actor);
    }
}
