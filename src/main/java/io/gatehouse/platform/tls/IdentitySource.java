package io.gatehouse.platform.tls;

import io.gatehouse.platform.PlatformConfiguration;
import io.gatehouse.platform.StartupFailure;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Where the server's identity comes from. */
sealed interface IdentitySource permits OwnIdentity, ConfiguredIdentity {

    /**
     * @return what is to be served now; equal to the former answer if nothing changed
     * @throws UnusableMaterial if there is nothing to serve, or something new that cannot be served
     */
    ServerIdentity load() throws UnusableMaterial;

    /** How long after a {@link #load} something new is to be looked for. */
    Duration period();

    /** Holds the authorities of what was loaded last. */
    Path caFile();

    /** @param folder for the files of this room */
    static IdentitySource of(PlatformConfiguration configuration, Path folder, Clock clock, Founding founding) {
        var certificate = configuration.tlsCertificateFile();
        var key = configuration.tlsKeyFile();
        if (certificate != null && key != null) {
            return new ConfiguredIdentity(certificate, key, configuration.tlsCaFile(), folder, clock,
                    Duration.ofSeconds(2));
        }
        if (certificate != null || key != null || configuration.tlsCaFile() != null) {
            throw new StartupFailure("GATEHOUSE_TLS_CERTIFICATE_FILE and GATEHOUSE_TLS_KEY_FILE go together, GATEHOUSE_TLS_CA_FILE "
                    + "only with them. Set what is missing, or unset all for a certificate of Gatehouse's own.");
        }
        var configured = configuredNames(configuration);
        var host = new HostNames();
        return new OwnIdentity(folder, () -> {
            var names = new LinkedHashSet<>(host.find());
            names.addAll(configured);
            return names;
        }, clock, founding);
    }

    private static Set<SubjectName> configuredNames(PlatformConfiguration configuration) {
        var names = new LinkedHashSet<SubjectName>();
        for (var text : Objects.requireNonNullElse(configuration.tlsNames(), List.<String>of())) {
            try {
                if (!text.isBlank()) {
                    names.add(SubjectName.of(text.strip()));
                }
            } catch (IllegalArgumentException e) {
                throw new StartupFailure("GATEHOUSE_TLS_NAMES holds \"" + text.strip()
                        + "\", which is neither a DNS name nor an address. Names are separated by commas.", e);
            }
        }
        return names;
    }
}
