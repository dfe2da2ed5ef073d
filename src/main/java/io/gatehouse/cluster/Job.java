package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * Work that takes longer than a request.
 *
 * @param associatedResource what it is about, such as {@code container:web1}, which need not exist
 * @param createdBy          whose job it is: a user name; null if it is the system's, a key's, or a deleted user's
 * @param revision           another one after each change
 */
@Serdeable
public record Job(
        int id,
        String name,
        @Nullable String associatedResource,
        JobStatus status,
        @Nullable String createdBy,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @JsonIgnore long revision) implements Revised {
}
