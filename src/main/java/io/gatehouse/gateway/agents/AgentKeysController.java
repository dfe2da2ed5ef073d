package io.gatehouse.gateway.agents;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** Keys of agents over HTTP. */
@Tag(name = "Agents")
@Controller("/api/v1/sites/{siteId}/agent-keys")
@Scope("cluster")
@Secured(Role.ADMINISTRATOR)
final class AgentKeysController {

    private final AgentKeys keys;

    AgentKeysController(AgentKeys keys) {
        this.keys = keys;
    }

    /** Lists the keys of a site's agents, by name. */
    @Get
    @Operation(operationId = "listAgentKeys")
    Page<AgentKey> list(int siteId, ListRequest request) {
        return keys.list(request, siteId);
    }

    /** Creates a key for agents of a site. The answer is the only one that tells it. */
    @Post
    @Operation(operationId = "createAgentKey")
    @Status(HttpStatus.CREATED)
    HttpResponse<AgentKey> create(int siteId, @Body NewAgentKey wish, Caller caller, Actor actor) {
        var key = keys.create(siteId, wish, caller, actor);
        return HttpResponse.created(key, URI.create("/api/v1/sites/" + siteId + "/agent-keys/" + key.id())).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Deletes a key, which is void at once on all nodes. */
    @Delete("/{id}")
    @Operation(operationId = "deleteAgentKey")
    @Status(HttpStatus.NO_CONTENT)
    void delete(int siteId, String id, Actor actor) {
        keys.delete(siteId, id, actor);
    }
}
