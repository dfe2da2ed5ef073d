package io.gatehouse.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectNameTest {

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost",
        "Ldap1.Example.ORG., ldap1.example.org",
        "*.example.org, *.example.org",
        "bücher.example, xn--bcher-kva.example",
        "my_host-2, my_host-2",
        "2001db8, 2001db8",
    })
    void readsDnsNames(String text, String value) {
        assertThat(SubjectName.of(text)).isEqualTo(new SubjectName(GeneralName.dNSName, value));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::1, 0:0:0:0:0:0:0:1",
        "2001:DB8::10, 2001:db8:0:0:0:0:0:10",
        "::ffff:192.0.2.1, 192.0.2.1",
    })
    void readsAddresses(String text, String value) {
        assertThat(SubjectName.of(text)).isEqualTo(new SubjectName(GeneralName.iPAddress, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ".", "a b", "a..b", "-a", "a-", "a.*.b", "ldaps://a", "host:636", "300.1.2.3", "fe80::1%eth0", "[::1]", ":::",
        "0123456789012345678901234567890123456789012345678901234567890123"})
    void refusesWhatIsNeither(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SubjectName.of(text));
    }

    @Test
    void isFoundAgainInTheCertificateThatWasIssuedForIt() throws UnusableMaterial {
        var names = Stream.of("a.example", "*.b.example", "192.0.2.1", "2001:db8::1").map(SubjectName::of).toList();
        var issued = CertificateAuthority.create(Instant.now()).issue(names, Instant.now());
        assertThat(SubjectName.of(issued.certificate())).containsExactlyInAnyOrderElementsOf(names);
    }
}
