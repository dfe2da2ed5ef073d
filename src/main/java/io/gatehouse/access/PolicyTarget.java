package io.gatehouse.access;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Whom a policy is about.
 *
 * @param id the name of the user or the group; all in the group ldapusers are everybody
 */
@Serdeable
@RequestDocument
public record PolicyTarget(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, allowableValues = {"user", "group"}) @Nullable String type,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String id) {

    static PolicyTarget of(Reference reference) {
        return new PolicyTarget(reference.kind().text(), reference.name());
    }
}
