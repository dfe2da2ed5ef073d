package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * The state of one's second factor.
 *
 * @param active            whether it is asked for
 * @param confirmedAt       since when
 * @param recoveryCodesLeft how many were not used yet
 */
@Serdeable
record OwnSecondFactor(boolean active, @Nullable Instant confirmedAt, int recoveryCodesLeft) {
}
