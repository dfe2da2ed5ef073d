package io.gatehouse.gateway.agents;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A key that the agents of a site shall have.
 *
 * @param name            no other key of the site has it
 * @param expiresAt       a time of RFC 3339; null: never
 * @param allowedNetworks addresses and networks; null or empty: anywhere
 */
@RequestDocument
record NewAgentKey(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 255) @Nullable String name,
        @Schema(format = "date-time") @Nullable String expiresAt,
        @Nullable List<String> allowedNetworks) {
}
