package io.gatehouse.platform.tls;

import io.micronaut.core.annotation.Nullable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A certificate that the operator's tools put into files and replace there. */
final class ConfiguredIdentity implements IdentitySource {

    private final Path certificateFile;
    private final Path keyFile;
    private final Optional<Path> authoritiesFile;
    private final PemFile caFile;
    private final Clock clock;
    private final Duration period;

    private List<PemText> seen = List.of();
    private List<PemText> judged = List.of();
    private @Nullable ServerIdentity accepted;

    /** @param authoritiesFile what clients trust; without it the CA is looked for in the chain and among the JDK's public ones */
    ConfiguredIdentity(Path certificateFile, Path keyFile, @Nullable Path authoritiesFile, Path folder, Clock clock,
                       Duration period) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.authoritiesFile = Optional.ofNullable(authoritiesFile);
        this.caFile = new PemFile(folder.resolve("configured-ca.pem"));
        this.clock = clock;
        this.period = period;
    }

    /** Files that are replaced one after the other are judged when they have rested for one period. */
    @Override
    public ServerIdentity load() throws UnusableMaterial {
        var texts = Stream.concat(Stream.of(certificateFile, keyFile), authoritiesFile.stream()).map(PemText::read).toList();
        var atRest = texts.equals(seen);
        seen = texts;
        if (accepted != null && (!atRest || texts.equals(judged))) {
            return accepted;
        }
        judged = texts;
        try {
            var identity = identity(texts);
            identity.check(clock.instant());
            caFile.write(identity.authorities());
            accepted = identity;
            return identity;
        } catch (UnusableMaterial e) {
            throw new UnusableMaterial("The TLS certificate " + certificateFile + " with the key " + keyFile + " cannot be used: "
                    + e.getMessage(), e);
        }
    }

    @Override
    public Duration period() {
        return period;
    }

    @Override
    public Path caFile() {
        return caFile.path();
    }

    private static ServerIdentity identity(List<PemText> texts) throws UnusableMaterial {
        var chain = texts.get(0).certificates();
        var key = texts.get(1).privateKey();
        return new ServerIdentity(key, chain, texts.size() > 2 ? texts.get(2).certificates() : List.of(PublicAuthorities.issuer(chain)));
    }
}
