package io.gatehouse.join;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** How a container comes to its account, and loses it. */
@Tag(name = "Containers")
@Controller("/api/v1/containers/{id}")
@Scope("cluster")
@Secured({Role.USER, Role.SERVICE})
final class MachineAccountsController {

    private static final String NO_STORE = "no-store";

    private final Joining joining;
    private final MachineAccounts accounts;

    MachineAccountsController(Joining joining, MachineAccounts accounts) {
        this.joining = joining;
        this.accounts = accounts;
    }

    /** Makes a token by which the container joins the directory, once and within an hour; the one before is void. */
    @Post("/join-token")
    @Operation(operationId = "createJoinToken")
    HttpResponse<JoinToken> token(int id, Caller caller, Actor actor) {
        return HttpResponse.ok(joining.issue(id, caller, actor)).header(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    /** Tells of the account by which the container reads the directory. */
    @Get("/machine-account")
    @Operation(operationId = "getMachineAccount")
    MachineAccount show(int id, Caller caller) {
        return accounts.get(id, caller);
    }

    /** Gives the account a new password, which is told this once; the container is cut off until it is given that, or joins again. */
    @Post("/machine-account/rotate")
    @Operation(operationId = "rotateMachineAccountPassword")
    HttpResponse<MachineAccountPassword> rotate(int id, IfMatch condition, Caller caller, Actor actor) {
        return HttpResponse.ok(accounts.rotate(id, condition, caller, actor)).header(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    /** Cuts the container off from the directory, at once; it may join again. */
    @Delete("/machine-account")
    @Status(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteMachineAccount")
    void delete(int id, IfMatch condition, Caller caller, Actor actor) {
        accounts.delete(id, condition, caller, actor);
    }
}
