package io.gatehouse.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * A server, clients of every kind, and the promise that is checked behind each test: no thread has died, and an honest client
 * is served.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileClients {

    static final int SUCCESS = ResultCode.SUCCESS_INT_VALUE;
    static final int OPERATIONS_ERROR = ResultCode.OPERATIONS_ERROR_INT_VALUE;
    static final int PROTOCOL_ERROR = ResultCode.PROTOCOL_ERROR_INT_VALUE;
    static final int COMPARE_TRUE = ResultCode.COMPARE_TRUE_INT_VALUE;
    static final int ADMIN_LIMIT_EXCEEDED = ResultCode.ADMIN_LIMIT_EXCEEDED_INT_VALUE;
    static final int UNAVAILABLE_CRITICAL_EXTENSION = ResultCode.UNAVAILABLE_CRITICAL_EXTENSION_INT_VALUE;
    static final int UNWILLING_TO_PERFORM = ResultCode.UNWILLING_TO_PERFORM_INT_VALUE;
    static final int OTHER = ResultCode.OTHER_INT_VALUE;

    /** What a server may say of a message that it does not even want to read. */
    static final Set<Integer> NOTICES = Set.of(PROTOCOL_ERROR, ADMIN_LIMIT_EXCEEDED);
    /** What it may say of one that it could read but does not want. */
    private static final Set<Integer> REFUSALS = Set.of(PROTOCOL_ERROR, ADMIN_LIMIT_EXCEEDED, UNWILLING_TO_PERFORM);

    static final byte[] PRESENT = HostileBer.element(0x87, "objectClass".getBytes());
    static final int MEBIBYTE = 1 << 20;
    static final String PASSWORD = "correct horse battery staple";

    private final ConcurrentLinkedQueue<Throwable> deathsOfThreads = new ConcurrentLinkedQueue<>();
    private Thread.UncaughtExceptionHandler formerHandler;
    GatehouseServer server;
    SSLSocketFactory tls;
    String people;
    String alice;
    /** Whom failed binds may lock. */
    String eve;
    DirectoryAccounts.ServiceAccount service;
    Bystander bystander;

    @BeforeAll
    final void start() throws Exception {
        formerHandler = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, death) -> deathsOfThreads.add(death));
        server = GatehouseServer.with("gatehouse.ldap.allow-cleartext-from-loopback", false).start();
        tls = server.trustingCa();
        people = "ou=people," + server.baseDn();
        DirectoryAccounts accounts = new DirectoryAccounts(server);
        alice = accounts.person("alice", PASSWORD);
        eve = accounts.person("eve", PASSWORD);
        service = accounts.service("hostile");
        bystander = bystanderOf(server, service);
    }

    @AfterAll
    final void stop() {
        if (bystander != null) {
            bystander.close();
        }
        if (server != null) {
            server.close();
        }
        Thread.setDefaultUncaughtExceptionHandler(formerHandler);
    }

    @AfterEach
    final void othersAreServedAndNoThreadDied() throws Exception {
        bystander.isServed();
        List<Throwable> deaths = List.copyOf(deathsOfThreads);
        deathsOfThreads.clear();
        assertEquals(List.of(), deaths);
    }

    final RawConnection plain() throws IOException {
        return RawConnection.plain(server.ldapPort());
    }

    final RawConnection tls() throws IOException {
        return RawConnection.tls(server.ldapsPort(), tls);
    }

    static RawConnection tlsTo(GatehouseServer other) throws IOException {
        return RawConnection.tls(other.ldapsPort(), other.trustingCa());
    }

    final RawConnection bound() throws IOException {
        RawConnection connection = tls();
        bind(connection, service.dn(), service.password());
        return connection;
    }

    static void bind(RawConnection connection, String dn, String password) throws IOException {
        connection.send(LdapRequests.bind(1, dn, password));
        assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(1));
    }

    static Bystander bystanderOf(GatehouseServer server, DirectoryAccounts.ServiceAccount account) throws Exception {
        return new Bystander(server.ldapPort(), server.ldapsPort(), server.baseDn(), account, "alice", server.trustingCa());
    }

    static void assertAnonymous(RawConnection connection) throws IOException {
        connection.send(LdapRequests.extended(99, LdapRequests.WHO_AM_I));
        RawConnection.Answer answer = connection.read().orElseThrow();
        assertEquals(SUCCESS, answer.resultCode());
        assertEquals("", identity(answer));
    }

    static String identity(RawConnection.Answer whoAmI) {
        return whoAmI.value() == null ? "" : new String(whoAmI.value(), StandardCharsets.UTF_8);
    }

    /** Answered with or without success, or ended with a notice: all but silence. */
    static void assertDealtWith(Outcome outcome) {
        switch (outcome) {
            case Outcome.Answered(int resultCode) ->
                    assertTrue(resultCode == SUCCESS || REFUSALS.contains(resultCode), () -> "answered " + resultCode);
            case Outcome.Disconnected _ -> assertDisconnected(NOTICES, outcome);
            case Outcome.Closed() -> fail("closed without a Notice of Disconnection");
        }
    }

    /** Any result but success, compareTrue and the surprise of "other", or a notice. */
    static void assertRefusedSomehow(Outcome outcome) {
        switch (outcome) {
            case Outcome.Answered(int resultCode) -> assertTrue(
                    resultCode != SUCCESS && resultCode != COMPARE_TRUE && resultCode != OTHER,
                    () -> "answered " + resultCode);
            case Outcome.Disconnected _ -> assertDisconnected(NOTICES, outcome);
            case Outcome.Closed() -> fail("closed without a Notice of Disconnection");
        }
    }

    static void assertDisconnected(Set<Integer> resultCodes, Outcome outcome) {
        int resultCode = assertInstanceOf(Outcome.Disconnected.class, outcome).resultCode();
        assertTrue(resultCodes.contains(resultCode), () -> "a notice with result code " + resultCode);
    }

    static void assertDisconnectedOrAnswered(Set<Integer> resultCodes, Outcome outcome) {
        if (outcome instanceof Outcome.Answered(int resultCode)) {
            assertTrue(resultCodes.contains(resultCode), () -> "answered " + resultCode);
        } else {
            assertDisconnected(resultCodes, outcome);
        }
    }

    static void closeAll(List<RawConnection> connections) throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
    }
}
