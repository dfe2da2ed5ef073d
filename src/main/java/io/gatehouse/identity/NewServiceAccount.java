package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/** A service account to create; its password is generated. */
@RequestDocument
public record NewServiceAccount(@Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = "^[a-z_][a-z0-9_.-]{0,62}$") @Nullable String name, @Nullable String description) {
}
