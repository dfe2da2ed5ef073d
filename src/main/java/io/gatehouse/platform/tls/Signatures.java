package io.gatehouse.platform.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** Which key made which signature, whatever the kind of key. */
public final class Signatures {

    private Signatures() {
    }

    public static boolean signed(X509Certificate issuer, X509Certificate certificate) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    public static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) throws UnusableMaterial {
        try {
            var signature = Signature.getInstance(algorithm(privateKey));
            signature.initSign(privateKey);
            var signed = signature.sign();
            signature.initVerify(publicKey);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static String algorithm(PrivateKey key) throws UnusableMaterial {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "EdDSA" -> "EdDSA";
            default -> throw new UnusableMaterial("keys of the algorithm " + key.getAlgorithm() + " are not supported; use EC or RSA");
        };
    }
}
