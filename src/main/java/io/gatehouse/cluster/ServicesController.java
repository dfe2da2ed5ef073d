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

/** Services of a container over HTTP. */
@Tag(name = "Services")
@Controller("/api/v1/containers/{containerId}/services")
@Scope("cluster")
@Secured({Role.USER, Role.SERVICE})
final class ServicesController {

    private final Services services;

    ServicesController(Services services) {
        this.services = services;
    }

    /** Lists the services of a container. */
    @Get
    @Operation(operationId = "listServices")
    Page<Service> list(int containerId, ListRequest request, @Nullable @QueryValue String type, Caller caller) {
        return services.list(containerId, request, type == null ? null : ServiceType.parse(type), caller);
    }

    /** Creates a service, with the fields of its type; a transport service is given a port if it names none. */
    @Post
    @Operation(operationId = "createService")
    @Status(HttpStatus.CREATED)
    HttpResponse<Service> create(int containerId, @Body NewService wish, Caller caller, Actor actor) {
        var service = services.create(containerId, wish, caller, actor);
        return HttpResponse.created(service, URI.create("/api/v1/containers/" + containerId + "/services/" + service.id()));
    }

    /** Tells of a service. */
    @Get("/{serviceId}")
    @Operation(operationId = "getService")
    Service show(int containerId, int serviceId, Caller caller) {
        return services.get(containerId, serviceId, caller);
    }

    /** Changes a service, which stays of its type; null as an external port has it given another one. */
    @Patch("/{serviceId}")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    @Operation(operationId = "modifyService")
    Service modify(
            int containerId,
            int serviceId,
            @Body @PatchOf(value = NewService.class, notNull = {
                    "externalHostname", "externalDomainId", "protocol", "useTls", "recordType", "serviceName"}) MergePatch members,
            IfMatch condition,
            Caller caller,
            Actor actor) {
        return services.modify(containerId, serviceId, members, condition, caller, actor);
    }

    /** Deletes a service. */
    @Delete("/{serviceId}")
    @Status(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteService")
    void delete(int containerId, int serviceId, IfMatch condition, Caller caller, Actor actor) {
        services.delete(containerId, serviceId, condition, caller, actor);
    }
}
