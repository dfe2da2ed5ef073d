package io.gatehouse.platform.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The CAs that this Java runtime trusts. */
final class PublicAuthorities {

    private PublicAuthorities() {
    }

    /** @return the CA that a client of this chain has to trust: the chain's own end, or the public CA that issued it */
    static X509Certificate issuer(List<X509Certificate> chain) throws UnusableMaterial {
        var last = chain.getLast();
        if (Signatures.signed(last, last)) {
            return last;
        }
        return chain.stream()
                .flatMap(certificate -> trusted().filter(authority -> Signatures.signed(authority, certificate)))
                .findFirst()
                .orElseThrow(() -> new UnusableMaterial(
                        "no publicly trusted CA issued it; set GATEHOUSE_TLS_CA_FILE to the CA that clients shall trust"));
    }

    private static Stream<X509Certificate> trusted() {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
