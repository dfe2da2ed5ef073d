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

/** External domains over HTTP. */
@Tag(name = "External domains")
@Controller("/api/v1/external-domains")
@Scope("cluster")
@Secured(Role.ADMINISTRATOR)
final class ExternalDomainsController {

    private final ExternalDomains domains;

    ExternalDomainsController(ExternalDomains domains) {
        this.domains = domains;
    }

    /** Lists external domains, by name. */
    @Get
    @Operation(operationId = "listExternalDomains")
    @Secured({Role.USER, Role.SERVICE})
    Page<ExternalDomain> list(ListRequest request, @Nullable @QueryValue Integer siteId, @Nullable @QueryValue String domain) {
        return domains.list(request, siteId, domain);
    }

    /** Creates an external domain. Credentials are never shown again. */
    @Post
    @Operation(operationId = "createExternalDomain")
    @Status(HttpStatus.CREATED)
    HttpResponse<ExternalDomain> create(@Body NewExternalDomain wish, Actor actor) {
        var domain = domains.create(wish, actor);
        return HttpResponse.created(domain, URI.create("/api/v1/external-domains/" + domain.id()));
    }

    /** Tells of an external domain. */
    @Get("/{id}")
    @Operation(operationId = "getExternalDomain")
    @Secured({Role.USER, Role.SERVICE})
    ExternalDomain show(int id) {
        return domains.get(id);
    }

    /** Changes an external domain. */
    @Patch("/{id}")
    @Operation(operationId = "modifyExternalDomain")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    ExternalDomain modify(int id, @Body @PatchOf(NewExternalDomain.class) MergePatch members, IfMatch condition, Actor actor) {
        return domains.modify(id, members, condition, actor);
    }

    /** Deletes an external domain that no HTTP service has a name below. */
    @Delete("/{id}")
    @Operation(operationId = "deleteExternalDomain")
    @Status(HttpStatus.NO_CONTENT)
    void delete(int id, IfMatch condition, Actor actor) {
        domains.delete(id, condition, actor);
    }
}
