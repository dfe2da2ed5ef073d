package io.gatehouse.platform.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificates and private keys as text (RFC 7468), also with other text or blocks around them. */
public final class Pem {

    private Pem() {
    }

    /** @return all certificates, in the order of the text; at least one */
    public static List<X509Certificate> certificates(String text) throws UnusableMaterial {
        var converter = new JcaX509CertificateConverter();
        var certificates = new ArrayList<X509Certificate>();
        try {
            for (var block : blocks(text)) {
                if (block instanceof X509CertificateHolder holder) {
                    certificates.add(converter.getCertificate(holder));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new UnusableMaterial("it holds a broken certificate (" + e.getMessage() + ")", e);
        }
        if (certificates.isEmpty()) {
            throw new UnusableMaterial("it holds no certificate in PEM");
        }
        return List.copyOf(certificates);
    }

    /** @return the first private key: PKCS #8, PKCS #1 (RSA) or SEC 1 (EC), not encrypted */
    public static PrivateKey privateKey(String text) throws UnusableMaterial {
        var converter = new JcaPEMKeyConverter();
        try {
            for (var block : blocks(text)) {
                switch (block) {
                    case PrivateKeyInfo pkcs8 -> {
                        return converter.getPrivateKey(pkcs8);
                    }
                    case PEMKeyPair pair -> {
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PKCS8EncryptedPrivateKeyInfo _, PEMEncryptedKeyPair _ ->
                            throw new UnusableMaterial("its private key is encrypted; a key without passphrase is needed");
                    default -> {
                        // a certificate or parameters beside the key
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new UnusableMaterial("it holds a broken private key (" + e.getMessage() + ")", e);
        }
        throw new UnusableMaterial("it holds no private key in PEM");
    }

    public static String encode(List<X509Certificate> certificates) {
        try {
            var text = new StringBuilder();
            for (var certificate : certificates) {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            }
            return text.toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** PKCS #8 */
    public static String encode(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    private static List<Object> blocks(String text) throws UnusableMaterial {
        try (var parser = new PEMParser(new StringReader(text))) {
            var blocks = new ArrayList<>();
            for (var block = parser.readObject(); block != null; block = parser.readObject()) {
                blocks.add(block);
            }
            return blocks;
        } catch (IOException | RuntimeException e) {
            throw new UnusableMaterial("it is not sound PEM (" + e.getMessage() + ")", e);
        }
    }

    private static String block(String type, byte[] content) {
        var text = new StringWriter();
        try (var writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
