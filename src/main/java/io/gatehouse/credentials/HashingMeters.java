package io.gatehouse.credentials;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** How many wait for a password hash, and how many need not. */
@Singleton
final class HashingMeters implements MeterBinder {

    private final PasswordHashing hashing;
    private final VerifiedPasswords verified;

    HashingMeters(PasswordHashing hashing, VerifiedPasswords verified) {
        this.hashing = hashing;
        this.verified = verified;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("gatehouse.hashing.waiting", hashing, PasswordHashing::waiting).description("Passwords that wait to be hashed")
                .register(registry);
        Gauge.builder("gatehouse.hashing.running", hashing, PasswordHashing::running).description("Passwords that are being hashed")
                .register(registry);
        FunctionCounter.builder("gatehouse.bind.cache.hits", verified, VerifiedPasswords::hits)
                .description("Passwords that were right a moment ago and have not been hashed again").register(registry);
    }
}
