package io.gatehouse.platform.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * What the server shows to clients, and what they check it against.
 *
 * @param chain       the server's certificate first, each next one the issuer of the one before
 * @param authorities the CAs that clients trust
 */
record ServerIdentity(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {

    private static final Set<String> TLS_VERSIONS = Set.of("TLSv1.3", "TLSv1.2");
    private static final char[] IN_MEMORY = new char[0];

    X509Certificate certificate() {
        return chain.getFirst();
    }

    Instant expires() {
        return certificate().getNotAfter().toInstant();
    }

    /** @throws UnusableMaterial if clients that trust the authorities would refuse it, whatever name they use */
    void check(Instant at) throws UnusableMaterial {
        if (!Signatures.belongTogether(key, certificate().getPublicKey())) {
            throw new UnusableMaterial("the private key does not belong to the certificate");
        }
        try {
            certificate().checkValidity(Date.from(at));
            var usages = certificate().getExtendedKeyUsage();
            if (usages != null && !usages.contains(KeyPurposeId.id_kp_serverAuth.getId())
                    && !usages.contains(KeyPurposeId.anyExtendedKeyUsage.getId())) {
                throw new UnusableMaterial("the certificate is not made for a server (its extended key usage lacks serverAuth)");
            }
            checkPath(at);
            keyStore();
        } catch (CertificateExpiredException e) {
            throw new UnusableMaterial("the certificate expired at " + expires(), e);
        } catch (CertificateNotYetValidException e) {
            throw new UnusableMaterial("the certificate is not valid before " + certificate().getNotBefore().toInstant(), e);
        } catch (CertPathValidatorException e) {
            var culprit = chain.get(Math.max(0, e.getIndex())).getSubjectX500Principal();
            throw new UnusableMaterial("the chain is not valid at the certificate of " + culprit + " (" + e.getMessage() + ")", e);
        } catch (GeneralSecurityException e) {
            throw new UnusableMaterial("the certificate cannot be checked (" + e.getMessage() + ")", e);
        }
    }

    SSLContext sslContext() throws UnusableMaterial {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keyStore(), IN_MEMORY);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[0], null);
            requireModernVersions(context);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "for " + SubjectName.of(certificate()) + ", of " + certificate().getIssuerX500Principal() + ", valid until " + expires();
    }

    private KeyStore keyStore() throws UnusableMaterial, GeneralSecurityException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, IN_MEMORY);
            store.setKeyEntry("server", key, IN_MEMORY, chain.toArray(X509Certificate[]::new));
            return store;
        } catch (KeyStoreException e) {
            throw new UnusableMaterial("the chain is not in order: each certificate has to be the issuer of the one before", e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 8996: the JDK offers nothing older by default, which a security policy around it can change. */
    private static void requireModernVersions(SSLContext context) throws UnusableMaterial {
        var server = context.createSSLEngine();
        server.setUseClientMode(false);
        var offered = List.of(server.getEnabledProtocols());
        if (!TLS_VERSIONS.containsAll(offered)) {
            throw new UnusableMaterial("this Java runtime offers TLS versions before 1.2 " + offered
                    + "; put TLSv1 and TLSv1.1 back into jdk.tls.disabledAlgorithms of its security policy");
        }
    }

    private void checkPath(Instant at) throws UnusableMaterial, GeneralSecurityException {
        if (authorities.contains(certificate())) {
            return;
        }
        var path = new ArrayList<X509Certificate>();
        for (var certificate : chain) {
            path.add(certificate);
            if (authorities.stream().anyMatch(authority -> Signatures.signed(authority, certificate))) {
                validate(path, at);
                return;
            }
        }
        throw new UnusableMaterial("the certificate does not lead to the CA");
    }

    private void validate(List<X509Certificate> path, Instant at) throws GeneralSecurityException {
        var anchors = authorities.stream().map(authority -> new TrustAnchor(authority, null)).collect(Collectors.toSet());
        var parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    }
}
