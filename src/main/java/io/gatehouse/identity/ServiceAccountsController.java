package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.gatehouse.platform.openapi.PatchOf;
import io.micronaut.http.HttpHeaders;
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
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** Service accounts over HTTP. */
@Tag(name = "Service accounts")
@Controller("/api/v1/service-accounts")
@Scope("service-accounts")
@Secured(Role.ADMINISTRATOR)
final class ServiceAccountsController {

    private final ServiceAccounts accounts;

    ServiceAccountsController(ServiceAccounts accounts) {
        this.accounts = accounts;
    }

    /** Lists service accounts, by name. */
    @Get
    @Operation(operationId = "listServiceAccounts")
    Page<ServiceAccount> list(ListRequest request) {
        return accounts.list(request);
    }

    /** Creates a service account. Its password is told this once. */
    @Post
    @Operation(operationId = "createServiceAccount")
    @Status(HttpStatus.CREATED)
    HttpResponse<ServiceAccountPassword> create(@Body NewServiceAccount wish, Actor actor) {
        var account = accounts.create(wish, actor);
        return HttpResponse.created(account, URI.create("/api/v1/service-accounts/" + account.name()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Tells of a service account. */
    @Get("/{name}")
    @Operation(operationId = "getServiceAccount")
    ServiceAccount show(String name) {
        return accounts.get(name);
    }

    /** Changes a service account. */
    @Patch("/{name}")
    @Operation(operationId = "modifyServiceAccount")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    ServiceAccount modify(String name,
            @Body @PatchOf(value = NewServiceAccount.class, except = "name") MergePatch members,
            IfMatch condition, Actor actor) {
        return accounts.modify(name, ServiceAccountPatch.of(members), condition, actor);
    }

    /** Gives a service account a new password, which is told this once; the old one is void. */
    @Post("/{name}/rotate")
    @Operation(operationId = "rotateServiceAccountPassword")
    HttpResponse<ServiceAccountPassword> rotate(String name, IfMatch condition, Actor actor) {
        return HttpResponse.ok(accounts.rotate(name, condition, actor)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Deletes a service account. */
    @Delete("/{name}")
    @Operation(operationId = "deleteServiceAccount")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String name, IfMatch condition, Actor actor) {
        accounts.delete(name, condition, actor);
    }
}
