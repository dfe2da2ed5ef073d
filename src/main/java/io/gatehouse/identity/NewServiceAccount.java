package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;

/** A service account to create; its password is generated. */
@RequestDocument
public record NewServiceAccount(@Nullable String name, @Nullable String description) {
}
