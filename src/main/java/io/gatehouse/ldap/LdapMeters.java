package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.directory.Principal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/** Counts operations and binds. An operation's meter is found by two indexes, for it is counted on the way of every lookup. */
@Singleton
final class LdapMeters {

    /** How an attempt to prove who one is ended. */
    enum Outcome { SUCCESS, WRONG_PASSWORD, LOCKED, NO_SECOND_FACTOR, NOT_APPROVED }

    private static final int CODES = 128;
    private static final Duration[] BUCKETS = Stream.of(10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 200_000, 1_000_000, 10_000_000)
            .map(micros -> Duration.ofNanos(micros * 1_000L)).toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(Operation.values().length * CODES);
    private final Counter refused;

    LdapMeters(MeterRegistry registry) {
        this.registry = registry;
        refused = Counter.builder("gatehouse.ldap.connections.refused").description("Connections turned away because there were too many")
                .register(registry);
    }

    void count(Operation operation, ResultCode code, long nanos) {
        int index = operation.ordinal() * CODES + Math.clamp(code.intValue(), 0, CODES - 1);
        var timer = timers.getPlain(index);
        if (timer == null) {
            timer = timer(operation, code);
            timers.set(index, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** @param type null: nobody who could be */
    void bound(@Nullable Principal.Type type, Outcome outcome) {
        Counter.builder("gatehouse.ldap.binds").description("Passwords proven or not, by kind of account")
                .tags("account", type == null ? "none" : label(type), "outcome", label(outcome))
                .register(registry).increment();
    }

    void connectionRefused() {
        refused.increment();
    }

    void watch(ConnectionWatch connections) {
        Gauge.builder("gatehouse.ldap.connections.open", connections, ConnectionWatch::size).description("Connections at this moment")
                .register(registry);
    }

    private Timer timer(Operation operation, ResultCode code) {
        return Timer.builder("gatehouse.ldap.operations").description("LDAP operations by result code")
                .tags("operation", operation.label(), "result", resultLabel(code))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    static String resultLabel(ResultCode code) {
        return code.getName().replace(' ', '-');
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
