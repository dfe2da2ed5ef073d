package io.gatehouse.gateway.certificates;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;

/** How it goes with certificates, as this node saw it last, and what it has done about them. */
@Singleton
final class CertificateMeters {

    private final MeterRegistry registry;
    private volatile RenewalRows.Outlook outlook = new RenewalRows.Outlook(0, null);

    CertificateMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("gatehouse.certificates.failing", this, meters -> meters.outlook.failing())
                .description("External domains whose last attempt to get a certificate failed").register(registry);
        Gauge.builder("gatehouse.certificates.expiry", this, CertificateMeters::secondsToFirstEnd).baseUnit("seconds")
                .description("Time until the first certificate in service ends").register(registry);
    }

    void show(RenewalRows.Outlook present) {
        outlook = present;
    }

    void issued() {
        count("success");
    }

    void failed() {
        count("failure");
    }

    private void count(String outcome) {
        Counter.builder("gatehouse.certificates.orders").description("Attempts of this node to have a certificate issued")
                .tag("outcome", outcome).register(registry).increment();
    }

    private double secondsToFirstEnd() {
        var end = outlook.firstEnd();
        return end == null ? Double.NaN : Duration.between(Instant.now(), end).toMillis() / 1e3;
    }
}
