package io.gatehouse.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void readsThePkcs8KeysItWrites(String algorithm) throws Exception {
        var key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
        assertThat(Pem.encode(key)).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(Pem.privateKey(Pem.encode(key))).isEqualTo(key);
    }

    @Test
    void readsTheTraditionalForms() throws Exception {
        var openSsl = new OpenSsl(folder);
        openSsl.run("ecparam", "-name", "prime256v1", "-genkey", "-out", "ec.key");
        openSsl.run("genrsa", "-traditional", "-out", "rsa.key", "2048");
        assertThat(Pem.privateKey(openSsl.text("ec.key"))).isInstanceOf(ECPrivateKey.class);
        assertThat(Pem.privateKey(openSsl.text("rsa.key"))).isInstanceOf(RSAPrivateKey.class);
    }

    @Test
    void findsKeyAndCertificatesAmongOtherBlocksAndText() throws Exception {
        var authority = CertificateAuthority.create(Instant.now());
        var text = "Bag Attributes\n    friendlyName: server\n" + Pem.encode(authority.certificates())
                + "\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                + Pem.encode(authority.key()) + "the end\n";
        assertThat(Pem.certificates(text)).isEqualTo(authority.certificates());
        assertThat(Pem.privateKey(text)).isEqualTo(authority.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-aes256", "-aes256 -traditional"})
    void tellsThatAKeyIsEncrypted(String form) throws Exception {
        var openSsl = new OpenSsl(folder);
        openSsl.run(("genrsa " + form + " -passout pass:secret -out encrypted.key 2048").split(" "));
        assertThatThrownBy(() -> Pem.privateKey(openSsl.text("encrypted.key")))
                .isInstanceOf(UnusableMaterial.class).hasMessageContaining("encrypted");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "\u0000\u0001\u0002",
        "-----BEGIN CERTIFICATE-----\nAAAA",
        "-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
    })
    void refusesWhatHoldsNeither(String text) {
        assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(UnusableMaterial.class);
        assertThatThrownBy(() -> Pem.privateKey(text)).isInstanceOf(UnusableMaterial.class);
    }
}
