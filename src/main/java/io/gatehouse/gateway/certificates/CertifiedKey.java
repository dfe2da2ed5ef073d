package io.gatehouse.gateway.certificates;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.tls.Pem;
import io.gatehouse.platform.tls.Signatures;
import io.gatehouse.platform.tls.UnusableMaterial;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * A private key and certificates for it, good for a gateway to answer with.
 *
 * @param chain the domain's certificate first, each next one the issuer of the one before
 */
record CertifiedKey(PrivateKey key, List<X509Certificate> chain) {

    static final String CHAIN = "chain";
    static final String KEY = "key";

    static final String CHAIN_RULE = "Certificates in PEM are needed, 10 at most.";
    static final String KEY_RULE = "A private key in PEM is needed (PKCS #8, PKCS #1 or SEC 1) that is not encrypted.";

    private static final int LONGEST_CHAIN = 10;
    private static final int SMALLEST_RSA_KEY = 2048;
    private static final int LARGEST_RSA_KEY = 8192;
    private static final Set<Integer> CURVES = Set.of(256, 384, 521);
    private static final int DNS_NAME = 2;
    private static final Set<String> SERVER_USAGES = Set.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

    /**
     * The key is told in no refusal.
     *
     * @throws Problem if it is not sound, or would not do for the domain
     */
    static CertifiedKey parse(String chain, String key, String domain, Instant now) {
        var parsed = new CertifiedKey(privateKey(key), certificates(chain));
        parsed.check(domain, now);
        return parsed;
    }

    /** @throws Problem if browsers would refuse it for this domain, whatever they think of its authority */
    void check(String domain, Instant now) {
        checkOrder();
        chain.forEach(certificate -> checkTime(certificate, now));
        checkPurpose();
        checkStrength();
        refuseUnless(covers(domain), CHAIN, "The certificate must be for " + domain + " (in its subjectAltName); it is for " + String.join(", ", names()) + ".");
        refuseUnless(isOfTheKey(), KEY, "The private key is not the one of the first certificate.");
    }

    /** SHA-256 of the certificate. */
    String id() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate().getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** What it is for, wildcards included; in lower case. */
    List<String> names() {
        try {
            return Objects.requireNonNullElse(certificate().getSubjectAlternativeNames(), List.<List<?>>of()).stream()
                    .filter(name -> name.getFirst().equals(DNS_NAME))
                    .map(name -> ((String) name.get(1)).toLowerCase(Locale.ROOT))
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    String issuer() {
        return certificate().getIssuerX500Principal().getName();
    }

    Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    String chainPem() {
        return Pem.encode(chain);
    }

    /** PKCS #8. */
    String keyPem() {
        return Pem.encode(key);
    }

    private void checkOrder() {
        for (int i = 1; i < chain.size(); i++) {
            refuseUnless(Signatures.signed(chain.get(i), chain.get(i - 1)), CHAIN,
                    "Each certificate must be the issuer of the one before it; the " + ordinal(i) + " is not.");
        }
    }

    private void checkTime(X509Certificate certificate, Instant now) {
        var which = "the " + ordinal(chain.indexOf(certificate));
        refuseUnless(now.isBefore(certificate.getNotAfter().toInstant()), CHAIN,
                "No certificate may have expired; " + which + " did at " + certificate.getNotAfter().toInstant() + ".");
        refuseUnless(!now.isBefore(certificate.getNotBefore().toInstant()), CHAIN,
                "All certificates must be valid by now; " + which + " is from " + certificate.getNotBefore().toInstant() + " on.");
    }

    private void checkPurpose() {
        try {
            var usages = certificate().getExtendedKeyUsage();
            refuseUnless(certificate().getBasicConstraints() < 0 && (usages == null || usages.stream().anyMatch(SERVER_USAGES::contains)), CHAIN,
                    "The first certificate must be one of a server, not of an authority or of a client.");
        } catch (CertificateParsingException e) {
            throw Problem.invalidSecret(CHAIN, CHAIN_RULE);
        }
    }

    private void checkStrength() {
        var strong = switch (certificate().getPublicKey()) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= SMALLEST_RSA_KEY && rsa.getModulus().bitLength() <= LARGEST_RSA_KEY;
            case ECPublicKey ec -> CURVES.contains(ec.getParams().getCurve().getField().getFieldSize());
            default -> false;
        };
        refuseUnless(strong, CHAIN, "The certificate's key must be of RSA with 2048 to 8192 bits, or of EC on the curve P-256, P-384 or P-521.");
        var signature = certificate().getSigAlgName().toUpperCase(Locale.ROOT);
        refuseUnless(!signature.startsWith("SHA1") && !signature.startsWith("MD"), CHAIN, "The certificate must not be signed with SHA-1 or MD5.");
    }

    private boolean covers(String domain) {
        var above = domain.substring(domain.indexOf('.') + 1);
        return names().contains(domain) || names().contains("*." + above);
    }

    private boolean isOfTheKey() {
        try {
            return Signatures.belongTogether(key, certificate().getPublicKey());
        } catch (UnusableMaterial e) {
            return false;
        }
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            var certificates = Pem.certificates(pem);
            refuseUnless(certificates.size() <= LONGEST_CHAIN, CHAIN, CHAIN_RULE);
            return certificates;
        } catch (UnusableMaterial e) {
            throw Problem.invalidSecret(CHAIN, CHAIN_RULE);
        }
    }

    private static PrivateKey privateKey(String pem) {
        try {
            return Pem.privateKey(pem);
        } catch (UnusableMaterial e) {
            throw Problem.invalidSecret(KEY, KEY_RULE);
        }
    }

    private static String ordinal(int index) {
        return index == 0 ? "first" : index == 1 ? "second" : index == 2 ? "third" : (index + 1) + "th";
    }

    private static void refuseUnless(boolean good, String field, String rule) {
        if (!good) {
            throw Problem.invalidSecret(field, rule);
        }
    }

    @Override
    public String toString() {
        return "CertifiedKey[" + id() + "]";
    }
}
