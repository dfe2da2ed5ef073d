package io.gatehouse.cluster;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Collaborators of a container over HTTP. */
@Tag(name = "Containers")
@Controller("/api/v1/containers/{id}/collaborators")
@Scope("cluster")
@Secured({Role.USER, Role.SERVICE})
final class CollaboratorsController {

    private final Collaborators collaborators;

    CollaboratorsController(Collaborators collaborators) {
        this.collaborators = collaborators;
    }

    /** Lists those whom the owner of a container lets in. */
    @Get
    @Operation(operationId = "listCollaborators")
    Page<Collaborator> list(int id, ListRequest request, Caller caller) {
        return collaborators.list(id, request, caller);
    }

    /** Lets a user in: he may log in on the container and see it, but change nothing about it. A collaborator stays one. */
    @Put("/{username}")
    @Operation(operationId = "addCollaborator")
    @Status(HttpStatus.NO_CONTENT)
    void add(int id, String username, Caller caller, Actor actor) {
        collaborators.add(id, username, caller, actor);
    }

    /** Lets a user in no longer, for being a collaborator; a policy may still. */
    @Delete("/{username}")
    @Operation(operationId = "removeCollaborator")
    @Status(HttpStatus.NO_CONTENT)
    void remove(int id, String username, Caller caller, Actor actor) {
        collaborators.remove(id, username, caller, actor);
    }
}
