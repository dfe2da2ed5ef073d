package io.gatehouse.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/** Clients that take their time, never listen, or get TLS wrong on purpose. */
class HostileConnectionsIT extends HostileClients {

    /** What a server may say of a client that takes too long, for which RFC 4511 has no code of its own. */
    private static final Set<Integer> LATE_NOTICES = Set.of(PROTOCOL_ERROR, ADMIN_LIMIT_EXCEEDED,
            ResultCode.TIME_LIMIT_EXCEEDED_INT_VALUE, ResultCode.BUSY_INT_VALUE, ResultCode.UNAVAILABLE_INT_VALUE);

    // TLS

    /** CVE-2011-0411 and its kin: what came before the handshake must not be taken for what came under its protection. */
    @Test
    void plaintextBehindStartTlsIsNotInterpreted() throws Exception {
        byte[] injected = HostileBer.concatenated(
                LdapRequests.extended(1, LdapRequests.START_TLS),
                LdapRequests.rootDse(2),
                LdapRequests.bind(3, service.dn(), service.password()));
        try (RawConnection connection = plain()) {
            connection.send(injected);
            if (isAgreedTo(connection.outcome(1))) {
                connection.send(clientHello());
                assertNotEquals(HostileBer.SEQUENCE, connection.firstByte(), "the plaintext was answered");
            }
        }
        try (RawConnection connection = plain()) {
            connection.send(injected);
            if (isAgreedTo(connection.outcome(1))) {
                neitherAnswersNorObeysThePlaintext(connection);
            }
        }
    }

    /** A server may also see what came too early, and refuse to go on. */
    private static boolean isAgreedTo(Outcome startTls) {
        if (startTls instanceof Outcome.Answered(int resultCode) && resultCode == SUCCESS) {
            return true;
        }
        assertDisconnectedOrAnswered(Set.of(PROTOCOL_ERROR, OPERATIONS_ERROR), startTls);
        return false;
    }

    private void neitherAnswersNorObeysThePlaintext(RawConnection underneath) throws IOException {
        try (RawConnection secured = underneath.secured(tls)) {
            secured.send(LdapRequests.extended(4, LdapRequests.WHO_AM_I));
            Optional<RawConnection.Answer> first = secured.read();
            if (first.isPresent() && !first.get().isNoticeOfDisconnection()) {
                assertEquals(4, first.get().messageId());
                assertEquals("", identity(first.get()));
            }
        }
    }

