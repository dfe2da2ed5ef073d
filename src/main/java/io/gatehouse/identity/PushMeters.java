package io.gatehouse.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** How many are asked to approve a login, and what comes of it. */
@Singleton
final class PushMeters {

    private final MeterRegistry registry;
    private final AtomicInteger waiting = new AtomicInteger();

    PushMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("gatehouse.push.waiting", waiting, AtomicInteger::get).description("Logins of this node that wait for an approval")
                .register(registry);
    }

    void asked() {
        waiting.incrementAndGet();
    }

    void answered() {
        waiting.decrementAndGet();
    }

    /** @param outcome the kind of answer, or why nobody was asked */
    void count(Enum<?> outcome) {
        Counter.builder("gatehouse.push.prompts").description("Logins that needed an approval, by what came of it")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .register(registry).increment();
    }
}
