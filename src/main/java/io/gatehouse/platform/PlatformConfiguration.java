package io.gatehouse.platform;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.annotation.Nullable;
import java.nio.file.Path;
import java.util.List;

/**
 * @param dataDir       where everything lives that must survive a restart: the embedded database, TLS material, the master key
 * @param masterKey     encrypts secrets at rest; 32 bytes in Base64
 * @param masterKeyFile file that holds the master key instead
 * @param tlsNames      further DNS names and addresses for the generated server certificate
 * @param tlsCertificateFile PEM chain to use instead of the generated one; read again when it changes
 * @param tlsKeyFile    PEM private key (PKCS #8) of that chain
 * @param tlsCaFile     PEM CA that clients shall trust when the chain is configured
 */
@ConfigurationProperties("gatehouse")
public record PlatformConfiguration(
        @Bindable(defaultValue = "data") Path dataDir,
        @Nullable String masterKey,
        @Nullable Path masterKeyFile,
        @Nullable List<String> tlsNames,
        @Nullable Path tlsCertificateFile,
        @Nullable Path tlsKeyFile,
        @Nullable Path tlsCaFile) {

    @Override
    public String toString() {
        return "PlatformConfiguration[" + dataDir + "]";
    }
}
