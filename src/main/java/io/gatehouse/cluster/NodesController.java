package io.gatehouse.cluster;

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
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** Nodes over HTTP. */
@Tag(name = "Nodes")
@Controller("/api/v1")
@Scope("cluster")
@Secured(Role.ADMINISTRATOR)
final class NodesController {

    private final Nodes nodes;

    NodesController(Nodes nodes) {
        this.nodes = nodes;
    }

    /** Lists nodes, by name. */
    @Get("/nodes")
    @Operation(operationId = "listNodes")
    Page<Node> list(ListRequest request, @Nullable @QueryValue Integer siteId, @Nullable @QueryValue String name) {
        return nodes.list(request, siteId, name);
    }

    /** Creates a node. The secret is never shown again. */
    @Post("/nodes")
    @Operation(operationId = "createNode")
    @Status(HttpStatus.CREATED)
    HttpResponse<Node> create(@Body NewNode wish, Actor actor) {
        return created(nodes.create(wish, actor));
    }

    /** Lists the nodes of a site, by name. */
    @Get("/sites/{siteId}/nodes")
    @Operation(operationId = "listSiteNodes")
    Page<Node> listOf(int siteId, ListRequest request, @Nullable @QueryValue String name) {
        return nodes.listOf(siteId, request, name);
    }

    /** Creates a node in a site. The secret is never shown again. */
    @Post("/sites/{siteId}/nodes")
    @Operation(operationId = "createSiteNode")
    @Status(HttpStatus.CREATED)
    HttpResponse<Node> createIn(int siteId, @Body NewNode wish, Actor actor) {
        return created(nodes.createIn(siteId, wish, actor));
    }

    /** Tells of a node. */
    @Get("/nodes/{id}")
    @Operation(operationId = "getNode")
    Node show(int id) {
        return nodes.get(id);
    }

    /** Changes a node. */
    @Patch("/nodes/{id}")
    @Operation(operationId = "modifyNode")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    Node modify(int id, @Body @PatchOf(value = NewNode.class, notNull = {"siteId", "imageStorage", "volumeStorage"}) MergePatch members, IfMatch condition, Actor actor) {
        return nodes.modify(id, members, condition, actor);
    }

    /** Deletes a node that has no containers. */
    @Delete("/nodes/{id}")
    @Operation(operationId = "deleteNode")
    @Status(HttpStatus.NO_CONTENT)
    void delete(int id, IfMatch condition, Actor actor) {
        nodes.delete(id, condition, actor);
    }

    private static HttpResponse<Node> created(Node node) {
        return HttpResponse.created(node, URI.create("/api/v1/nodes/" + node.id()));
    }
}
