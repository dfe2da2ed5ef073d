package io.gatehouse.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;

/** A group to create; its members administer the cluster only if that is said. */
@RequestDocument
public record NewGroup(
        @Nullable String cn,
        @Nullable String description,
        @Nullable @JsonProperty("isAdministrator") Boolean administrator) {
}
