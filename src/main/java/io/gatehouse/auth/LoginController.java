package io.gatehouse.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.audit.Actor;
import io.gatehouse.identity.Factor;
import io.gatehouse.identity.PasswordLogin;
import io.gatehouse.identity.PushApproval;
import io.gatehouse.identity.SecondFactorLogin;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.ClientAddress;
import io.gatehouse.platform.http.FirstDuty;
import io.gatehouse.platform.http.OpenBefore;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.http.RequestDocument;
import io.gatehouse.platform.http.Role;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Logs people in and out over HTTP. */
@Tag(name = "Authentication")
@Controller("/api/v1/auth")
final class LoginController {

    private static final String REFUSAL = "The user name or the password is wrong, or the account is not active.";

    private static final String OVER = "The challenge is not valid any more. Log in again.";

    private final PasswordLogin login;
    private final Challenges challenges;
    private final SecondFactorLogin codes;
    private final PushApproval approval;
    private final Sessions sessions;
    private final ClientAddress clientAddress;

    LoginController(PasswordLogin login, Challenges challenges, SecondFactorLogin codes, PushApproval approval, Sessions sessions,
                    ClientAddress clientAddress) {
        this.login = login;
        this.challenges = challenges;
        this.codes = codes;
        this.approval = approval;
        this.sessions = sessions;
        this.clientAddress = clientAddress;
    }

    /** Logs a person in. With a second factor, the answer is 401 with a challenge that the next call takes. */
    @Post("/login")
    @Operation(operationId = "login")
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<IssuedTokens> login(@Body Credentials credentials, HttpRequest<?> request, Actor actor) {
        var username = required("username", credentials.username());
        var password = required("password", credentials.password());
        return switch (login.attempt(username, password, clientAddress.of(request), actor)) {
            case PasswordLogin.Result.Accepted accepted when !accepted.due().isEmpty() ->
                    throw new SecondFactorDue(challenges.open(accepted), accepted.due());
            case PasswordLogin.Result.Accepted accepted -> answer(sessions.open(accepted, actor), REFUSAL);
            case PasswordLogin.Result.Refused refused -> answer(Optional.empty(), REFUSAL);
            case PasswordLogin.Result.Locked(Duration remaining) ->
                    throw Problem.tooMany("Too many failed attempts; try again later.", remaining);
        };
    }

    /**
     * Ends a login that needs a second factor: takes the challenge of the first step, and a code. With the factor push there is no code;
     * the answer comes when the person has approved or rejected the login on a device, or has not in time.
     */
    @Post("/login/second-factor")
    @Operation(operationId = "loginWithSecondFactor")
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<IssuedTokens> loginWithSecondFactor(@Body SecondStep step, HttpRequest<?> request, Actor actor) {
        var challenge = required("challenge", step.challenge());
        if (isPush(step)) {
            return approved(challenge, clientAddress.of(request), actor);
        }
        var code = required("code", step.code());
        var first = first(challenge);
        return switch (codes.attempt(first.username(), code, clientAddress.of(request), actor)) {
            case SecondFactorLogin.Result.Accepted(var factor) -> answer(sessions.open(first, factor, challenge, actor), OVER);
            case SecondFactorLogin.Result.Refused refused -> {
                challenges.failed(challenge);
                throw Problem.of(Problem.Kind.UNAUTHORIZED, "The code is wrong, or was used before.");
            }
            case SecondFactorLogin.Result.Locked(var remaining) -> throw Problem.tooMany("Too many failed attempts; try again later.", remaining);
        };
    }

    private boolean isPush(SecondStep step) {
        if (step.factor() != null && Stream.of(Factor.values()).map(Factor::text).noneMatch(step.factor()::equals)) {
            throw Problem.invalid("factor", step.factor(), "The factor must be push, recovery_code or totp.");
        }
        if (!Factor.PUSH.text().equals(step.factor())) {
            return false;
        }
        if (step.code() != null) {
            throw Problem.invalidSecret("code", "An approval by push has no code.");
        }
        if (!approval.isDue()) {
            throw Problem.invalid("factor", step.factor(), "Logins are not approved by push here.");
        }
        return true;
    }

    private PasswordLogin.Result.Accepted first(String challenge) {
        return challenges.find(challenge).orElseThrow(() -> Problem.of(Problem.Kind.UNAUTHORIZED, OVER));
    }

    private HttpResponse<IssuedTokens> approved(String challenge, InetAddress address, Actor actor) {
        var first = first(challenge);
        try {
            approval.ask(first.username(), PushApproval.Door.HTTP, address, actor).join();
        } catch (CompletionException e) {
            throw refusal(challenge, e);
        }
        return answer(sessions.open(first, Factor.PUSH, challenge, actor), OVER);
    }

    /** Who has rejected a login has rejected it by whatever factor. */
    private RuntimeException refusal(String challenge, CompletionException failure) {
        if (failure.getCause() instanceof Problem problem && problem.kind() == Problem.Kind.PUSH_REJECTED) {
            challenges.end(challenge);
        }
        return failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }

    /** Gives new tokens for a refresh token, which is spent by that. */
    @Post("/refresh")
    @Operation(operationId = "refreshToken")
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<IssuedTokens> refresh(@Body Refresh refresh, Actor actor) {
        if (refresh.grantType() != null && !refresh.grantType().equals("refresh_token")) {
            throw Problem.invalid("grant_type", refresh.grantType(), "The grant type must be refresh_token.");
        }
        return answer(sessions.refresh(required("refresh_token", refresh.refreshToken()), actor),
                "The refresh token is not valid, or was used already. Log in again.");
    }

    /** Ends the session that asks, its tokens with it. */
    @Post("/logout")
    @Operation(operationId = "logout")
    @Secured(Role.USER)
    @OpenBefore({FirstDuty.CHANGE_PASSWORD, FirstDuty.SET_UP_SECOND_FACTOR})
    @Status(HttpStatus.NO_CONTENT)
    void logOut(Authentication caller, Actor actor) {
        sessions.logOut(caller.getName(), PrincipalAttributes.session(caller), actor);
    }

    private static HttpResponse<IssuedTokens> answer(Optional<Tokens> tokens, String refusal) {
        var issued = tokens.orElseThrow(() -> Problem.of(Problem.Kind.UNAUTHORIZED, refusal));
        return HttpResponse.ok(IssuedTokens.of(issued)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static String required(String field, @Nullable String value) {
        if (value == null) {
            throw Problem.invalidSecret(field, "A value is needed.");
        }
        return value;
    }

    /** Who wants to log in. */
    @RequestDocument
    record Credentials(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String username, @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Credentials[" + username + "]";
        }
    }

    /**
     * The second step of a login.
     *
     * @param challenge of the first step's answer
     * @param code      of the authenticator app, or a recovery code; none for the factor push
     * @param factor    which one of the first step's answer; may be left out where there is a code
     */
    @RequestDocument
    record SecondStep(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String challenge,
            @Nullable String code,
            @Schema(allowableValues = {"push", "recovery_code", "totp"}) @Nullable String factor) {

        /** Without the secrets. */
        @Override
        public String toString() {
            return "SecondStep[]";
        }
    }

    /** @param grantType refresh_token, as OAuth 2.0 has it (RFC 6749 section 6); may be left out */
    @RequestDocument
    record Refresh(
            @Schema(allowableValues = "refresh_token") @Nullable @JsonProperty("grant_type") String grantType,
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable @JsonProperty("refresh_token") String refreshToken) {

        /** Without the token. */
        @Override
        public String toString() {
            return "Refresh[]";
        }
    }
}
