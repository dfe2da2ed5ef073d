package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.ClientAddress;
import io.gatehouse.platform.http.FirstDuty;
import io.gatehouse.platform.http.OpenBefore;
import io.gatehouse.platform.http.RequestDocument;
import io.gatehouse.platform.http.Role;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;

/** Sets passwords over HTTP. */
@Tag(name = "Users")
@Controller("/api/v1/users/{username}/password")
@Secured({Role.ADMINISTRATOR, Role.USER})
final class PasswordController {

    private final Users users;
    private final PasswordLogin login;
    private final ClientAddress address;

    PasswordController(Users users, PasswordLogin login, ClientAddress address) {
        this.users = users;
        this.login = login;
        this.address = address;
    }

    /** Sets a password. Ends all sessions of the user, this one included if it is the caller's own. */
    @Put
    @Operation(operationId = "changePassword")
    @OpenBefore(FirstDuty.CHANGE_PASSWORD)
    @Status(HttpStatus.NO_CONTENT)
    void change(String username, @Body NewPassword wish, HttpRequest<?> request, Caller caller, Actor actor) {
        caller.requireSelfOrAdministrator(username);
        var user = users.get(username);
        var password = Text.required("password", wish.password());
        if (wish.passwordChangeRequired() != null && caller.is(username)) {
            throw Problem.forbidden("passwordChangeRequired", "An administrator says this of somebody else's password.");
        }
        boolean administers = caller.administrator() && !(caller.is(username) && user.passwordChangeRequired());
        var proved = wish.currentPassword() == null && administers ? null
                : prove(username, Text.required("currentPassword", wish.currentPassword()), request, actor);
        users.modify(username, UserPatch.NONE.withPassword(password, proved).withPasswordChangeRequired(wish.passwordChangeRequired()), actor);
    }

    /** @return when it was set */
    private Instant prove(String username, String current, HttpRequest<?> request, Actor actor) {
        return switch (login.attempt(username, current, address.of(request), actor)) {
            case PasswordLogin.Result.Accepted accepted -> accepted.passwordChangedAt();
            case PasswordLogin.Result.Refused refused -> throw Problem.invalidSecret("currentPassword", "This is not the present password.");
            case PasswordLogin.Result.Locked(Duration remaining) ->
                    throw Problem.tooMany("Too many failed attempts; try again later.", remaining);
        };
    }

    /**
     * A password to be.
     *
     * @param currentPassword        needed unless an administrator sets it; also of administrators whose own one must be changed
     * @param passwordChangeRequired whether the user must set another one before anything else, which only an administrator may say;
     *                               without it that stays as it is
     */
    @RequestDocument
    record NewPassword(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String password,
            @Nullable String currentPassword,
            @Nullable Boolean passwordChangeRequired) {

        /** Without the passwords. */
        @Override
        public String toString() {
            return "NewPassword[]";
        }
    }
}
