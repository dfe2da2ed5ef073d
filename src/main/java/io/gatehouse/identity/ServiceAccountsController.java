package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import java.net.URI;

/** Service accounts over HTTP. */
@Controller("/api/v1/service-accounts")
@Secured(Role.ADMINISTRATOR)
final class ServiceAccountsController {

    private final ServiceAccounts accounts;

    ServiceAccountsController(ServiceAccounts accounts) {
        this.accounts = accounts;
    }

    @Get
    Page<ServiceAccount> list(@Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        return accounts.list(Page.Request.of(limit, cursor));
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

    @Post("/{name}/rotate")
    HttpResponse<ServiceAccountPassword> rotate(String name, Actor actor) {
        return HttpResponse.ok(accounts.rotate(name, actor)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    @Delete("/{name}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String name, Actor actor) {
        accounts.delete(name, actor);
    }
}
