package io.gatehouse.auth;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A key that somebody wants.
 *
 * @param description     what it is for
 * @param expiresAt       a time of RFC 3339; null: never
 * @param allowedNetworks addresses and networks; null or empty: anywhere
 * @param rateLimit       requests a minute; null: as configured
 * @param serviceAccount  whose it shall be; null: of whoever asks
 */
@RequestDocument
record NewApiKey(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 1024) @Nullable String description,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<String> scopes,
        @Schema(format = "date-time") @Nullable String expiresAt,
        @Nullable List<String> allowedNetworks,
        @Schema(minimum = "1") @Nullable Integer rateLimit,
        @Nullable String serviceAccount) {
}
