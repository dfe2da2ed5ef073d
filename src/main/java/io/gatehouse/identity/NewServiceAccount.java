package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;

/** A service account to create; its password is generated. */
@Serdeable
public record NewServiceAccount(@Nullable String name, @Nullable String description) {
}
