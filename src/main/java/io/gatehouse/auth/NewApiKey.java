package io.gatehouse.auth;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
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
        @Nullable String description,
        @Nullable List<String> scopes,
        @Nullable String expiresAt,
        @Nullable List<String> allowedNetworks,
        @Nullable Integer rateLimit,
        @Nullable String serviceAccount) {
}
