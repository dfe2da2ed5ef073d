package io.gatehouse.gateway.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.gateway.certificates.SampleCertificate.Wish;
import io.gatehouse.platform.Problem;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertifiedKeyTest {

    private static final String DOMAIN = "apps.example.org";
    private static final SampleCertificate GOOD = SampleCertificate.forNames(DOMAIN, "*." + DOMAIN);

    private static CertifiedKey parse(String chain, String key) {
        return CertifiedKey.parse(chain, key, DOMAIN, Instant.now());
    }

    static Stream<SampleCertificate> good() {
        return Stream.of(GOOD,
                SampleCertificate.forNames("APPS.example.org"),
                SampleCertificate.forNames("*.example.org"),
                SampleCertificate.selfSigned(SampleCertificate.ec("secp384r1"), DOMAIN),
                SampleCertificate.selfSigned(SampleCertificate.ec("secp521r1"), DOMAIN),
                SampleCertificate.selfSigned(SampleCertificate.keys("RSA", 2048), DOMAIN));
    }

    @ParameterizedTest
    @MethodSource("good")
    void whatBrowsersTakeIsTaken(SampleCertificate sample) {
        var parsed = parse(sample.chainPem(), sample.keyPem());

        assertThat(parsed.id()).matches("[0-9a-f]{64}").isEqualTo(sample.id());
        assertThat(parsed.chainPem()).isEqualTo(sample.chainPem());
        assertThat(parsed.keyPem()).isEqualTo(sample.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----");
    }

    static Stream<Arguments> badChains() {
        KeyPair keys = SampleCertificate.ec("secp256r1");
        return Stream.of(
                Arguments.of("must be for apps.example.org", SampleCertificate.forNames("example.org", "*.apps.example.org", "www.apps.example.org")),
                Arguments.of("must be for apps.example.org", SampleCertificate.forNames("*.org")),
                Arguments.of("must be for apps.example.org", SampleCertificate.forNames()),
                Arguments.of("may have expired", SampleCertificate.lasting(-90, -1, DOMAIN)),
                Arguments.of("valid by now", SampleCertificate.lasting(1, 90, DOMAIN)),
                Arguments.of("server", SampleCertificate.of(keys, SampleCertificate.authority(),
                        new Wish("CN=x", List.of(DOMAIN), -1, 10, true, true, "SHA256"))),
                Arguments.of("server", SampleCertificate.of(keys, SampleCertificate.authority(),
                        new Wish("CN=x", List.of(DOMAIN), -1, 10, false, false, "SHA256"))),
                Arguments.of("SHA-1", SampleCertificate.of(keys, SampleCertificate.authority(),
                        new Wish("CN=x", List.of(DOMAIN), -1, 10, false, true, "SHA1"))),
                Arguments.of("RSA with 2048", SampleCertificate.selfSigned(SampleCertificate.keys("RSA", 1024), DOMAIN)),
                Arguments.of("issuer of the one before", new SampleCertificate(GOOD.keys(),
                        List.of(GOOD.chain().getFirst(), SampleCertificate.forNames("x.example").chain().getFirst()))),
                Arguments.of("issuer of the one before", new SampleCertificate(SampleCertificate.authority().keys(), GOOD.chain().reversed())));
    }

    @ParameterizedTest
    @MethodSource("badChains")
    void whatBrowsersRefuseIsRefusedByItsRule(String rule, SampleCertificate sample) {
        assertThatThrownBy(() -> parse(sample.chainPem(), sample.keyPem()))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.field()).isEqualTo("chain"))
                .hasMessageContaining(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----"})
    void onlyCertificatesAreAChain(String text) {
        assertThatThrownBy(() -> parse(text, GOOD.keyPem())).isInstanceOf(Problem.class).hasMessage(CertifiedKey.CHAIN_RULE);
    }

    @Test
    void aChainIsNotEndless() {
        assertThatThrownBy(() -> parse(GOOD.chainPem().repeat(6), GOOD.keyPem())).isInstanceOf(Problem.class).hasMessage(CertifiedKey.CHAIN_RULE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hush", "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\naHVzaA==\n-----END PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\naHVzaA==\n-----END EC PRIVATE KEY-----"})
    void onlyAKeyIsOne(String text) {
        assertThatThrownBy(() -> parse(GOOD.chainPem(), text))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.field()).isEqualTo("key"))
                .hasMessage(CertifiedKey.KEY_RULE);
    }

    @Test
    void theKeyIsTheOneOfTheCertificate() {
        assertThatThrownBy(() -> parse(GOOD.chainPem(), SampleCertificate.forNames(DOMAIN).keyPem()))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.field()).isEqualTo("key"));
        assertThatThrownBy(() -> parse(GOOD.chainPem(), SampleCertificate.selfSigned(SampleCertificate.keys("RSA", 2048), DOMAIN).keyPem()))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.field()).isEqualTo("key"));
    }

    @Test
    void itsTextHasNoSecret() {
        assertThat(GOOD.certified().toString()).contains(GOOD.id()).doesNotContain("PRIVATE", "key=");
        assertThat(new NewCertificate("hush", "hush").toString()).doesNotContain("hush");
    }
}
