package io.gatehouse.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.protocol.DeleteRequestProtocolOp;
import com.unboundid.ldap.protocol.ExtendedRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyDNRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.ManageDsaITRequestControl;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Well-formed requests that make no sense, or mean harm: answered with the right result code. */
class HostileRequestsIT extends HostileClients {

    // Names

    @ParameterizedTest
    @ValueSource(strings = {"uid=al\\69ce,", "uid=\\61\\6c\\69\\63\\65,", "UID=#0405616c696365,", "uid = alice ,"})
    void escapesInADnMeanWhatRfc4514Says(String rdn) throws Exception {
        try (RawConnection connection = bound()) {
            connection.send(searchAt(2, (rdn + people).getBytes()));
            assertFalse(connection.read().orElseThrow().isFinal(), "no entry was found");
            assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(2));
        }
    }

    Stream<byte[]> hostileNames() {
        return Stream.concat(
                Stream.of(
                        "uid=alice\\00," + people, "uid=alice\0," + people, "uid=\0alice," + people, "\0", "\\00",
                        "uid=alice\\", "uid=alice\\0", "uid=\\zz," + people, "uid=alice\\,", "uid", "=", "=alice", ",", "+",
                        "uid=alice+", "uid=alice," + people + ",", "," + alice, "uid=alice,," + people,
                        "uid=\"alice", "uid=\"alice\"x," + people,
                        "uid=#," + people, "uid=#04," + people, "uid=#0484ffffffff," + people, "uid=#0480616c6963650000," + people,
                        "uid=#zz," + people, "uid=#" + "30".repeat(5_000) + "," + people, "1.2.=x", "1..2=x", "-uid=alice," + people,
                        "uid;binary=alice," + people, "uid=alice<>," + people, "\u202euid=alice," + people,
                        "uid=" + "\\,".repeat(20_000) + "," + people, "\\".repeat(50_000), ",".repeat(50_000), "=".repeat(50_000),
                        "ou=x,".repeat(10_000) + people, "ou=x+".repeat(10_000) + "ou=x," + people, "uid=" + " ".repeat(50_000),
                        "x".repeat(50_000) + "=x," + people)
                        .map(name -> name.getBytes(StandardCharsets.UTF_8)),
                Stream.of("75 69 64 3d c3 28", "75 69 64 3d ed a0 80", "75 69 64 3d ff fe", "ff", "75 69 64 3d c0 80", "f0 90 80")
                        .map(HostileBer::hex));
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void hostileNamesNameNothing(byte[] name) throws Exception {
        for (byte[] request : List.of(
                searchAt(2, name),
                HostileBer.message(2, HostileBer.element(0x6e, HostileBer.element(0x04, name),
                        HostileBer.element(0x30, HostileBer.octets("uid"), HostileBer.octets("alice")))),
                HostileBer.message(2, HostileBer.element(0x6c, HostileBer.element(0x04, name),
                        HostileBer.element(0x04, name), HostileBer.hex("01 01 ff"), HostileBer.element(0x80, name))),
                HostileBer.message(2, HostileBer.element(0x4a, name)),
                LdapRequests.search(2, people, SearchScope.ONE,
                        Filter.createEqualityFilter("memberOf", name), List.of("uid")),
                LdapRequests.compare(2, alice, "memberOf", name))) {
            try (RawConnection connection = bound()) {
                connection.sendInBackground(request);
                Optional<RawConnection.Answer> first = connection.read();
                assertTrue(first.isPresent(), "closed without a word");
                assertTrue(first.get().isFinal(), "an entry was found");
                assertNotEquals(COMPARE_TRUE, first.get().resultCode());
                assertNotEquals(OTHER, first.get().resultCode(), "the server was surprised");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void nobodyBindsWithAHostileName(byte[] name) throws Exception {
        try (RawConnection connection = tls()) {
            connection.sendInBackground(HostileBer.message(1, HostileBer.element(0x60,
                    HostileBer.hex("02 01 03"), HostileBer.element(0x04, name), HostileBer.element(0x80, PASSWORD.getBytes()))));
            assertRefusedSomehow(connection.outcome(1));
        }
    }

    @Test
    void aNulInAFilterDoesNotEndTheValue() throws Exception {
        try (RawConnection connection = bound()) {
            for (Filter filter : List.of(
                    Filter.createEqualityFilter("uid", "alice\0"), Filter.createEqualityFilter("uid\0x", "alice"),
                    Filter.createSubInitialFilter("uid", "ali\0"), Filter.createEqualityFilter("uid", "\0alice"))) {
                connection.send(LdapRequests.search(2, people, SearchScope.ONE, filter, List.of("uid")));
                assertTrue(connection.read().orElseThrow().isFinal(), () -> "an entry matched " + filter);
            }
        }
    }

    // Binds

    /** RFC 4513 section 5.1.2: a name without a password must not look like success to anybody. */
    @Test
    void aBindWithANameAndNoPasswordIsRefused() throws Exception {
        try (RawConnection connection = tls()) {
            for (String name : List.of(eve, "uid=nobody," + people, "not a dn")) {
                connection.send(LdapRequests.bind(1, name, ""));
                assertEquals(new Outcome.Answered(UNWILLING_TO_PERFORM), connection.outcome(1), name);
                assertAnonymous(connection);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\0\0", "\0eve", "eve\0", "\0eve\0", "\0\0" + PASSWORD, "x\0y\0z\0",
            "\0eve\0" + PASSWORD + "\0", "\0eve\0" + PASSWORD + "\0x", "root\0eve\0" + PASSWORD, "\0eve\0\0" + PASSWORD})
    void malformedPlainCredentialsAreRefused(String credentials) throws Exception {
        try (RawConnection connection = tls()) {
            connection.send(LdapRequests.message(1,
                    new BindRequestProtocolOp("", "PLAIN", new ASN1OctetString(credentials))));
            assertRefusedSomehow(connection.outcome(1));
            connection.send(LdapRequests.message(1, new BindRequestProtocolOp("", "PLAIN", null)));
            assertRefusedSomehow(connection.outcome(1));
        }
    }

    @Test
    void guessingPasswordsLocksTheAccountAndNobodyElse() throws Exception {
        try (GatehouseServer wary = GatehouseServer.with("gatehouse.login.free-attempts", 3)
                        .with("gatehouse.login.delay", "10ms").with("gatehouse.login.max-delay", "20ms")
                        .with("gatehouse.login.lock-after", 10).start()) {
            DirectoryAccounts inhabitants = new DirectoryAccounts(wary);
            inhabitants.person("alice", PASSWORD);
            String victim = inhabitants.person("mallory", PASSWORD);
            try (Bystander served = bystanderOf(wary, inhabitants.service("bystander"));
                    ExecutorService guessers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Object>> guesses = IntStream.range(0, 8)
                        .mapToObj(number -> guessers.submit(() -> guess(wary, victim, 10, "guess of " + number))).toList();
                served.isServed();
                for (Future<Object> guess : guesses) {
                    guess.get();
                }
                try (RawConnection connection = tlsTo(wary)) {
                    connection.send(LdapRequests.bind(1, victim, PASSWORD));
                    assertRefusedSomehow(connection.outcome(1));
                }
                try (RawConnection connection = tlsTo(wary)) {
                    bind(connection, "uid=alice,ou=people," + wary.baseDn(), PASSWORD);
                }
                served.isServed();
            }
        }
    }

    private static Object guess(GatehouseServer server, String dn, int times, String password) throws IOException {
        try (RawConnection connection = tlsTo(server)) {
            for (int id = 1; id <= times; id++) {
                connection.send(LdapRequests.bind(id, dn, password + " " + id));
                assertRefusedSomehow(connection.outcome(id));
            }
        }
        return null;
    }

    @Test
    void bindsInATightLoopLeaveRoomForOthers() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> loops = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                loops.add(clients.submit(() -> {
                    try (RawConnection connection = tls()) {
                        for (int i = 1; i <= 25; i++) {
                            connection.send(LdapRequests.bind(i, service.dn(), service.password()));
                            connection.outcome(i);
                        }
                    }
                    return null;
                }));
            }
            bystander.isServed();
            for (Future<Object> loop : loops) {
                loop.get();
            }
        }
    }

    // Controls

    @Test
    void anUnknownCriticalControlIsRefusedByEveryOperation() throws Exception {
        Control unknown = new Control("1.3.6.1.4.1.32473.1", true, new ASN1OctetString("x"));
        try (RawConnection connection = bound()) {
            for (byte[] request : List.of(
                    LdapRequests.rootDse(2, unknown),
                    LdapRequests.search(2, people, SearchScope.ONE, "(uid=alice)", List.of(), unknown),
                    LdapRequests.compare(2, alice, "uid", "alice".getBytes(), unknown),
                    LdapRequests.replace(2, alice, "gecos", "x".getBytes(), unknown),
                    LdapRequests.message(2, new DeleteRequestProtocolOp(alice), unknown),
                    LdapRequests.message(2, new ModifyDNRequestProtocolOp(alice, "uid=x", true, null), unknown),
                    LdapRequests.extended(2, LdapRequests.WHO_AM_I, unknown))) {
                connection.send(request);
                assertEquals(new Outcome.Answered(UNAVAILABLE_CRITICAL_EXTENSION), connection.outcome(2));
            }
            connection.send(LdapRequests.abandon(3, 2, unknown));
            connection.send(LdapRequests.rootDse(4));
            assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(4));
            connection.send(LdapRequests.bind(5, service.dn(), service.password(), unknown));
            assertEquals(new Outcome.Answered(UNAVAILABLE_CRITICAL_EXTENSION), connection.outcome(5));
            assertAnonymous(connection);
        }
    }

    @Test
    void anUnknownControlThatIsNotCriticalIsIgnored() throws Exception {
        try (RawConnection connection = plain()) {
            connection.send(LdapRequests.rootDse(1, new Control("1.3.6.1.4.1.32473.1", false, new ASN1OctetString("x"))));
            assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(1));
        }
    }

    @Test
    void aControlGivenTwiceIsDealtWith() throws Exception {
        try (RawConnection connection = bound()) {
            connection.send(LdapRequests.search(2, people, SearchScope.ONE, "(uid=alice)", List.of("uid"),
                    new SimplePagedResultsControl(1, true), new SimplePagedResultsControl(2, true)));
            assertDealtWith(connection.outcome(2));
        }
        Control[] many = Stream.generate(() -> new ManageDsaITRequestControl(true)).limit(1_000).toArray(Control[]::new);
        try (RawConnection connection = bound()) {
            connection.send(LdapRequests.search(2, people, SearchScope.ONE, "(uid=alice)", List.of("uid"), many));
            assertDealtWith(connection.outcome(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.473", "1.3.6.1.1.12", "1.3.6.1.4.1.4203.666.5.16", "not an oid", ""})
    void controlsWithSenselessValuesAreDealtWith(String oid) throws Exception {
        for (String value : List.of("", "30 00", "30 05 02 01 ff 04 00", "30 05 02 01 05 04 80", "04 00", "ff ff ff ff",
                "30 0a 02 08 7f ff ff ff ff ff ff ff", "30 0a 02 01 01 04 05 41 41 41 41 41")) {
            for (boolean critical : List.of(true, false)) {
                try (RawConnection connection = bound()) {
                    connection.send(LdapRequests.search(2, people, SearchScope.ONE, "(uid=alice)", List.of("uid"),
                            new Control(oid, critical, new ASN1OctetString(HostileBer.hex(value)))));
                    Outcome outcome = connection.outcome(2);
                    assertNotEquals(new Outcome.Closed(), outcome);
                    assertNotEquals(new Outcome.Answered(OTHER), outcome, value);
                }
            }
        }
    }

    // Values

    @ParameterizedTest
    @ValueSource(strings = {
            "0a 01 09 0a 01 00 02 01 00 02 01 00 01 01 00", "0a 01 ff 0a 01 00 02 01 00 02 01 00 01 01 00",
            "0a 01 00 0a 01 09 02 01 00 02 01 00 01 01 00", "0a 01 00 0a 01 00 02 01 ff 02 01 ff 01 01 00",
            "0a 01 00 0a 01 00 02 05 00 80 00 00 00 02 01 00 01 01 00", "0a 01 00 0a 01 00 02 01 00 02 04 7f ff ff ff 01 01 00",
            "0a 01 00 0a 01 00 02 01 00 02 01 00 01 00", "0a 00 0a 00 02 00 02 00 01 00"})
    void numbersOutOfRangeAreDealtWith(String numbers) throws Exception {
        try (RawConnection connection = bound()) {
            connection.send(HostileBer.message(2, HostileBer.element(0x63,
                    HostileBer.octets(people), HostileBer.hex(numbers), PRESENT, HostileBer.hex("30 00"))));
            assertDealtWith(connection.outcome(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            LdapRequests.START_TLS, LdapRequests.WHO_AM_I, LdapRequests.PASSWORD_MODIFY, LdapRequests.CANCEL,
            "1.3.6.1.4.1.32473.1", ""})
    void extendedRequestsWithSenselessValuesAreDealtWith(String oid) throws Exception {
        for (String value : List.of("", "00", "30 00", "30 80 00 00", "30 05 80 03 41", "30 06 80 00 81 00 82 00",
                "30 02 83 00", "30 04 80 02 ff fe", "30 06 82 04 ff ff ff ff", "04 03 41 41 41",
                "30 03 02 01 05", "30 09 02 07 7f ff ff ff ff ff ff")) {
            try (RawConnection connection = bound()) {
                connection.send(LdapRequests.message(2,
                        new ExtendedRequestProtocolOp(oid, new ASN1OctetString(HostileBer.hex(value)))));
                Outcome outcome = connection.outcome(2);
                assertNotEquals(new Outcome.Closed(), outcome, value);
                assertNotEquals(new Outcome.Answered(OTHER), outcome, value);
            }
        }
    }

    private static byte[] searchAt(int messageId, byte[] base) {
        return HostileBer.message(messageId, HostileBer.element(0x63,
                HostileBer.element(HostileBer.OCTET_STRING, base), HostileBer.hex("0a 01 00"), HostileBer.hex("0a 01 00"),
                HostileBer.hex("02 01 00"), HostileBer.hex("02 01 00"), HostileBer.hex("01 01 00"),
                PRESENT, HostileBer.hex("30 00")));
    }
}
