package io.gatehouse.platform.tls;

import io.gatehouse.platform.StartupFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** CAs that an operator trusts, and nobody else has to. */
public final class PrivateAuthorities {

    private PrivateAuthorities() {
    }

    /**
     * Sockets to servers with certificates of these CAs and of no others. Who uses them has to check the servers' names.
     *
     * @param file     certificates in PEM
     * @param variable that names the file
     * @throws StartupFailure if there are none in it
     */
    public static SSLSocketFactory trusted(Path file, String variable) {
        return context(file, variable).getSocketFactory();
    }

    /**
     * For connections to servers with certificates of these CAs and of no others.
     *
     * @param file     certificates in PEM
     * @param variable that names the file
     * @throws StartupFailure if there are none in it
     */
    public static SSLContext context(Path file, String variable) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var certificate : PemText.read(file).certificates()) {
                store.setCertificateEntry(certificate.getSerialNumber() + " " + store.size(), certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (UnusableMaterial | GeneralSecurityException | IOException e) {
            throw new StartupFailure(variable + " must name a file with certificates of CAs in PEM: " + e.getMessage() + ".", e);
        }
    }
}
