package io.gatehouse.cluster;

import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Sites over HTTP. */
@Tag(name = "Sites")
@Controller("/api/v1/sites")
@Scope("cluster")
@Secured(Role.USER)
final class SitesController {

    private final Sites sites;

    SitesController(Sites sites) {
        this.sites = sites;
    }

    /** Lists sites. */
    @Get
    @Operation(operationId = "listSites")
    Page<Site> list(@Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        return sites.list(Page.Request.of(limit, cursor));
    }
}
