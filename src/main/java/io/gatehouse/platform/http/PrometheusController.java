package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.observe.ObservabilityConfiguration;
import io.gatehouse.platform.observe.ObservabilityConfiguration.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;

/** Shows the meters in Prometheus' text format. */
@Tag(name = "Server")
@Controller("/prometheus")
@Secured(SecurityRule.IS_ANONYMOUS)
final class PrometheusController {

    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final ObservabilityConfiguration configuration;
    private final MeterRegistry registry;

    PrometheusController(ObservabilityConfiguration configuration, MeterRegistry registry, List<MeterBinder> binders) {
        this.configuration = configuration;
        this.registry = registry;
        binders.forEach(binder -> binder.bindTo(registry));
    }

    /** Shows this node's meters in Prometheus' text format. */
    @Get
    @Operation(operationId = "getMetrics")
    @Produces(TEXT_FORMAT)
    String show(@Nullable Authentication caller) {
        if (!(registry instanceof PrometheusMeterRegistry prometheus)) {
            throw Problem.of(Problem.Kind.NOT_FOUND, "There is no such path.");
        }
        if (configuration.metrics() == Metrics.ADMINISTRATORS && (caller == null || !caller.getRoles().contains(Role.ADMINISTRATOR))) {
            throw new AuthorizationException(caller);
        }
        return prometheus.scrape(TEXT_FORMAT);
    }
}
