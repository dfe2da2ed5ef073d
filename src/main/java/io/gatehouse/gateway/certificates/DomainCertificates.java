package io.gatehouse.gateway.certificates;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.cluster.ClusterTransactions;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** The certificates of external domains. */
@Singleton
final class DomainCertificates {

    private final ClusterTransactions transactions;
    private final CertificateRows rows;
    private final RenewalRows renewals;
    private final AuditLog audit;

    DomainCertificates(ClusterTransactions transactions, CertificateRows rows, RenewalRows renewals, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.renewals = renewals;
        this.audit = audit;
    }

    /** @throws Problem if there is no such external domain, or it has no certificate and is to get none */
    DomainCertificate get(int domainId) {
        return transactions.read(handle -> existing(handle, domainId));
    }

    /**
     * Takes the place of the present one; no other is obtained as long as it is there.
     *
     * @throws Problem if there is no such external domain, or the certificate would not do
     */
    DomainCertificate upload(int domainId, NewCertificate wish, Actor actor) {
        var chain = required(CertifiedKey.CHAIN, wish.chain());
        var key = required(CertifiedKey.KEY, wish.key());
        return transactions.write(handle -> {
            var domain = domain(handle, domainId);
            var certificate = CertifiedKey.parse(chain, key, domain, Instant.now());
            var before = rows.find(handle, domainId).orElse(null);
            renewals.forget(handle, domainId);
            rows.store(handle, domainId, certificate, null);
            record(handle, success(actor, "gateway.certificate.uploaded", target(domain)), before, certificate);
            return existing(handle, domainId);
        });
    }

    /** @throws Problem if there is no such external domain, or it has no certificate */
    void delete(int domainId, Actor actor) {
        transactions.write(handle -> {
            var domain = domain(handle, domainId);
            var before = existing(handle, domainId);
            if (!rows.delete(handle, domainId)) {
                throw missing(domain);
            }
            record(handle, success(actor, "gateway.certificate.removed", target(domain)), before, null);
            return null;
        });
    }

    /** Keeps what was issued for a claim, unless this has been lost to something else. */
    void renewed(Renewal renewal, CertifiedKey certificate) {
        transactions.write(handle -> {
            var before = rows.find(handle, renewal.domainId()).orElse(null);
            if (renewals.done(handle, renewal, certificate)) {
                rows.store(handle, renewal.domainId(), certificate, renewal.directory());
                record(handle, success(Actor.SYSTEM, "gateway.certificate.issued", target(renewal.domain())), before, certificate);
            }
            return null;
        });
    }

    /**
     * What a gateway answers with: the chain, then the key.
     *
     * @throws Problem if the site has no use for such a certificate
     */
    String delivered(int siteId, String id) {
        return transactions.read(handle -> rows.delivered(handle, siteId, id)).orElseThrow(() -> Problem.notFound("certificate of this site", id));
    }

    private DomainCertificate existing(Handle handle, int domainId) {
        var domain = domain(handle, domainId);
        return rows.find(handle, domainId).orElseThrow(() -> missing(domain));
    }

    private String domain(Handle handle, int domainId) {
        return rows.domain(handle, domainId).orElseThrow(() -> Problem.notFound("external domain", domainId));
    }

    private void record(Handle handle, AuditEvent event, @Nullable DomainCertificate before, @Nullable CertifiedKey after) {
        audit.record(handle, event
                .changed("certificate", before == null ? null : before.id(), after == null ? null : after.id())
                .changed("names", before == null || before.id() == null ? null : before.names(), after == null ? null : after.names())
                .changed("notAfter", before == null || before.notAfter() == null ? null : before.notAfter().toString(),
                        after == null ? null : after.notAfter().toString()));
    }

    private static String required(String field, @Nullable String value) {
        if (value == null) {
            throw Problem.invalidSecret(field, "A value is needed.");
        }
        return value;
    }

    private static Problem missing(String domain) {
        return Problem.notFound("certificate of", domain);
    }

    private static String target(String domain) {
        return "external-domain:" + domain;
    }
}
