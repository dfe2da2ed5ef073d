package io.gatehouse.credentials;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * What one argon2id hash costs (RFC 9106 section 3.1). The ceilings hold for the configuration and for stored hashes alike, so
 * that a hash that somebody smuggled into the database cannot take the server's memory or hours of its time.
 *
 * @param memoryKib   memory of one computation in KiB, from 8 for each lane to 262144
 * @param iterations  passes over that memory, 1 to 16
 * @param parallelism lanes, and threads of one computation, 1 to 16
 */
@ConfigurationProperties("gatehouse.argon2")
record Argon2Parameters(
        @Bindable(defaultValue = "19456") int memoryKib,
        @Bindable(defaultValue = "2") int iterations,
        @Bindable(defaultValue = "1") int parallelism) {

    private static final int MAX_MEMORY_KIB = 262_144;
    private static final int MAX_ITERATIONS = 16;
    private static final int MAX_PARALLELISM = 16;
    private static final int MIN_KIB_PER_LANE = 8;

    /** The ceilings, in words. */
    static final String CEILINGS = "m=%d, t=%d and p=%d".formatted(MAX_MEMORY_KIB, MAX_ITERATIONS, MAX_PARALLELISM);

    /** Whether argon2 is defined for them. */
    boolean isPossible() {
        return parallelism >= 1 && iterations >= 1 && memoryKib / MIN_KIB_PER_LANE >= parallelism;
    }

    boolean isAffordable() {
        return parallelism <= MAX_PARALLELISM && iterations <= MAX_ITERATIONS && memoryKib <= MAX_MEMORY_KIB;
    }

    /** @throws StartupFailure if these are outside the ceilings */
    Argon2Parameters orFail() {
        if (!isPossible() || !isAffordable()) {
            throw new StartupFailure(("gatehouse.argon2 is out of range: memory-kib must be from 8 for each lane to %d, iterations from 1"
                    + " to %d, parallelism from 1 to %d.").formatted(MAX_MEMORY_KIB, MAX_ITERATIONS, MAX_PARALLELISM));
        }
        return this;
    }
}
