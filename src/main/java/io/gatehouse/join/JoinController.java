package io.gatehouse.join;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;

/** What a container that joins or leaves asks for, before it is known to anybody. */
@Tag(name = "Joining")
@Controller("/join")
@Secured(SecurityRule.IS_ANONYMOUS)
final class JoinController {

    private static final String NO_STORE = "no-store";

    private final Joining joining;
    private final MachineAccounts accounts;

    JoinController(Joining joining, MachineAccounts accounts) {
        this.joining = joining;
        this.accounts = accounts;
    }

    /**
     * The shell script by which a container joins the directory. Fetching it uses nothing up; the script redeems the token when it
     * is run. For a token that is not known it is a script that says so, and fails.
     *
     * @param token what the container's owner was given
     */
    @Get
    @Operation(operationId = "getJoinScript")
    @Produces("text/x-shellscript")
    HttpResponse<String> script(@Nullable @QueryValue String token) {
        return HttpResponse.ok(joining.script(token)).header(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    /** Exchanges a join token for the container's account: answers an sssd.conf with its password, which is told this once. */
    @Post
    @Operation(operationId = "joinDirectory")
    @Produces(MediaType.TEXT_PLAIN)
    HttpResponse<String> join(@Body Redemption redemption, Actor actor) {
        return HttpResponse.ok(joining.redeem(required("token", redemption.token()), actor)).header(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    /** Deletes the account whose password is told, as a container does that leaves. */
    @Post("/leave")
    @Operation(operationId = "leaveDirectory")
    @Status(HttpStatus.NO_CONTENT)
    void leave(@Body Leave leave, Actor actor) {
        accounts.leave(required("password", leave.password()), actor);
    }

    private static String required(String field, @Nullable String value) {
        if (value == null) {
            throw Problem.invalidSecret(field, "A value is needed.");
        }
        return value;
    }

    /** @param token what the container's owner was given */
    @RequestDocument
    record Redemption(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String token) {

        /** Without the token. */
        @Override
        public String toString() {
            return "Redemption[]";
        }
    }

    /** @param password of the container's account */
    @RequestDocument
    record Leave(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Leave[]";
        }
    }
}
