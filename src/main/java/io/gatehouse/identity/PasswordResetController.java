package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.credentials.RequestThrottle;
import io.gatehouse.platform.http.ClientAddress;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;

/** Password resets over HTTP, for those who cannot log in. */
@Tag(name = "Authentication")
@Controller("/api/v1/auth/password-reset")
@Secured(SecurityRule.IS_ANONYMOUS)
final class PasswordResetController {

    private final PasswordResets resets;
    private final PasswordResetQueue queue;
    private final AccountMails mails;
    private final RequestThrottle throttle;
    private final ClientAddress address;

    PasswordResetController(PasswordResets resets, PasswordResetQueue queue, AccountMails mails, RequestThrottle throttle, ClientAddress address) {
        this.resets = resets;
        this.queue = queue;
        this.mails = mails;
        this.throttle = throttle;
        this.address = address;
    }

    /** Asks for a password reset by mail. The answer is the same whether there is such an account or not. */
    @Post
    @Operation(operationId = "requestPasswordReset")
    @Status(HttpStatus.ACCEPTED)
    Received request(@Body Forgotten forgotten, HttpRequest<?> request, Actor actor) {
        var name = Text.required("usernameOrMail", forgotten.usernameOrMail());
        throttle.take("password-reset", name, address.of(request));
        if (!mails.areSent()) {
            return new Received("This server sends no mail. An administrator can make a link for a new password.");
        }
        queue.add(name, actor);
        return new Received("If there is such an account with a mail address, a mail is on its way to it.");
    }

    /** Tells whoever has the token of a password reset whose password it is for. */
    @Get("/{token}")
    @Operation(operationId = "getPasswordReset")
    PasswordReset show(String token) {
        var usable = resets.find(token);
        return new PasswordReset(usable.username(), usable.expiresAt());
    }

    /** Sets a new password by a token, once. Ends all sessions of the user. */
    @Post("/{token}")
    @Operation(operationId = "resetPassword")
    @Status(HttpStatus.NO_CONTENT)
    void redeem(String token, @Body ResetPassword wish, Actor actor) {
        resets.redeem(token, Text.required("password", wish.password()), actor);
    }

    /** @param usernameOrMail whose password is forgotten */
    @RequestDocument
    record Forgotten(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String usernameOrMail) {
    }

    /** A password reset that still can be used. */
    @Serdeable
    record PasswordReset(String username, Instant expiresAt) {
    }

    /** The new password. */
    @RequestDocument
    record ResetPassword(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "ResetPassword[]";
        }
    }
}
