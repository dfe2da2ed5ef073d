package io.gatehouse.platform.observe;

import io.gatehouse.platform.observe.ObservabilityConfiguration.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** Where everything is counted; with metrics off, a registry whose meters do nothing. */
@Factory
final class Meters {

    @Singleton
    @Bean(preDestroy = "close")
    MeterRegistry registry(ObservabilityConfiguration configuration) {
        return configuration.metrics() == Metrics.OFF ? new CompositeMeterRegistry() : new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Singleton
    @Bean(preDestroy = "close")
    JvmGcMetrics collections() {
        return new JvmGcMetrics();
    }

    @Singleton
    JvmMemoryMetrics memory() {
        return new JvmMemoryMetrics();
    }

    @Singleton
    JvmThreadMetrics threads() {
        return new JvmThreadMetrics();
    }

    @Singleton
    ProcessorMetrics processor() {
        return new ProcessorMetrics();
    }

    @Singleton
    UptimeMetrics uptime() {
        return new UptimeMetrics();
    }

    @Singleton
    FileDescriptorMetrics files() {
        return new FileDescriptorMetrics();
    }
}
