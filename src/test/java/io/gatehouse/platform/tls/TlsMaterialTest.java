package io.gatehouse.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.platform.PlatformConfiguration;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.testing.TestPostgres;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.HashMap;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsMaterialTest {

    private static final int ALERT = 21;
    private static final int PROTOCOL_VERSION = 70;

    @TempDir
    private Path data;
    private final SettableClock clock = new SettableClock();
    private Set<SubjectName> names = Set.of(SubjectName.of("ldap.example.org"), SubjectName.of("*.nodes.example.org"));
    private TlsMaterial material;
    private TlsServer server;
    private TlsClient client;

    @BeforeEach
    void start() throws IOException {
        material = new TlsMaterial(new OwnIdentity(data, () -> names, clock, CertificateAuthority::create), clock);
        server = new TlsServer(material, InetAddress.ofLiteral("127.0.0.1"));
        client = new TlsClient(material.caCertificatePem());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        material.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "::1", "ldap.example.org", "LDAP.example.org", "n7.nodes.example.org"})
    void clientThatTrustsTheCaTakesEachOfTheNames(String name) throws Exception {
        client.connect(server, name);
    }

    @Test
    void servesOverIpv6() throws Exception {
        var loopback = InetAddress.ofLiteral("::1");
        assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "this machine has no IPv6 loopback address");
        try (var other = new TlsServer(material, loopback)) {
            client.connect(other, "::1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example.org", "a.b.nodes.example.org", "127.0.0.2"})
    void clientRefusesOtherNames(String name) {
        assertThatThrownBy(() -> client.connect(server, name)).isInstanceOf(SSLException.class);
    }

    @Test
    void clientThatTrustsAnotherCaRefuses() throws Exception {
        var stranger = new TlsClient(Pem.encode(CertificateAuthority.create(Instant.now()).certificates()));
        assertThatThrownBy(() -> stranger.connect(server, "localhost")).isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksPresentVersions(String version) throws Exception {
        client.connect(server, "localhost", version);
    }

    /** The JDK's own client cannot offer TLS 1.1 alone any more, so the bytes are written by hand (RFC 4346 section 7.4.1.2). */
    @Test
    void refusesTls11() throws Exception {
        var hello = "0302" + "00".repeat(32) + "00" + "0006c009c00a002f" + "0100";
        var handshake = "010000" + HexFormat.of().toHexDigits((byte) (hello.length() / 2)) + hello;
        var message = "16030100" + HexFormat.of().toHexDigits((byte) (handshake.length() / 2)) + handshake;
        try (var socket = new Socket(server.address(), server.port())) {
            socket.getOutputStream().write(HexFormat.of().parseHex(message));
            var answer = socket.getInputStream().readNBytes(7);
            assertThat(answer).hasSize(7);
            assertThat(answer[0]).as("record type").isEqualTo((byte) ALERT);
            assertThat(answer[6]).as("alert").isEqualTo((byte) PROTOCOL_VERSION);
        }
    }

    @Test
    void newConnectionsGetTheCertificateThatWasRenewedMeanwhile() throws Exception {
        var former = client.connect(server, "localhost");
        var formerContext = material.context();
        material.refresh();
        assertThat(material.context()).isSameAs(formerContext);

        names = Set.of(SubjectName.of("another.example.org"));
        material.refresh();
        assertThat(client.connect(server, "another.example.org")).isNotEqualTo(former);
    }

    @Test
    void whatCannotBeRenewedStaysInService() throws Exception {
        var former = client.connect(server, "localhost");
        Files.writeString(data.resolve("ca.key"), "garbage");
        material.refresh();
        assertThat(client.connect(server, "localhost")).isEqualTo(former);
    }

    @Test
    void caForClientsIsAFileThatAllMayRead() throws IOException {
        assertThat(material.caFile()).isEqualTo(data.resolve("ca.pem")).hasContent(material.caCertificatePem());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(material.caFile()))).isEqualTo("rw-r--r--");
    }

    @Test
    void isMadeOfTheConfigurationInTheDataDirectory() throws Exception {
        var folder = data.resolve("of-the-server");
        var database = TestPostgres.freshDatabase();
        var properties = new HashMap<>(database.settings());
        properties.put("gatehouse.data-dir", folder.toString());
        properties.put("gatehouse.tls-names", "one.example.org,192.0.2.7");
        try (var context = ApplicationContext.builder().deduceEnvironment(false).properties(properties).start()) {
            var bean = context.getBean(TlsMaterial.class);
            assertThat(bean.caFile()).isEqualTo(folder.resolve("tls/ca.pem"));
            try (var other = new TlsServer(bean, InetAddress.getLoopbackAddress())) {
                var trusting = new TlsClient(bean.caCertificatePem());
                assertThat(SubjectName.of(trusting.connect(other, "one.example.org")))
                        .contains(SubjectName.of("192.0.2.7"), SubjectName.of("::1")).containsAll(new HostNames().find());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no name", "ldaps://node1", "300.0.0.1"})
    void namesThatNoClientCanUseAreRefusedAtStart(String name) {
        var configuration = new PlatformConfiguration(data, null, null, List.of("fine.example.org", name), null, null, null);
        assertThatThrownBy(() -> IdentitySource.of(configuration, data, clock, CertificateAuthority::create))
                .isInstanceOf(StartupFailure.class).hasMessageContainingAll("GATEHOUSE_TLS_NAMES", name);
    }

    @Test
    void brokenCaIsToldAtStart() throws IOException {
        Files.writeString(data.resolve("ca.key"), "garbage");
        assertThatThrownBy(() -> new TlsMaterial(new OwnIdentity(data, () -> names, clock, CertificateAuthority::create), clock))
                .isInstanceOf(StartupFailure.class).hasMessageContaining("ca.key").hasMessageNotContaining("\n");
    }

    @Test
    void closingTwiceDoesNoHarm() {
        material.close();
        material.close();
    }
}
