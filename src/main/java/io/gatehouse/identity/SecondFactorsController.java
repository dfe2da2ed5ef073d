package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.credentials.QrImage;
import io.gatehouse.credentials.RequestThrottle;
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
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** One's own second factor over HTTP. */
@Tag(name = "Second factor")
@Controller("/api/v1/me")
@Secured(Role.USER)
final class SecondFactorsController {

    private static final String ISSUER = "Gatehouse";

    private final SecondFactors factors;
    private final SecondFactorLogin codes;
    private final PasswordLogin passwords;
    private final RequestThrottle throttle;
    private final ClientAddress address;

    SecondFactorsController(SecondFactors factors, SecondFactorLogin codes, PasswordLogin passwords, RequestThrottle throttle, ClientAddress address) {
        this.factors = factors;
        this.codes = codes;
        this.passwords = passwords;
        this.throttle = throttle;
        this.address = address;
    }

    /** Tells whether one has a second factor, and how many recovery codes are left. */
    @Get("/totp")
    @Operation(operationId = "getTotp")
    @OpenBefore(FirstDuty.SET_UP_SECOND_FACTOR)
    OwnSecondFactor show(Authentication caller) {
        return factors.show(caller.getName());
    }

    /** Begins to set up an authenticator app, which counts once a first code of it confirms it. */
    @Post("/totp")
    @Operation(operationId = "beginTotp")
    @OpenBefore(FirstDuty.SET_UP_SECOND_FACTOR)
    HttpResponse<Enrolment> begin(HttpRequest<?> request, Authentication caller, Actor actor) {
        throttle.take("totp", caller.getName(), address.of(request));
        var secret = factors.begin(caller.getName(), actor);
        var uri = secret.uri(ISSUER, caller.getName());
        var image = QrImage.of(uri);
        return secretly(new Enrolment(secret.base32(), uri, Base64.getEncoder().encodeToString(image.png()), image.svg()));
    }

    /** Confirms the authenticator app by a code of it. Ends all other sessions. The recovery codes are told this once. */
    @Post("/totp/confirm")
    @Operation(operationId = "confirmTotp")
    @OpenBefore(FirstDuty.SET_UP_SECOND_FACTOR)
    HttpResponse<RecoveryCodes> confirm(@Body Confirmation wish, HttpRequest<?> request, Authentication caller, Actor actor) {
        var code = Text.required("code", wish.code());
        if (!factors.isPending(caller.getName())) {
            throw Problem.notFound("authenticator that waits for a confirmation of", caller.getName());
        }
        var confirmation = codes.confirmation(caller.getName(), code, address.of(request), actor);
        return secretly(new RecoveryCodes(factors.confirm(caller.getName(), confirmation, PrincipalAttributes.session(caller), actor)));
    }

    /** Removes one's authenticator app. Ends all other sessions. */
    @Delete("/totp")
    @Operation(operationId = "removeTotp")
    @Status(HttpStatus.NO_CONTENT)
    void remove(@Body Removal wish, HttpRequest<?> request, Authentication caller, Actor actor) {
        var password = Text.required("password", wish.password());
        var code = Text.required("code", wish.code());
        if (!factors.show(caller.getName()).active()) {
            throw Problem.notFound("authenticator of", caller.getName());
        }
        switch (passwords.attempt(caller.getName(), password, address.of(request), actor)) {
            case PasswordLogin.Result.Accepted accepted -> { }
            case PasswordLogin.Result.Refused refused -> throw Problem.invalidSecret("password", "This is not the present password.");
            case PasswordLogin.Result.Locked(Duration remaining) -> throw Problem.tooMany("Too many failed attempts; try again later.", remaining);
        }
        codes.require(caller.getName(), code, address.of(request), actor);
        factors.remove(caller.getName(), PrincipalAttributes.session(caller), actor);
    }

    /** Makes new recovery codes, which are told this once; the old ones are void. */
    @Post("/recovery-codes")
    @Operation(operationId = "renewRecoveryCodes")
    HttpResponse<RecoveryCodes> renew(Authentication caller, Actor actor) {
        return secretly(new RecoveryCodes(factors.renewRecoveryCodes(caller.getName(), actor)));
    }

    private static <T> HttpResponse<T> secretly(T body) {
        return HttpResponse.ok(body).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /**
     * What an authenticator app needs to know.
     *
     * @param secret in Base32, to be typed
     * @param uri    the same as an otpauth URI
     * @param qrPng  the URI as a QR code: a PNG file in Base64
     * @param qrSvg  the same as an SVG document
     */
    @Serdeable
    record Enrolment(String secret, String uri, String qrPng, String qrSvg) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Enrolment[]";
        }
    }

    /** @param recoveryCodes each is good for one login instead of a code of the app */
    @Serdeable
    record RecoveryCodes(List<String> recoveryCodes) {

        /** Without the codes. */
        @Override
        public String toString() {
            return "RecoveryCodes[]";
        }
    }

    /** @param code the six digits that the app shows */
    @RequestDocument
    record Confirmation(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String code) {

        /** Without the code. */
        @Override
        public String toString() {
            return "Confirmation[]";
        }
    }

    /** @param code of the app, or a recovery code */
    @RequestDocument
    record Removal(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String password, @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String code) {

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Removal[]";
        }
    }
}
