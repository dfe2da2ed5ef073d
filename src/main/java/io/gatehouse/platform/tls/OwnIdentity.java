package io.gatehouse.platform.tls;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A certificate that a CA in the data directory issues; the CA is made when there is none. */
final class OwnIdentity implements IdentitySource {

    private static final Logger LOG = LoggerFactory.getLogger(OwnIdentity.class);
    private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);
    private static final List<SubjectName> LOOPBACK_NAMES =
            List.of(SubjectName.of("localhost"), SubjectName.of("127.0.0.1"), SubjectName.of("::1"));

    private final PemFile caCertificates;
    private final PemFile caKey;
    private final PemFile serverChain;
    private final PemFile serverKey;
    private final Supplier<Set<SubjectName>> names;
    private final Clock clock;
    private final Founding founding;

    /**
     * @param names    asked at each {@link #load}; those of the loopback interface are added
     * @param founding asked when the folder holds no CA
     */
    OwnIdentity(Path folder, Supplier<Set<SubjectName>> names, Clock clock, Founding founding) {
        caCertificates = new PemFile(folder.resolve("ca.pem"));
        caKey = new PemFile(folder.resolve("ca.key"));
        serverChain = new PemFile(folder.resolve("server.pem"));
        serverKey = new PemFile(folder.resolve("server.key"));
        this.names = names;
        this.clock = clock;
        this.founding = founding;
    }

    @Override
    public ServerIdentity load() throws UnusableMaterial {
        var now = clock.instant();
        var authority = authority(now);
        var wanted = new LinkedHashSet<>(names.get());
        wanted.addAll(LOOPBACK_NAMES);
        try {
            return kept(authority, wanted, now);
        } catch (UnusableMaterial reason) {
            LOG.info("Issuing a TLS certificate: {}", reason.getMessage());
        }
        var issued = authority.issue(wanted, now);
        try {
            issued.check(now);
        } catch (UnusableMaterial e) {
            throw new UnusableMaterial("The CA " + caCertificates.path() + " cannot issue a TLS certificate: " + e.getMessage(), e);
        }
        serverKey.write(issued.key());
        serverChain.write(issued.chain());
        return issued;
    }

    @Override
    public Duration period() {
        return Duration.ofDays(1);
    }

    @Override
    public Path caFile() {
        return caCertificates.path();
    }

    private ServerIdentity kept(CertificateAuthority authority, Set<SubjectName> wanted, Instant now) throws UnusableMaterial {
        if (!serverChain.exists()) {
            throw new UnusableMaterial("there is none yet");
        }
        var kept = new ServerIdentity(serverKey.privateKey(), serverChain.certificates(), authority.certificates());
        kept.check(now);
        if (!SubjectName.of(kept.certificate()).containsAll(wanted)) {
            throw new UnusableMaterial("the present one is not for all of " + wanted);
        }
        if (kept.expires().isBefore(now.plus(RENEWED_BEFORE_END)) && kept.expires().isBefore(authority.reach(now))) {
            throw new UnusableMaterial("the present one expires at " + kept.expires());
        }
        return kept;
    }

    private CertificateAuthority authority(Instant now) throws UnusableMaterial {
        if (!caCertificates.exists() && !caKey.exists()) {
            var authority = founding.authority(now);
            caKey.write(authority.key());
            caCertificates.write(authority.certificates());
            LOG.info("The CA for TLS is in {}, valid until {}", caFile(), authority.expires());
            return authority;
        }
        try {
            var authority = new CertificateAuthority(caKey.privateKey(), caCertificates.certificates());
            authority.check();
            return lasting(authority, now);
        } catch (UnusableMaterial e) {
            throw new UnusableMaterial("The CA " + caCertificates.path() + " with the key " + caKey.path() + " cannot be used: "
                    + e.getMessage() + ". Repair it, or remove both files for a new CA (clients must then get the new one)", e);
        }
    }

    /** Clients that have the former certificate of the CA go on trusting what it issues until that one ends. */
    private CertificateAuthority lasting(CertificateAuthority authority, Instant now) throws UnusableMaterial {
        var lastsEnough = authority.expires().isAfter(now.plus(CertificateAuthority.SERVER_LIFETIME).plus(RENEWED_BEFORE_END));
        if (lastsEnough || !authority.isGenerated()) {
            return authority;
        }
        var renewed = authority.renewed(now);
        caCertificates.write(renewed.certificates());
        LOG.warn("Renewed the CA for TLS, since it would expire at {}: give {} to the clients before that", authority.expires(), caFile());
        return renewed;
    }
}
