package io.gatehouse.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnIdentityTest {

    private static final SubjectName HOST = SubjectName.of("node1.example.org");
    private static final SubjectName ALIAS = SubjectName.of("ldap.example.org");

    @TempDir
    private Path data;
    private Path folder;
    private final SettableClock clock = new SettableClock();

    @BeforeEach
    void chooseFolder() {
        folder = data.resolve("tls");
    }

    @Test
    void makesCaAndServerCertificateOfTheirProfiles() throws Exception {
        var identity = load(HOST);

        var ca = identity.authorities().getFirst();
        assertThat(identity.authorities()).hasSize(1);
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(ca.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false, false);
        assertThat(Duration.between(clock.instant(), ca.getNotAfter().toInstant())).isBetween(Duration.ofDays(3640), Duration.ofDays(3660));

        var server = identity.certificate();
        assertThat(identity.chain()).hasSize(1);
        assertThat(server.getBasicConstraints()).isEqualTo(-1);
        assertThat(server.getExtendedKeyUsage()).containsExactly(KeyPurposeId.id_kp_serverAuth.getId());
        assertThat(SubjectName.of(server)).containsExactlyInAnyOrder(
                HOST, SubjectName.of("localhost"), SubjectName.of("127.0.0.1"), SubjectName.of("::1"));
        assertThat(Duration.between(server.getNotBefore().toInstant(), server.getNotAfter().toInstant()))
                .isLessThanOrEqualTo(Duration.ofDays(397));
    }

    @Test
    void keysAreReadableByTheOwnerOnlyAndCertificatesByEveryone() throws Exception {
        load(HOST);
        assertThat(modes()).containsExactly(
                "ca.key rw-------", "ca.pem rw-r--r--", "server.key rw-------", "server.pem rw-r--r--");
        assertThat(Files.readString(folder.resolve("ca.key"))).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(Files.readString(folder.resolve("server.key"))).startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    @Test
    void takesTheReadPermissionOnKeysFromOthers() throws Exception {
        load(HOST);
        Files.setPosixFilePermissions(folder.resolve("ca.key"), PosixFilePermissions.fromString("rw-r--r--"));
        load(HOST);
        assertThat(modes()).contains("ca.key rw-------");
    }

    @Test
    void staysTheSameOverRestarts() throws Exception {
        var first = load(HOST, ALIAS);
        var files = files();
        clock.pass(Duration.ofDays(300));
        assertThat(load(HOST, ALIAS)).isEqualTo(first);
        assertThat(load(HOST)).as("a name more than wanted").isEqualTo(first);
        assertThat(files()).isEqualTo(files);
    }

    @Test
    void nameThatIsMissingBringsANewCertificateOfTheSameCa() throws Exception {
        var former = load(HOST);
        var present = load(HOST, ALIAS);
        assertThat(present.certificate()).isNotEqualTo(former.certificate());
        assertThat(SubjectName.of(present.certificate())).contains(HOST, ALIAS);
        assertThat(present.authorities()).isEqualTo(former.authorities());
        assertThat(load(HOST, ALIAS)).isEqualTo(present);
    }

    @Test
    void isRenewedThirtyDaysBeforeItEnds() throws Exception {
        var former = load(HOST);
        clock.pass(Duration.between(clock.instant(), former.expires()).minus(Duration.ofDays(30)).minusSeconds(1));
        assertThat(load(HOST)).isEqualTo(former);

        clock.pass(Duration.ofSeconds(2));
        var present = load(HOST);
        assertThat(present.expires()).isAfter(former.expires().plus(Duration.ofDays(360)));
        assertThat(present.key()).isNotEqualTo(former.key());
        assertThat(present.authorities()).isEqualTo(former.authorities());
    }

    @Test
    void isIssuedAnewWhenItEndedWhileTheServerWasOff() throws Exception {
        load(HOST);
        clock.pass(Duration.ofDays(500));
        load(HOST).check(clock.instant());
    }

    @Test
    void isIssuedAnewWhenItsFilesAreBrokenOrDoNotFit() throws Exception {
        var former = load(HOST);
        Files.writeString(folder.resolve("server.pem"), "garbage");
        var second = load(HOST);
        Files.delete(folder.resolve("server.key"));
        var third = load(HOST);
        Files.writeString(folder.resolve("server.key"), Pem.encode(former.key()));
        var fourth = load(HOST);
        assertThat(Stream.of(former, second, third, fourth).map(ServerIdentity::certificate)).doesNotHaveDuplicates();
        assertThat(Stream.of(second, third, fourth).map(ServerIdentity::authorities)).containsOnly(former.authorities());
    }

    @Test
    void isIssuedAnewWhenTheCaWasReplaced() throws Exception {
        var former = load(HOST);
        var other = CertificateAuthority.create(clock.instant());
        place(other);
        var present = load(HOST);
        assertThat(present.certificate()).isNotEqualTo(former.certificate());
        assertThat(present.authorities()).isEqualTo(other.certificates());
        present.check(clock.instant());
    }

    @Test
    void nodesWithTheSameCaAreTrustedAlike() throws Exception {
        var first = load(HOST);
        var elsewhere = data.resolve("other-node");
        Files.createDirectories(elsewhere);
        Files.copy(folder.resolve("ca.pem"), elsewhere.resolve("ca.pem"));
        Files.copy(folder.resolve("ca.key"), elsewhere.resolve("ca.key"));
        var second = new OwnIdentity(elsewhere, () -> Set.of(ALIAS), clock, CertificateAuthority::create).load();
        assertThat(second.authorities()).isEqualTo(first.authorities());
        assertThat(second.key()).isNotEqualTo(first.key());
        second.check(clock.instant());
    }

    @Test
    void caIsRenewedWithItsKeySoThatClientsWithTheFormerOneGoOnTrusting() throws Exception {
        var former = load(HOST).authorities();
        clock.pass(Duration.ofDays(3650 - 400));
        var present = load(HOST);
        assertThat(present.authorities()).isNotEqualTo(former);
        assertThat(present.authorities().getFirst().getNotAfter().toInstant()).isAfter(clock.instant().plus(Duration.ofDays(3640)));
        present.check(clock.instant());
        new ServerIdentity(present.key(), present.chain(), former).check(clock.instant());
        assertThat(load(HOST)).isEqualTo(present);
    }

    @Test
    void certificateOfAGivenCaEndsWithThatCaAndIsNotIssuedAgainAndAgain() throws Exception {
        place(new OpenSsl(data).authority("/CN=Short", 20));
        var first = load(HOST);
        assertThat(first.expires()).isEqualTo(first.authorities().getFirst().getNotAfter().toInstant());
        assertThat(load(HOST)).isEqualTo(first);
    }

    @Test
    void refusesACaThatExpiredAndIsNotItsOwn() throws Exception {
        place(new OpenSsl(data).authority("/CN=Short", 20));
        clock.pass(Duration.ofDays(21));
        assertRefused("expired");
    }

    @Test
    void refusesACaOfWhichAPartIsMissing() throws Exception {
        load(HOST);
        for (var name : List.of("ca.key", "ca.pem")) {
            var content = Files.readString(folder.resolve(name));
            Files.delete(folder.resolve(name));
            var left = files();
            assertRefused(name + ": there is no such file");
            assertThat(files()).isEqualTo(left);
            Files.writeString(folder.resolve(name), content);
        }
    }

    @Test
    void refusesACaOfWhichThePartsDoNotFit() throws Exception {
        var here = CertificateAuthority.create(clock.instant());
        var there = CertificateAuthority.create(clock.instant());
        place(new CertificateAuthority(here.key(), there.certificates()));
        assertRefused("the private key does not belong");
    }

    @Test
    void refusesACertificateInPlaceOfTheCa() throws Exception {
        var server = CertificateAuthority.create(clock.instant()).issue(List.of(HOST), clock.instant());
        place(new CertificateAuthority(server.key(), server.chain()));
        assertRefused("not one of a CA");
    }

    @Test
    void sendsTheCertificatesBetweenItsOwnAndTheRoot() throws Exception {
        var authority = new OpenSsl(data).intermediateAuthority();
        place(authority);
        var identity = load(HOST);
        assertThat(identity.chain()).hasSize(2).contains(authority.certificate());
        assertThat(identity.authorities()).isEqualTo(authority.certificates());
    }

    @Test
    void openSslVerifiesItForEachName() throws Exception {
        load(HOST, SubjectName.of("2001:db8::10"));
        new OpenSsl(data).verify(folder.resolve("ca.pem"), folder.resolve("server.pem"),
                List.of("node1.example.org", "localhost"), List.of("127.0.0.1", "::1", "2001:db8::10"));
    }

    @Test
    void openSslVerifiesWhatAGivenCaIssued() throws Exception {
        var openSsl = new OpenSsl(data);
        place(openSsl.intermediateAuthority());
        load(HOST);
        openSsl.verify(folder.resolve("ca.pem"), folder.resolve("server.pem"), List.of("node1.example.org"), List.of("::1"));
    }

    private ServerIdentity load(SubjectName... names) throws UnusableMaterial {
        return new OwnIdentity(folder, () -> Set.of(names), clock, CertificateAuthority::create).load();
    }

    private void place(CertificateAuthority authority) throws UnusableMaterial {
        new PemFile(folder.resolve("ca.key")).write(authority.key());
        new PemFile(folder.resolve("ca.pem")).write(authority.certificates());
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> load(HOST)).isInstanceOf(UnusableMaterial.class)
                .hasMessageContainingAll(folder.resolve("ca.pem").toString(), reason)
                .hasMessageNotContaining("\n");
    }

    private List<String> modes() throws IOException {
        var modes = new ArrayList<String>();
        for (var name : files().keySet()) {
            modes.add(name + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))));
        }
        return modes;
    }

    private TreeMap<String, String> files() throws IOException {
        var contents = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
