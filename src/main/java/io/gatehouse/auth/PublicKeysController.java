package io.gatehouse.auth;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;

/** Publishes the keys that access tokens can be verified with. */
@Tag(name = "Authentication")
@Controller("/.well-known/jwks.json")
@Secured(SecurityRule.IS_ANONYMOUS)
final class PublicKeysController {

    /** Half of what a key is published before it signs. */
    private static final String CACHEABLE = "public, max-age=" + SigningKeys.PUBLICATION.toSeconds() / 2;

    private final SigningKeys keys;

    PublicKeysController(SigningKeys keys) {
        this.keys = keys;
    }

    /** A JWK Set (RFC 7517 section 5). */
    @Get
    @Operation(operationId = "getPublicKeys")
    HttpResponse<Map<String, Object>> show() {
        return HttpResponse.ok(keys.published().toJSONObject()).header(HttpHeaders.CACHE_CONTROL, CACHEABLE);
    }
}
