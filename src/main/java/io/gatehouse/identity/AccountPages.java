package io.gatehouse.identity;

import io.gatehouse.platform.Problem;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Where the links in mails lead. The pages are the same for everybody, and do everything by the API; the token of a link is behind its
 * {@code #}, so that neither a server nor a proxy on the way sees it.
 */
@Tag(name = "Server")
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
final class AccountPages {

    /** The pages run their own script only, and talk to this server only. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, MediaType> PARTS = Map.of("account.css", MediaType.TEXT_CSS_TYPE, "account.js", MediaType.of("text/javascript"));

    /** A page to make an account, by an invitation or without. */
    @Get("/register")
    @Produces(MediaType.TEXT_HTML)
    @Operation(operationId = "getRegistrationPage")
    HttpResponse<byte[]> register() {
        return answer("register.html", MediaType.TEXT_HTML_TYPE);
    }

    /** A page to ask for a password reset, and to set the new password. */
    @Get("/password-reset")
    @Produces(MediaType.TEXT_HTML)
    @Operation(operationId = "getPasswordResetPage")
    HttpResponse<byte[]> passwordReset() {
        return answer("password-reset.html", MediaType.TEXT_HTML_TYPE);
    }

    /** What these pages are made of. */
    @Get("/pages/{part}")
    @Produces(MediaType.ALL)
    @Operation(operationId = "getPagePart")
    HttpResponse<byte[]> part(String part) {
        if (!PARTS.containsKey(part)) {
            throw Problem.notFound("part", part);
        }
        return answer(part, PARTS.get(part));
    }

    private static HttpResponse<byte[]> answer(String file, MediaType type) {
        try (var in = AccountPages.class.getResourceAsStream("/pages/" + file)) {
            return HttpResponse.ok(in.readAllBytes()).contentType(type)
                    .header("Content-Security-Policy", POLICY)
                    .header(HttpHeaders.CACHE_CONTROL, "max-age=3600");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
