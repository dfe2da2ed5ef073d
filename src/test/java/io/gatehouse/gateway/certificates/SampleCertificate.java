package io.gatehouse.gateway.certificates;

import io.gatehouse.platform.tls.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate and its key, as an authority of the test makes them. */
record SampleCertificate(KeyPair keys, List<X509Certificate> chain) {

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final SampleCertificate AUTHORITY = of(ec("secp256r1"), null, new Wish("CN=An authority", List.of(), -10, 1000, true, true, "SHA256"));

    /** @param from in days from now, as is {@code to} */
    record Wish(String subject, List<String> names, int from, int to, boolean authority, boolean forServers, String digest) {
    }

    static SampleCertificate forNames(String... names) {
        return of(ec("secp256r1"), AUTHORITY, server(names));
    }

    static SampleCertificate selfSigned(KeyPair keys, String... names) {
        return of(keys, null, server(names));
    }

    static SampleCertificate lasting(int from, int to, String... names) {
        return of(ec("secp256r1"), AUTHORITY, new Wish("CN=A server", List.of(names), from, to, false, true, "SHA256"));
    }

    static SampleCertificate of(KeyPair keys, SampleCertificate issuer, Wish wish) {
        try {
            var signer = issuer == null ? keys : issuer.keys();
            var subject = new X500Principal(wish.subject());
            var issuerName = issuer == null ? subject : issuer.chain().getFirst().getSubjectX500Principal();
            var now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(issuerName, BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(now.plus(Duration.ofDays(wish.from()))), Date.from(now.plus(Duration.ofDays(wish.to()))), subject, keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(wish.authority()));
            if (!wish.names().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                        wish.names().stream().map(name -> new GeneralName(GeneralName.dNSName, name)).toArray(GeneralName[]::new)));
            }
            builder.addExtension(Extension.extendedKeyUsage, false,
                    new ExtendedKeyUsage(wish.forServers() ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth));
            var algorithm = wish.digest() + "with" + (signer.getPrivate().getAlgorithm().equals("EC") ? "ECDSA" : "RSA");
            var certificate = new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate())));
            return new SampleCertificate(keys, issuer == null ? List.of(certificate)
                    : Stream.concat(Stream.of(certificate), issuer.chain().stream()).toList());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Wish server(String... names) {
        return new Wish("CN=A server", List.of(names), -1, 89, false, true, "SHA256");
    }

    static SampleCertificate authority() {
        return AUTHORITY;
    }

    static KeyPair ec(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair keys(String algorithm, int size) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String chainPem() {
        return Pem.encode(chain);
    }

    String keyPem() {
        return Pem.encode(keys.getPrivate());
    }

    String id() {
        return certified().id();
    }

    CertifiedKey certified() {
        return new CertifiedKey(keys.getPrivate(), chain);
    }
}
