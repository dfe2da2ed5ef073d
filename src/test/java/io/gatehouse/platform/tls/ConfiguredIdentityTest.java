package io.gatehouse.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gatehouse.platform.PlatformConfiguration;
import io.gatehouse.platform.StartupFailure;
import io.micronaut.core.annotation.Nullable;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ConfiguredIdentityTest {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final Duration SOON = Duration.ofMillis(10);
    private static final List<SubjectName> NAMES = List.of(SubjectName.of("ldap.example.org"));

    @TempDir
    private Path folder;
    private final SettableClock clock = new SettableClock();
    private final Logger log = (Logger) LoggerFactory.getLogger(TlsMaterial.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private CertificateAuthority authority;

    @BeforeEach
    void makeCa() throws Exception {
        authority = CertificateAuthority.create(clock.instant());
        Files.writeString(caFile(), Pem.encode(authority.certificates()));
        logged.list = Collections.synchronizedList(new ArrayList<>());
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void releaseLog() {
        log.detachAppender(logged);
    }

    @Test
    void filesAreServed() throws Exception {
        var identity = install(issue());
        try (var material = material(NEVER)) {
            assertThat(served(material)).isEqualTo(identity.certificate());
            assertThat(material.caCertificatePem()).isEqualTo(Pem.encode(authority.certificates()));
            assertThat(material.caFile()).hasContent(material.caCertificatePem()).startsWith(folder.resolve("data"));
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void newFilesAreServedWithoutRestart() throws Exception {
        install(issue());
        try (var material = material(SOON)) {
            served(material);
            var fresh = install(issue());
            awaitServed(material, fresh);
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void symbolicLinksThatPointElsewhereAreNoticed() throws Exception {
        install(issue(), Files.createDirectory(folder.resolve("version1")));
        Files.createSymbolicLink(folder.resolve("current"), Path.of("version1"));
        Files.createSymbolicLink(certificateFile(), Path.of("current/server.pem"));
        Files.createSymbolicLink(keyFile(), Path.of("current/server.key"));
        try (var material = material(SOON)) {
            served(material);
            var fresh = install(issue(), Files.createDirectory(folder.resolve("version2")));
            var next = Files.createSymbolicLink(folder.resolve("next"), Path.of("version2"));
            Files.move(next, folder.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
            awaitServed(material, fresh);
        }
    }

    @Test
    void newCaIsGivenToClients() throws Exception {
        install(issue());
        try (var material = material(NEVER)) {
            authority = CertificateAuthority.create(clock.instant());
            Files.writeString(caFile(), Pem.encode(authority.certificates()));
            var fresh = install(issue());
            refreshTwice(material);
            assertThat(served(material)).isEqualTo(fresh.certificate());
            assertThat(material.caFile()).hasContent(Pem.encode(authority.certificates()));
        }
    }

    @Test
    void filesAreJudgedWhenTheyHaveRested() throws Exception {
        install(issue());
        try (var material = material(NEVER)) {
            var fresh = issue();
            Files.writeString(certificateFile(), Pem.encode(fresh.chain()));
            material.refresh();
            Files.writeString(keyFile(), Pem.encode(fresh.key()));
            refreshTwice(material);
            assertThat(served(material)).isEqualTo(fresh.certificate());
            assertThat(errors()).isEmpty();
        }
    }

    @Test
    void pairThatDoesNotFitIsRefusedOnceAndTheFormerStaysInService() throws Exception {
        var former = install(issue());
        try (var material = material(NEVER)) {
            Files.writeString(certificateFile(), Pem.encode(issue().chain()));
            refreshTwice(material);
            refreshTwice(material);
            assertThat(served(material)).isEqualTo(former.certificate());
            assertThat(errors()).singleElement().asString()
                    .contains(certificateFile().toString(), keyFile().toString(), "the private key does not belong to the certificate",
                            "stays in service");
        }
    }

    @Test
    void whateverBreaksTheFormerStaysInServiceUntilItIsRepaired() throws Exception {
        var former = install(issue());
        try (var material = material(NEVER)) {
            Files.delete(keyFile());
            refreshTwice(material);
            Files.writeString(certificateFile(), "garbage");
            refreshTwice(material);
            assertThat(served(material)).isEqualTo(former.certificate());
            assertThat(errors()).hasSize(2);

            var fresh = install(issue());
            refreshTwice(material);
            assertThat(served(material)).isEqualTo(fresh.certificate());
        }
    }

    @Test
    void warnsWhenNobodyReplacesItInTime() throws Exception {
        install(issue());
        clock.pass(CertificateAuthority.SERVER_LIFETIME.minusDays(10));
        try (var material = material(NEVER)) {
            material.warnBeforeEnd();
            assertThat(logged.list).anyMatch(event -> event.getLevel() == Level.WARN && event.getFormattedMessage().contains("expires"));
        }
    }

    @Test
    void chainMayLeadOverCertificatesBetweenItAndTheRoot() throws Exception {
        authority = new OpenSsl(folder).intermediateAuthority();
        Files.writeString(caFile(), Pem.encode(List.of(authority.certificates().getLast())));
        var identity = install(issue());
        assertThat(identity.chain()).hasSize(2);
        try (var material = material(NEVER)) {
            assertThat(served(material)).isEqualTo(identity.certificate());
        }
    }

    @Test
    void selfSignedCertificateIsItsOwnCa() throws Exception {
        var openSsl = new OpenSsl(folder);
        openSsl.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=ldap.example.org", "-days", "30",
                "-addext", "subjectAltName=DNS:ldap.example.org", "-keyout", "server.key", "-out", "server.pem");
        try (var material = material(NEVER, null)) {
            served(material);
            assertThat(material.caCertificatePem()).isEqualTo(openSsl.text("server.pem"));
        }
    }

    @Test
    void clientsOfACertificateOfAPublicCaGetThatCa() throws Exception {
        install(issue());
        var trusted = folder.resolve("public.p12");
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("other", CertificateAuthority.create(clock.instant()).certificate());
        store.setCertificateEntry("public", authority.certificate());
        try (var out = Files.newOutputStream(trusted)) {
            store.store(out, "changeit".toCharArray());
        }
        System.setProperty(TRUST_STORE, trusted.toString());
        System.setProperty(TRUST_STORE_PASSWORD, "changeit");
        try (var material = material(NEVER, null)) {
            assertThat(material.caCertificatePem()).isEqualTo(Pem.encode(authority.certificates()));
        } finally {
            System.clearProperty(TRUST_STORE);
            System.clearProperty(TRUST_STORE_PASSWORD);
        }
    }

    @Test
    void certificateOfNoPublicCaNeedsAConfiguredOne() throws Exception {
        install(issue());
        assertRefusedAtStart(null, "GATEHOUSE_TLS_CA_FILE");
    }

    @Test
    void filesThatAreMissingAreToldAtStart() throws Exception {
        install(issue());
        Files.delete(keyFile());
        assertRefusedAtStart(caFile(), keyFile() + ": there is no such file");
    }

    @Test
    void keyOfAnotherCertificateIsToldAtStart() throws Exception {
        install(issue());
        Files.writeString(keyFile(), Pem.encode(issue().key()));
        assertRefusedAtStart(caFile(), "the private key does not belong to the certificate");
    }

    @Test
    void certificateOfAnotherCaIsToldAtStart() throws Exception {
        install(CertificateAuthority.create(clock.instant()).issue(NAMES, clock.instant()));
        assertRefusedAtStart(caFile(), "does not lead to the CA");
    }

    @Test
    void certificateThatExpiredIsToldAtStart() throws Exception {
        install(issue());
        clock.pass(CertificateAuthority.SERVER_LIFETIME);
        assertRefusedAtStart(caFile(), "expired at");
    }

    @Test
    void caThatMayNotIssueIsToldAtStart() throws Exception {
        var server = issue();
        var pretended = new CertificateAuthority(server.key(), server.chain()).issue(NAMES, clock.instant());
        install(pretended);
        assertRefusedAtStart(caFile(), "the chain is not valid at the certificate of CN=Gatehouse");
    }

    @Test
    void certificateThatIsNotForServersIsToldAtStart() throws Exception {
        var openSsl = new OpenSsl(folder);
        openSsl.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=client", "-days", "30",
                "-addext", "extendedKeyUsage=clientAuth", "-keyout", "server.key", "-out", "server.pem");
        assertRefusedAtStart(null, "serverAuth");
    }

    @Test
    void chainOutOfOrderIsToldAtStart() throws Exception {
        authority = new OpenSsl(folder).intermediateAuthority();
        Files.writeString(caFile(), Pem.encode(authority.certificates()));
        var identity = install(issue());
        var root = authority.certificates().getLast();
        Files.writeString(certificateFile(), Pem.encode(List.of(identity.certificate(), root, authority.certificate())));
        assertRefusedAtStart(caFile(), "not in order");
    }

    @Test
    void halfAConfigurationIsToldAtStart() {
        for (var configuration : List.of(
                new PlatformConfiguration(folder, null, null, null, certificateFile(), null, null),
                new PlatformConfiguration(folder, null, null, null, null, keyFile(), caFile()),
                new PlatformConfiguration(folder, null, null, null, null, null, caFile()))) {
            assertThatThrownBy(() -> IdentitySource.of(configuration, folder, clock, CertificateAuthority::create)).isInstanceOf(StartupFailure.class)
                    .hasMessageContainingAll("GATEHOUSE_TLS_CERTIFICATE_FILE", "GATEHOUSE_TLS_KEY_FILE");
        }
    }

    private TlsMaterial material(Duration period) {
        return material(period, caFile());
    }

    private TlsMaterial material(Duration period, @Nullable Path caFile) {
        return new TlsMaterial(
                new ConfiguredIdentity(certificateFile(), keyFile(), caFile, folder.resolve("data"), clock, period), clock);
    }

    private void assertRefusedAtStart(@Nullable Path caFile, String reason) {
        assertThatThrownBy(() -> material(NEVER, caFile)).isInstanceOf(StartupFailure.class)
                .hasMessageContainingAll(certificateFile().toString(), reason).hasMessageNotContaining("\n");
    }

    private ServerIdentity issue() throws UnusableMaterial {
        return authority.issue(NAMES, clock.instant());
    }

    private ServerIdentity install(ServerIdentity identity) throws Exception {
        return install(identity, folder);
    }

    private static ServerIdentity install(ServerIdentity identity, Path into) throws Exception {
        Files.writeString(into.resolve("server.pem"), Pem.encode(identity.chain()));
        Files.writeString(into.resolve("server.key"), Pem.encode(identity.key()));
        return identity;
    }

    private static X509Certificate served(TlsMaterial material) throws Exception {
        try (var server = new TlsServer(material, InetAddress.getLoopbackAddress())) {
            return new TlsClient(material.caCertificatePem()).connect(server, "ldap.example.org");
        }
    }

    private static void awaitServed(TlsMaterial material, ServerIdentity expected) throws Exception {
        while (!served(material).equals(expected.certificate())) {
            Thread.onSpinWait();
        }
    }

    private static void refreshTwice(TlsMaterial material) {
        material.refresh();
        material.refresh();
    }

    private List<String> errors() {
        return logged.list.stream().filter(event -> event.getLevel() == Level.ERROR).map(ILoggingEvent::getFormattedMessage).toList();
    }

    private Path certificateFile() {
        return folder.resolve("server.pem");
    }

    private Path keyFile() {
        return folder.resolve("server.key");
    }

    private Path caFile() {
        return folder.resolve("authority.pem");
    }
}
