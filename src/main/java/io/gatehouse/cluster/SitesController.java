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

/** Sites over HTTP. */
@Tag(name = "Sites")
@Controller("/api/v1/sites")
@Scope("cluster")
@Secured(Role.ADMINISTRATOR)
final class SitesController {

    private final Sites sites;

    SitesController(Sites sites) {
        this.sites = sites;
    }

    /** Lists sites, by name. */
    @Get
    @Operation(operationId = "listSites")
    @Secured({Role.USER, Role.SERVICE})
    Page<Site> list(ListRequest request, @Nullable @QueryValue String name) {
        return sites.list(request, name);
    }

    /** Creates a site. */
    @Post
    @Operation(operationId = "createSite")
    @Status(HttpStatus.CREATED)
    HttpResponse<Site> create(@Body NewSite wish, Actor actor) {
        var site = sites.create(wish, actor);
        return HttpResponse.created(site, URI.create("/api/v1/sites/" + site.id()));
    }

    /** Tells of a site. */
    @Get("/{id}")
    @Operation(operationId = "getSite")
    @Secured({Role.USER, Role.SERVICE})
    Site show(int id) {
        return sites.get(id);
    }

    /** Changes a site; its network only so that nodes and containers stay inside of it. */
    @Patch("/{id}")
    @Operation(operationId = "modifySite")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    Site modify(int id, @Body @PatchOf(NewSite.class) MergePatch members, IfMatch condition, Actor actor) {
        return sites.modify(id, members, condition, actor);
    }

    /** Deletes a site that has neither nodes nor external domains. */
    @Delete("/{id}")
    @Operation(operationId = "deleteSite")
    @Status(HttpStatus.NO_CONTENT)
    void delete(int id, IfMatch condition, Actor actor) {
        sites.delete(id, condition, actor);
    }
}
