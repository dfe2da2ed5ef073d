package io.gatehouse.cluster;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;

/** @param message up to 64 KiB in UTF-8 */
@RequestDocument
record NewJobMessage(@Nullable String message) {
}
