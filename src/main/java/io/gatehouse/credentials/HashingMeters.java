package io.gatehouse.credentials;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** How many wait for a password hash. */
@Singleton
final class HashingMeters implements MeterBinder {

    private final PasswordHashing hashing;

    HashingMeters(PasswordHashing hashing) {
        this.hashing = hashing;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("gatehouse.hashing.waiting", hashing, PasswordHashing::waiting).description("Passwords that wait to be hashed")
                .register(registry);
        Gauge.builder("gatehouse.hashing.running", hashing, PasswordHashing::running).description("Passwords that are being hashed")
                .register(registry);
    }
}
