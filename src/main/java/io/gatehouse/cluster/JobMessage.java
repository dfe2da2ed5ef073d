package io.gatehouse.cluster;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * What a job said.
 *
 * @param id larger than those of all messages of the job before
 */
@Serdeable
public record JobMessage(long id, int jobId, String message, Instant createdAt) {
}
