package io.gatehouse.cluster;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;

/** A job to create; see {@link Job}. */
@RequestDocument
public record NewJob(@Nullable String name, @Nullable String associatedResource) {
}
