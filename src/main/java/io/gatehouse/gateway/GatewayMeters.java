package io.gatehouse.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.function.Supplier;

/** What serving agents costs. */
@Singleton
public final class GatewayMeters {

    private final MeterRegistry registry;
    private final Timer builds;
    private final Counter delivered;

    GatewayMeters(MeterRegistry registry) {
        this.registry = registry;
        builds = Timer.builder("gatehouse.gateway.snapshot.builds").description("Snapshots of sites that were made").register(registry);
        delivered = Counter.builder("gatehouse.gateway.delivered").baseUnit("bytes").description("Bytes of snapshots and files that were sent to agents")
                .register(registry);
    }

    <T> T build(Supplier<T> work) {
        return builds.record(work);
    }

    public void delivered(int bytes) {
        delivered.increment(bytes);
    }

    public void watchWaiting(Collection<?> waiting) {
        Gauge.builder("gatehouse.gateway.agents.waiting", waiting, Collection::size).description("Requests of agents that are held at this moment")
                .register(registry);
    }
}
