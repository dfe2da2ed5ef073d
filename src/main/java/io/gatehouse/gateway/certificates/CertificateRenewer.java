package io.gatehouse.gateway.certificates;

import io.gatehouse.cluster.ExternalDomains;
import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.Worker;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has certificates issued for the domains that want them, and renewed in time. Nothing of the database is held while an authority or
 * Cloudflare is waited for: who is at a domain is a row with an end, which no attempt outlasts.
 */
@Singleton
final class CertificateRenewer implements ChangeListener {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewer.class);
    private static final Set<String> TABLES = Set.of("external_domains", "domain_certificates");
    /** Authorities allow few failures an hour. */
    private static final List<Duration> PAUSES = List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30),
            Duration.ofHours(2), Duration.ofHours(6), Duration.ofHours(24));
    private static final Duration LONGEST_PAUSE = Duration.ofDays(7);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration CLAIM = Duration.ofMinutes(15);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final int AT_ONCE = 4;

    private final Database database;
    private final CertificateRows certificateRows;
    private final RenewalRows rows;
    private final ExternalDomains domains;
    private final AcmeAccounts accounts;
    private final AcmeClient acme;
    private final DomainCertificates certificates;
    private final CertificateMeters meters;
    private final boolean enabled;
    private final Worker worker = new Worker("certificates", LOG, this::renew);
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();

    CertificateRenewer(Database database, CertificateRows certificateRows, RenewalRows rows, ExternalDomains domains, AcmeAccounts accounts,
                       AcmeClient acme, DomainCertificates certificates, CertificateMeters meters, AcmeConfiguration configuration) {
        this.database = database;
        this.certificateRows = certificateRows;
        this.rows = rows;
        this.domains = domains;
        this.accounts = accounts;
        this.acme = acme;
        this.certificates = certificates;
        this.meters = meters;
        enabled = configuration.enabled();
    }

    @EventListener
    void start(ServerStartupEvent started) {
        worker.start();
    }

    @Override
    public void changed(List<Change> changes) {
        if (changes.stream().anyMatch(change -> TABLES.contains(change.table()))) {
            wake();
        }
    }

    @Override
    public void reload() {
        wake();
    }

    void wake() {
        worker.wake();
    }

    private void renew() {
        look();
        while (enabled && begin()) {
            // until nothing is due, or enough is under way
        }
    }

    private void look() {
        database.jdbi().useTransaction(handle -> certificateRows.expire(handle).forEach(domain ->
                LOG.warn("The certificate of {} has expired; its sites answer over plain HTTP until there is another one", domain)));
        database.jdbi().useTransaction(rows::plan);
        meters.show(database.jdbi().withHandle(rows::outlook));
    }

    /** @return whether it makes sense to go on with the next one */
    private boolean begin() {
        if (!places.tryAcquire()) {
            return false;
        }
        Renewal renewal = null;
        try {
            renewal = database.jdbi().inTransaction(handle -> rows.claim(handle, CLAIM)).orElse(null);
            if (renewal != null) {
                var claimed = renewal;
                attempts.execute(() -> attempt(claimed));
            }
            return renewal != null;
        } finally {
            if (renewal == null) {
                places.release();
            }
        }
    }

    private void attempt(Renewal renewal) {
        try {
            certificates.renewed(renewal, issued(renewal));
            meters.issued();
            LOG.info("The certificate authority {} has issued a certificate for {}", renewal.directory(), renewal.domain());
        } catch (IssuanceFailure e) {
            meters.failed();
            var pause = pause(renewal, e);
            database.jdbi().useTransaction(handle -> rows.failed(handle, renewal, e.getMessage(), pause));
            LOG.warn("There is no new certificate for {}; it is tried again in {}: {}", renewal.domain(), pause, e.getMessage());
        } catch (InterruptedException e) {
            database.jdbi().useTransaction(handle -> rows.release(handle, renewal));
        } catch (RuntimeException e) {
            // Its claim has an end.
            LOG.warn("A certificate for {} could not be seen to ({})", renewal.domain(), e.getMessage());
            LOG.debug("A certificate for {} could not be seen to", renewal.domain(), e);
        } finally {
            places.release();
            wake();
        }
    }

    private CertifiedKey issued(Renewal renewal) throws InterruptedException {
        var account = database.jdbi().inTransaction(handle -> accounts.key(handle, renewal));
        var credentials = database.jdbi().withHandle(handle -> domains.cloudflare(handle, renewal.domainId()))
                .orElseThrow(() -> new IssuanceFailure("The domain has no Cloudflare credentials any more."));
        var work = attempts.submit(() -> acme.issue(renewal, account, credentials));
        try {
            return work.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IssuanceFailure("It was not done within " + LIMIT.toMinutes() + " minutes.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IssuanceFailure failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            work.cancel(true);
        }
    }

    private static Duration pause(Renewal renewal, IssuanceFailure failure) {
        var pause = PAUSES.get(Math.min(renewal.attempts(), PAUSES.size() - 1));
        var asked = failure.retryAfter();
        if (asked == null || asked.compareTo(pause) < 0) {
            return pause;
        }
        return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    @PreDestroy
    void stop() throws InterruptedException {
        worker.stop();
        attempts.shutdownNow();
        attempts.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    }
}
