package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.credentials.RequestThrottle;
import io.gatehouse.platform.http.ClientAddress;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** One's own app passwords over HTTP. */
@Tag(name = "App passwords")
@Controller("/api/v1/me/app-passwords")
@Secured(Role.USER)
final class AppPasswordsController {

    private final AppPasswords appPasswords;
    private final RequestThrottle throttle;
    private final ClientAddress address;

    AppPasswordsController(AppPasswords appPasswords, RequestThrottle throttle, ClientAddress address) {
        this.appPasswords = appPasswords;
        this.throttle = throttle;
        this.address = address;
    }

    /** Lists one's own app passwords, the oldest first. */
    @Get
    @Operation(operationId = "listAppPasswords")
    Page<AppPassword> list(ListRequest request, Authentication caller) {
        return appPasswords.list(caller.getName(), request);
    }

    /** Makes a password for a program that logs in over LDAP. The answer is the only one that tells it. */
    @Post
    @Operation(operationId = "createAppPassword")
    @Status(HttpStatus.CREATED)
    HttpResponse<AppPassword> create(@Body NewAppPassword wish, HttpRequest<?> request, Authentication caller, Actor actor) {
        throttle.take("app-password", caller.getName(), address.of(request));
        var made = appPasswords.create(caller.getName(), wish, actor);
        return HttpResponse.created(made, URI.create("/api/v1/me/app-passwords/" + made.id())).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Deletes an app password, which is void at once. */
    @Delete("/{id}")
    @Operation(operationId = "deleteAppPassword")
    @Status(HttpStatus.NO_CONTENT)
    void delete(String id, Authentication caller, Actor actor) {
        appPasswords.delete(caller.getName(), id, actor);
    }
}
