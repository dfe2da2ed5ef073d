package io.gatehouse.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;

/** A group to create; its members administer the cluster only if that is said. */
@Serdeable
public record NewGroup(
        @Nullable String cn,
        @Nullable String description,
        @Nullable @JsonProperty("isAdministrator") Boolean administrator) {
}
