package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.credentials.RequestThrottle;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.ClientAddress;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.openapi.PatchOf;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
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

/** API keys over HTTP. None of them can manage keys. */
@Tag(name = "API keys")
@Controller("/api/v1/api-keys")
@Secured(Role.USER)
final class ApiKeysController {

    private final ApiKeys keys;
    private final RequestThrottle throttle;
    private final ClientAddress address;

    ApiKeysController(ApiKeys keys, RequestThrottle throttle, ClientAddress address) {
        this.keys = keys;
        this.throttle = throttle;
        this.address = address;
    }

    /** Lists one's own keys; for administrators everybody's. */
    @Get
    @Operation(operationId = "listApiKeys")
    Page<ApiKey> list(ListRequest request, @Nullable @QueryValue String username, @Nullable @QueryValue String serviceAccount, Caller caller) {
        return keys.list(request, username, serviceAccount, caller);
    }

    /** Creates a key of one's own, or of a service account. The answer is the only one that tells it. */
    @Post
    @Operation(operationId = "createApiKey")
    @Status(HttpStatus.CREATED)
    HttpResponse<ApiKey> create(@Body NewApiKey wish, HttpRequest<?> request, Caller caller, Actor actor) {
        throttle.take("api-key", caller.name(), address.of(request));
        var key = keys.create(wish, caller, actor);
        return HttpResponse.created(key, URI.create("/api/v1/api-keys/" + key.id())).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Tells of a key. */
    @Get("/{id}")
    @Operation(operationId = "getApiKey")
    ApiKey show(String id, Caller caller) {
        return keys.get(id, caller);
    }

    /** Changes what a key is good for. */
    @Patch("/{id}")
    @Operation(operationId = "modifyApiKey")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    ApiKey modify(String id, @Body @PatchOf(value = NewApiKey.class, except = "serviceAccount") MergePatch members, IfMatch condition, Caller caller, Actor actor) {
        return keys.modify(id, members, condition, caller, actor);
    }

    /** Deletes a key, which is void at once. */
    @Delete("/{id}")
    @Operation(operationId = "deleteApiKey")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String id, IfMatch condition, Caller caller, Actor actor) {
        keys.delete(id, condition, caller, actor);
    }
}
