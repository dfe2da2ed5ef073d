package io.gatehouse.platform.tls;

import io.gatehouse.platform.DataDirectory;
import io.gatehouse.platform.PlatformConfiguration;
import io.gatehouse.platform.StartupFailure;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's certificate and key, kept up to date while it runs, and the CA for the clients.
 *
 * <p>Without configuration a CA of its own issues the certificate. Both are below {@code tls} in the data directory: {@code ca.pem},
 * {@code ca.key}, {@code server.pem} (the chain) and {@code server.key}. The CA is made at the first start and lasts ten years. The
 * certificate lasts 397 days and holds the host's names, {@code localhost}, 127.0.0.1, ::1 and {@code gatehouse.tls-names}; it is
 * issued anew when one of these is missing in it, 30 days before it ends, and when it is broken or of another CA. This is checked at
 * start and once a day.
 *
 * <p>All nodes on one database have the same CA: the first one stores it there, its key encrypted with the master key, and a node
 * without {@code ca.pem} and {@code ca.key} takes it over. For a CA of yours put both files into the data directory before the first
 * start: an EC or RSA key that is not encrypted, and its CA certificate, followed by those of the CAs above it up to a root, if it
 * is not one itself.
 *
 * <p>With {@code gatehouse.tls-certificate-file} and {@code gatehouse.tls-key-file} these are served instead. Their content, symbolic
 * links followed, is looked at every two seconds, and taken over when it changed and has rested for as long. What does not fit
 * together, is not valid now or does not lead to {@code gatehouse.tls-ca-file} prevents the start; later it is refused with a line in
 * the log, and what was served before stays in service.
 */
@Singleton
public final class TlsMaterial implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TlsMaterial.class);
    private static final Duration EXPIRY_WARNING = Duration.ofDays(14);

    private final IdentitySource source;
    private final Clock clock;
    private final ScheduledExecutorService schedule;
    private volatile Served served;

    /** @throws StartupFailure if there is nothing that clients would accept */
    @Inject
    TlsMaterial(PlatformConfiguration configuration, DataDirectory data, Founding founding) {
        this(IdentitySource.of(configuration, data.resolve("tls"), Clock.systemUTC(), founding), Clock.systemUTC());
    }

    TlsMaterial(IdentitySource source, Clock clock) {
        this.source = source;
        this.clock = clock;
        try {
            serve(source.load());
        } catch (UnusableMaterial e) {
            throw new StartupFailure(e.getMessage() + ".", e);
        }
        schedule = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("tls-material").factory());
        var period = source.period().toMillis();
        schedule.scheduleWithFixedDelay(this::refresh, period, period, TimeUnit.MILLISECONDS);
        schedule.scheduleWithFixedDelay(this::warnBeforeEnd, 0, 1, TimeUnit.DAYS);
    }

    /** For TLS 1.2 and 1.3. Ask for each new connection: after a change of the certificate there is another one. */
    public SSLContext context() {
        return served.context();
    }

    /** @return the certificates of the CA that clients have to trust, one or more */
    public String caCertificatePem() {
        return Pem.encode(served.identity().authorities());
    }

    /** @return a file with {@link #caCertificatePem()} that everyone may read who may enter the data directory; always the same */
    public Path caFile() {
        return source.caFile();
    }

    @Override
    @PreDestroy
    public void close() {
        schedule.close();
    }

    void refresh() {
        try {
            serve(source.load());
        } catch (UnusableMaterial e) {
            LOG.error("{}. The present TLS certificate stays in service.", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The TLS certificate could not be checked; the present one stays in service", e);
        }
    }

    private void serve(ServerIdentity identity) throws UnusableMaterial {
        if (served == null || !served.identity().equals(identity)) {
            served = new Served(identity, identity.sslContext());
            LOG.info("TLS certificate in service: {}", identity);
        }
    }

    void warnBeforeEnd() {
        var end = served.identity().expires();
        if (end.isBefore(clock.instant().plus(EXPIRY_WARNING))) {
            LOG.warn("The TLS certificate expires at {} and was not replaced yet", end);
        }
    }

    private record Served(ServerIdentity identity, SSLContext context) {
    }
}
