package io.gatehouse.identity;

import io.gatehouse.platform.tls.TlsMaterial;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Hands out what a container needs to use the directory. */
@Tag(name = "Client configuration")
@Controller("/api/v1")
final class ClientConfigurationController {

    private final SssdConfigurations configurations;
    private final TlsMaterial tls;

    ClientConfigurationController(SssdConfigurations configurations, TlsMaterial tls) {
        this.configurations = configurations;
        this.tls = tls;
    }

    /**
     * Writes a complete sssd.conf for a service account.
     *
     * @param uri    addresses to use instead of this node's, separated by commas, the preferred one first
     * @param schema rfc2307 (the default) or rfc2307bis
     */
    @Get("/sssd.conf")
    @Operation(operationId = "getSssdConfiguration")
    @Scope("cluster")
    @Secured(Role.ADMINISTRATOR)
    @Produces(MediaType.TEXT_PLAIN)
    String sssd(@Nullable @QueryValue String serviceAccount, @Nullable @QueryValue String uri, @Nullable @QueryValue String schema,
                @Nullable @Header("X-Service-Account-Password") String password) {
        return configurations.render(Text.required("serviceAccount", serviceAccount), uri, schema, password);
    }

    /** The authority that clients shall trust. */
    @Get("/ca.pem")
    @Operation(operationId = "getCertificateAuthority")
    @Secured(SecurityRule.IS_ANONYMOUS)
    @Produces("application/x-pem-file")
    String certificateAuthority() {
        return tls.caCertificatePem();
    }
}
