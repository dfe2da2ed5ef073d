package io.gatehouse.gateway.certificates;

import io.gatehouse.platform.http.Role;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Certificates with their keys, for the agents of sites and nobody else. */
@Tag(name = "Agents")
@Controller("/api/v1/sites/{siteId}/certificates")
@Secured(Role.AGENT)
final class SiteCertificatesController {

    private static final String PEM = "application/x-pem-file";

    private final DomainCertificates certificates;

    SiteCertificatesController(DomainCertificates certificates) {
        this.certificates = certificates;
    }

    /** A certificate that the site's snapshot names: the chain in PEM, then the private key (PKCS #8). */
    @Get("/{id}")
    @Operation(operationId = "getSiteCertificate")
    @Produces(PEM)
    @ApiResponse(responseCode = "200", content = @Content(mediaType = PEM, schema = @Schema(type = "string")))
    HttpResponse<String> deliver(int siteId, String id) {
        return HttpResponse.ok(certificates.delivered(siteId, id)).contentType(MediaType.of(PEM)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
