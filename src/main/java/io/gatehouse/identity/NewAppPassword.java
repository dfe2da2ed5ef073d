package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A password for a program.
 *
 * @param name            which program, unique among one's own
 * @param expiresAt       a time of RFC 3339; null: never
 * @param allowedNetworks addresses and networks; null or empty: anywhere
 */
@RequestDocument
record NewAppPassword(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 256) @Nullable String name,
        @Nullable String expiresAt,
        @Nullable List<String> allowedNetworks) {
}
