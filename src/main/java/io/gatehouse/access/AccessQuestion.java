package io.gatehouse.access;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Whether somebody may log in on a container.
 *
 * @param user      a user name
 * @param container a host name, or an id
 * @param at        a time of RFC 3339, for policies that begin or end; null: now
 */
@RequestDocument
public record AccessQuestion(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String user,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String container,
        @Nullable String at) {
}
