package io.gatehouse.audit;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.Map;

/**
 * An event as the API shows it.
 *
 * @param id growing, with gaps
 * @param at when it was recorded
 */
@Serdeable
record RecordedEvent(
        long id,
        Instant at,
        String actor,
        @Nullable String address,
        String action,
        @Nullable String target,
        String outcome,
        Map<String, Object> detail) {
}
