/**
 * What the server tells about itself: meters for Prometheus, the log's form, and the lines of the access log.
 *
 * <p>Counters and timers are made by whoever counts, from the one {@link io.micrometer.core.instrument.MeterRegistry}; gauges
 * by the {@link io.micrometer.core.instrument.binder.MeterBinder} of their room.
 */
package io.gatehouse.platform.observe;
