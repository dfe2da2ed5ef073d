package io.gatehouse.cluster;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/** A job to create; see {@link Job}. */
@RequestDocument
public record NewJob(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String name, @Nullable String associatedResource) {
}
