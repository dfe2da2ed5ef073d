package io.gatehouse.platform.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Issues server certificates.
 *
 * @param certificates the CA's own first, then those of the CAs above it, if any
 */
record CertificateAuthority(PrivateKey key, List<X509Certificate> certificates) {

    static final Duration SERVER_LIFETIME = Duration.ofDays(397);

    private static final Duration LIFETIME = Duration.ofDays(3650);
    /** Certificates begin in the past for clients whose clocks are behind. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final int KEY_CERT_SIGN = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    static CertificateAuthority create(Instant now) throws UnusableMaterial {
        var pair = newKeyPair();
        return new CertificateAuthority(pair.getPrivate(), List.of(selfSigned(pair, now)));
    }

    X509Certificate certificate() {
        return certificates.getFirst();
    }

    Instant expires() {
        return certificate().getNotAfter().toInstant();
    }

    void check() throws UnusableMaterial {
        var usage = certificate().getKeyUsage();
        if (certificate().getBasicConstraints() < 0 || (usage != null && !usage[KEY_CERT_SIGN])) {
            throw new UnusableMaterial("the first certificate is not one of a CA");
        }
        if (!Signatures.belongTogether(key, certificate().getPublicKey())) {
            throw new UnusableMaterial("the private key does not belong to the first certificate");
        }
    }

    /** Whether {@link #create} made it. */
    boolean isGenerated() {
        return certificate().getSubjectX500Principal().equals(subject(certificate().getPublicKey()));
    }

    /** The same CA, for clients as well, with a later end. */
    CertificateAuthority renewed(Instant now) throws UnusableMaterial {
        return new CertificateAuthority(key, List.of(selfSigned(new KeyPair(certificate().getPublicKey(), key), now)));
    }

    /** When a server certificate that is issued now will expire. */
    Instant reach(Instant now) {
        var end = now.minus(CLOCK_SKEW).plus(SERVER_LIFETIME);
        return end.isBefore(expires()) ? end : expires();
    }

    ServerIdentity issue(Collection<SubjectName> names, Instant now) throws UnusableMaterial {
        var pair = newKeyPair();
        try {
            var issuer = certificate().getSubjectX500Principal();
            var builder = builder(issuer, now, reach(now), new X500Principal("CN=Gatehouse"), pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.subjectAlternativeName, false,
                            new GeneralNames(names.stream().map(SubjectName::toGeneralName).toArray(GeneralName[]::new)))
                    .addExtension(Extension.subjectKeyIdentifier, false, keyIdentifier(pair.getPublic()))
                    .addExtension(Extension.authorityKeyIdentifier, false, authorityKeyIdentifier());
            var chain = new ArrayList<X509Certificate>();
            chain.add(sign(builder, key));
            certificates.stream().filter(certificate -> !Signatures.signed(certificate, certificate)).forEach(chain::add);
            return new ServerIdentity(pair.getPrivate(), List.copyOf(chain), certificates);
        } catch (CertIOException | GeneralSecurityException e) {
            throw new UnusableMaterial("no certificate can be issued (" + e.getMessage() + ")", e);
        }
    }

    private AuthorityKeyIdentifier authorityKeyIdentifier() throws GeneralSecurityException {
        var own = SubjectKeyIdentifier.fromExtensions(new JcaX509CertificateHolder(certificate()).getExtensions());
        return new AuthorityKeyIdentifier((own == null ? keyIdentifier(certificate().getPublicKey()) : own).getKeyIdentifier());
    }

    private static X509Certificate selfSigned(KeyPair pair, Instant now) throws UnusableMaterial {
        try {
            var subject = subject(pair.getPublic());
            var builder = builder(subject, now, now.plus(LIFETIME), subject, pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(Extension.subjectKeyIdentifier, false, keyIdentifier(pair.getPublic()));
            return sign(builder, pair.getPrivate());
        } catch (CertIOException e) {
            throw new UnusableMaterial("no CA can be made (" + e.getMessage() + ")", e);
        }
    }

    private static X509v3CertificateBuilder builder(X500Principal issuer, Instant now, Instant end, X500Principal subject, PublicKey key) {
        var serial = new BigInteger(Long.SIZE * 2 - 1, RANDOM);
        return new JcaX509v3CertificateBuilder(issuer, serial, Date.from(now.minus(CLOCK_SKEW)), Date.from(end), subject, key);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) throws UnusableMaterial {
        try {
            var signer = new JcaContentSignerBuilder(Signatures.algorithm(key)).build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new UnusableMaterial("the CA's key cannot sign (" + e.getMessage() + ")", e);
        }
    }

    /** Different for each CA: clients that trust several look for the right one by its name. */
    private static X500Principal subject(PublicKey key) {
        return new X500Principal("CN=Gatehouse CA " + HexFormat.of().formatHex(keyIdentifier(key).getKeyIdentifier(), 0, 4));
    }

    private static SubjectKeyIdentifier keyIdentifier(PublicKey key) {
        try {
            return new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
