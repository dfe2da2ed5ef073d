package io.gatehouse.gateway.agents;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;

/** Agents of sites over HTTP. */
@Tag(name = "Agents")
@Controller("/api/v1")
@Scope("cluster")
@Secured(Role.ADMINISTRATOR)
final class AgentsController {

    private final Agents agents;

    AgentsController(Agents agents) {
        this.agents = agents;
    }

    /** Lists the agents of all sites, by host, and how they do. */
    @Get("/agents")
    @Operation(operationId = "listAgents")
    Page<Agent> list(ListRequest request, @Nullable @QueryValue Integer siteId, @Nullable @QueryValue String state) {
        return agents.list(request, siteId, parse(state));
    }

    /** Lists the agents of a site, by host, and how they do. */
    @Get("/sites/{siteId}/agents")
    @Operation(operationId = "listSiteAgents")
    Page<Agent> ofSite(int siteId, ListRequest request, @Nullable @QueryValue String state) {
        return agents.list(request, siteId, parse(state));
    }

    /** Forgets an agent, such as one of a machine that is gone; it is there again when it checks in. */
    @Delete("/agents/{id}")
    @Operation(operationId = "forgetAgent")
    @Status(HttpStatus.NO_CONTENT)
    void forget(String id, Actor actor) {
        agents.forget(id, actor);
    }

    /** Takes down what an agent tells of itself: what it runs, what it has applied, what failed, and what it left out. */
    @Post("/sites/{siteId}/agents/checkin")
    @Secured(Role.AGENT)
    @Operation(operationId = "checkInAgent")
    @Status(HttpStatus.NO_CONTENT)
    void checkIn(int siteId, @Body CheckIn checkIn, Authentication caller, Actor actor) {
        agents.checkIn(siteId, Objects.requireNonNull(PrincipalAttributes.agentKey(caller)), checkIn, actor);
    }

    private static @Nullable AgentState parse(@Nullable String state) {
        return state == null ? null : AgentState.parse(state);
    }
}
