package io.gatehouse.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A group to create; its members administer the cluster only if that is said.
 *
 * @param ldapSecondFactor if-present unless said otherwise
 */
@RequestDocument
public record NewGroup(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = "^[a-z_][a-z0-9_.-]{0,31}$") @Nullable String cn,
        @Nullable String description,
        @Nullable @JsonProperty("isAdministrator") Boolean administrator,
        @Schema(allowableValues = {"if-present", "required", "not-needed"}) @Nullable String ldapSecondFactor) {
}
