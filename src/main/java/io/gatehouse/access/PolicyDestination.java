package io.gatehouse.access;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Where a policy counts.
 *
 * @param id the name of the site, node or container, or the network; 0.0.0.0/0 is everywhere
 */
@Serdeable
@RequestDocument
public record PolicyDestination(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, allowableValues = {"site", "node", "container", "cidr"}) @Nullable String type,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String id) {

    static PolicyDestination of(Reference reference) {
        return new PolicyDestination(reference.kind().text(), reference.name());
    }
}
