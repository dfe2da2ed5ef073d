package io.gatehouse.slapd;

import com.unboundid.asn1.ASN1BitString;
import com.unboundid.asn1.ASN1Element;
import com.unboundid.asn1.ASN1Exception;
import com.unboundid.asn1.ASN1Integer;
import com.unboundid.asn1.ASN1ObjectIdentifier;
import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.util.ssl.cert.CertException;
import com.unboundid.util.ssl.cert.PublicKeyAlgorithmIdentifier;
import com.unboundid.util.ssl.cert.SignatureAlgorithmIdentifier;
import com.unboundid.util.ssl.cert.X509Certificate;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** A self-signed P-256 certificate, the kind of key that Gatehouse makes for itself. */
final class ServerCertificate {

    static final String CERTIFICATE = "server.crt";
    static final String KEY = "server.key";

    private static final int COORDINATE_BYTES = 32;
    private static final String PRIME256V1 = "1.2.840.10045.3.1.7";

    private ServerCertificate() {
    }

    static void writeTo(Path folder) throws IOException, LDAPException {
        try {
            var now = Instant.now();
            var pair = X509Certificate.generateSelfSignedCertificate(SignatureAlgorithmIdentifier.SHA_256_WITH_ECDSA,
                    PublicKeyAlgorithmIdentifier.EC, 256, new DN("CN=localhost"),
                    now.minus(Duration.ofDays(1)).toEpochMilli(), now.plus(Duration.ofDays(7)).toEpochMilli());
            Files.writeString(folder.resolve(CERTIFICATE), pem("CERTIFICATE", pair.getFirst().getX509CertificateBytes()));
            Files.writeString(folder.resolve(KEY), pem("EC PRIVATE KEY", ecPrivateKey(pair.getSecond())));
        } catch (CertException | ASN1Exception e) {
            throw new IllegalStateException("No certificate for slapd: " + e.getMessage(), e);
        }
    }

    /** RFC 5915. GnuTLS, unlike Java, does not read a private key that comes without its public half. */
    private static byte[] ecPrivateKey(KeyPair pair) throws ASN1Exception {
        var secret = unsigned(((ECPrivateKey) pair.getPrivate()).getS());
        var point = ((ECPublicKey) pair.getPublic()).getW();
        var uncompressed = ByteBuffer.allocate(1 + 2 * COORDINATE_BYTES)
                .put((byte) 4).put(unsigned(point.getAffineX())).put(unsigned(point.getAffineY())).array();
        return new ASN1Sequence(
                new ASN1Integer(1),
                new ASN1OctetString(secret),
                new ASN1Element((byte) 0xA0, new ASN1ObjectIdentifier(PRIME256V1).encode()),
                new ASN1Element((byte) 0xA1, new ASN1BitString(ASN1BitString.getBitsForBytes(uncompressed)).encode())).encode();
    }

    private static byte[] unsigned(BigInteger number) {
        var bytes = number.toByteArray();
        var padded = new byte[COORDINATE_BYTES];
        var length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, padded, COORDINATE_BYTES - length, length);
        return padded;
    }

    private static String pem(String label, byte[] der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
