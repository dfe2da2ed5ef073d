package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
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
import java.net.URI;

/** Service accounts over HTTP. */
@Controller("/api/v1/service-accounts")
@Scope("service-accounts")
@Secured(Role.ADMINISTRATOR)
final class ServiceAccountsController {

    private final ServiceAccounts accounts;

    ServiceAccountsController(ServiceAccounts accounts) {
        this.accounts = accounts;
    }

    @Get
    Page<ServiceAccount> list(ListRequest request) {
        return accounts.list(request);
    }

    @Post
    HttpResponse<ServiceAccountPassword> create(@Body NewServiceAccount wish, Actor actor) {
        var account = accounts.create(wish, actor);
        return HttpResponse.created(account, URI.create("/api/v1/service-accounts/" + account.name()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    @Get("/{name}")
    ServiceAccount show(String name) {
        return accounts.get(name);
    }

    @Patch("/{name}")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    ServiceAccount modify(String name, @Body MergePatch members, IfMatch condition, Actor actor) {
        return accounts.modify(name, ServiceAccountPatch.of(members), condition, actor);
    }

    @Post("/{name}/rotate")
    HttpResponse<ServiceAccountPassword> rotate(String name, Actor actor) {
        return HttpResponse.ok(accounts.rotate(name, actor)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    @Delete("/{name}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String name, IfMatch condition, Actor actor) {
        accounts.delete(name, condition, actor);
    }
}
