package io.gatehouse.cluster;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/** Somebody whom the owner of a container lets in. */
@Serdeable
record Collaborator(String username, Instant createdAt) {
}
