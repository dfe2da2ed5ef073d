package io.gatehouse.gateway.certificates;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A certificate to answer with.
 *
 * @param chain certificates in PEM: the domain's first, each next one the issuer of the one before
 * @param key   the private key in PEM, never shown again
 */
@RequestDocument
public record NewCertificate(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String chain,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String key) {

    @Override
    public String toString() {
        return "NewCertificate[***]";
    }
}
