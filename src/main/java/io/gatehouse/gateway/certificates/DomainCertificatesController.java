package io.gatehouse.gateway.certificates;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Certificates of external domains over HTTP. */
@Tag(name = "External domains")
@Controller("/api/v1/external-domains/{id}/certificate")
@Scope("cluster")
@Secured(Role.ADMINISTRATOR)
final class DomainCertificatesController {

    private final DomainCertificates certificates;

    DomainCertificatesController(DomainCertificates certificates) {
        this.certificates = certificates;
    }

    /** Tells of the certificate of an external domain, and how it goes with the next one. */
    @Get
    @Operation(operationId = "getDomainCertificate")
    DomainCertificate show(int id) {
        return certificates.get(id);
    }

    /**
     * Brings a certificate for an external domain, in place of the present one. The key is never shown again. As long as it is there, none
     * is obtained over ACME.
     */
    @Put
    @Operation(operationId = "putDomainCertificate")
    DomainCertificate put(int id, @Body NewCertificate wish, Actor actor) {
        return certificates.upload(id, wish, actor);
    }

    /** Takes the certificate of an external domain out of service; where one can be obtained over ACME, that is done at once. */
    @Delete
    @Operation(operationId = "deleteDomainCertificate")
    @Status(HttpStatus.NO_CONTENT)
    void delete(int id, Actor actor) {
        certificates.delete(id, actor);
    }
}
