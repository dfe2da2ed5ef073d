package io.gatehouse.gateway.certificates;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Has certificates looked after whose time has come. */
@Singleton
final class RenewalRound implements RecurringTask {

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final CertificateRenewer renewer;

    RenewalRound(CertificateRenewer renewer) {
        this.renewer = renewer;
    }

    @Override
    public String name() {
        return "certificates";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        renewer.wake();
    }
}
