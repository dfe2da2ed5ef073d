package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A service account to create; its password is generated.
 *
 * @param ldapSecondFactor left to the groups of those who bind unless said otherwise
 */
@RequestDocument
public record NewServiceAccount(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = "^[a-z_][a-z0-9_.-]{0,62}$") @Nullable String name,
        @Nullable String description,
        @Schema(allowableValues = {"if-present", "required", "not-needed"}) @Nullable String ldapSecondFactor) {
}
