package io.gatehouse.cluster;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/** @param message up to 64 KiB in UTF-8 */
@RequestDocument
record NewJobMessage(@Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1) @Nullable String message) {
}