    @Test
    void startTlsWithinTlsIsRefused() throws Exception {
        try (RawConnection connection = tls()) {
            connection.send(LdapRequests.extended(1, LdapRequests.START_TLS));
            assertEquals(new Outcome.Answered(OPERATIONS_ERROR), connection.outcome(1));
            connection.send(LdapRequests.rootDse(2));
            assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(2));
        }
    }

    @Test
    void garbageInsteadOfAHandshakeEndsTheConnection() throws Exception {
        try (RawConnection connection = plain()) {
            connection.send(LdapRequests.extended(1, LdapRequests.START_TLS));
            assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(1));
            connection.send(LdapRequests.rootDse(2));
            assertNotEquals(HostileBer.SEQUENCE, connection.firstByte(), "the plaintext was answered");
        }
    }

    // Time

    @Test
    void twoThousandIdleConnectionsDoNotKeepOthersOut() throws Exception {
        List<RawConnection> idle = new ArrayList<>();
        byte[] beginning = Arrays.copyOf(LdapRequests.rootDse(1), 10);
        try {
            for (int i = 0; i < 2_000; i++) {
                RawConnection connection = RawConnection.plain(i % 4 == 3 ? server.ldapsPort() : server.ldapPort());
                idle.add(connection);
                if (i % 4 == 1) {
                    connection.send(beginning);
                }
                if (i % 500 == 499) {
                    bystander.isServed();
                }
            }
        } finally {
            closeAll(idle);
        }
    }

    @Test
    void aMessageInSingleBytesIsUnderstood() throws Exception {
        try (RawConnection connection = plain()) {
            for (byte octet : LdapRequests.rootDse(1)) {
                connection.send(new byte[] {octet});
            }
            assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(1));
        }
    }

    @Test
    void aMessageThatDoesNotArriveInTimeEndsTheConnection() throws Exception {
        try (GatehouseServer impatient = GatehouseServer.with("gatehouse.ldap.message-timeout", "1s").start()) {
            SSLSocketFactory impatientTls = impatient.trustingCa();
            DirectoryAccounts.ServiceAccount other = new DirectoryAccounts(impatient).service("bystander");
            new DirectoryAccounts(impatient).person("alice", PASSWORD);
            byte[] message = LdapRequests.rootDse(1);
            try (Bystander served = bystanderOf(impatient, other);
                    RawConnection stopped = RawConnection.plain(impatient.ldapPort());
                    RawConnection slow = RawConnection.plain(impatient.ldapPort());
                    RawConnection slowTls = RawConnection.tls(impatient.ldapsPort(), impatientTls)) {
                stopped.send(Arrays.copyOf(message, message.length - 1));
                Thread dripping = Thread.ofVirtual().start(() -> drip(List.of(slow, slowTls)));
                served.isServed();
                for (RawConnection late : List.of(stopped, slow, slowTls)) {
                    assertDisconnected(LATE_NOTICES, late.ending());
                }
                served.isServed();
                dripping.interrupt();
                dripping.join();
            }
        }
    }

    /** A byte now and then, of a message that would take minutes. */
    private static void drip(List<RawConnection> connections) {
        byte[] message = HostileBer.message(1, HostileBer.element(0x60, new byte[4_000]));
        try {
            for (byte octet : message) {
                for (RawConnection connection : connections) {
                    connection.send(new byte[] {octet});
                }
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aClientThatNeverReadsItsAnswersHoldsUpNobody() throws Exception {
        byte[] schema = LdapRequests.search(1, "cn=schema", SearchScope.BASE, "(objectClass=*)", List.of("*", "+"));
        byte[] searches = HostileBer.concatenated(Collections.nCopies(2_000, schema).toArray(byte[][]::new));
        List<RawConnection> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                RawConnection connection = plain();
                deaf.add(connection);
                connection.sendInBackground(searches);
            }
            for (int i = 0; i < 10; i++) {
                bystander.isServed();
            }
        } finally {
            closeAll(deaf);
        }
    }

    @Test
    void connectionsThatAreResetHarmNobody() throws Exception {
        for (int i = 0; i < 500; i++) {
            try (RawConnection connection = plain()) {
                connection.resetOnClose();
                connection.send(LdapRequests.rootDse(1));
            }
        }
    }

    @Test
    void tenThousandRequestsInOneWriteAreAnswered() throws Exception {
        byte[] requests = HostileBer.concatenated(
                IntStream.rangeClosed(1, 10_000).mapToObj(LdapRequests::rootDse).toArray(byte[][]::new));
        try (RawConnection connection = plain()) {
            connection.sendInBackground(requests);
            for (int id = 1; id <= 10_000; id++) {
                assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(id));
            }
        }
    }

    @Test
    void aHandshakeThatDoesNotArriveInTimeEndsTheConnection() throws Exception {
        try (GatehouseServer impatient = GatehouseServer.with("gatehouse.ldap.message-timeout", "1s").start();
                RawConnection stopped = RawConnection.plain(impatient.ldapsPort());
                RawConnection upgrading = RawConnection.plain(impatient.ldapPort())) {
            byte[] hello = clientHello();
            stopped.send(Arrays.copyOf(hello, hello.length / 2));
            upgrading.send(LdapRequests.extended(1, LdapRequests.START_TLS));
            assertEquals(new Outcome.Answered(SUCCESS), upgrading.outcome(1));
            upgrading.send(Arrays.copyOf(hello, hello.length / 2));
            assertNotEquals(HostileBer.SEQUENCE, stopped.firstByte());
            assertNotEquals(HostileBer.SEQUENCE, upgrading.firstByte());
        }
    }

    private static byte[] clientHello() throws Exception {
        SSLEngine client = SSLContext.getDefault().createSSLEngine();
        client.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }
}
