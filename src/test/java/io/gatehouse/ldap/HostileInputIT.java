package io.gatehouse.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchScope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes that are no LDAP message, or one that nobody should have to read: ended with a Notice of Disconnection (RFC 4511
 * sections 4.1.1 and 4.4.1) or answered, and of no concern to anybody else.
 */
class HostileInputIT extends HostileClients {

    private static final int NOT = 0xa2;
    private static final int AND = 0xa0;
    private static final int OR = 0xa1;
    private static final int FUZZ_MESSAGES = Integer.getInteger("gatehouse.fuzz.messages", 100_000);

    // Nesting

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000, 100_000})
    void filtersNestedDeeplyAreDealtWithBeforeABind(int depth) throws Exception {
        for (int kind : List.of(NOT, AND, OR)) {
            try (RawConnection connection = plain()) {
                connection.sendInBackground(
                        LdapRequests.searchWithFilter(1, HostileBer.nested(kind, depth, PRESENT)));
                assertDealtWith(connection.outcome(1));
                bystander.isServed();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000, 100_000})
    void filtersNestedDeeplyAreDealtWithAfterABind(int depth) throws Exception {
        for (int kind : List.of(NOT, AND, OR)) {
            try (RawConnection connection = bound()) {
                connection.sendInBackground(
                        LdapRequests.searchWithFilter(2, HostileBer.nested(kind, depth, PRESENT)));
                assertDealtWith(connection.outcome(2));
                bystander.isServed();
            }
        }
    }

    @Test
    void aFilterOfManyBranchesIsDealtWith() throws Exception {
        byte[] branches = HostileBer.concatenated(Collections.nCopies(20_000, PRESENT).toArray(byte[][]::new));
        try (RawConnection connection = bound()) {
            connection.sendInBackground(LdapRequests.searchWithFilter(2, HostileBer.element(OR, branches)));
            assertDealtWith(connection.outcome(2));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeeplyNestedFilterInAnAssertionControlIsDealtWith(boolean critical) throws Exception {
        Control assertion = new Control("1.3.6.1.1.12", critical,
                new ASN1OctetString(HostileBer.nested(NOT, 100_000, PRESENT)));
        try (RawConnection connection = bound()) {
            connection.sendInBackground(LdapRequests.rootDse(2, assertion));
            assertDealtWith(connection.outcome(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "24", "a0", "77", "63", "7f"})
    void nestingWhereNoneBelongsIsDealtWith(String tag) throws Exception {
        byte[] nested = HostileBer.nested(Integer.parseInt(tag, 16), 100_000, HostileBer.hex("04 00"));
        for (byte[] message : List.of(
                nested,
                HostileBer.message(1, nested),
                HostileBer.message(1, HostileBer.element(0x77, nested)),
                HostileBer.message(1, HostileBer.element(0x60, HostileBer.hex("02 01 03"), HostileBer.octets(""), nested)),
                HostileBer.message(1, HostileBer.hex("4a 00"), HostileBer.element(0xa0, nested)))) {
            try (RawConnection connection = plain()) {
                connection.sendInBackground(message);
                assertDealtWith(connection.outcome(1));
            }
        }
    }

    /**
     * A guard sees a primitive element behind the controls; a decoder that does not mind the tag may take it for the next
     * message.
     */
    @ParameterizedTest
    @ValueSource(ints = {12_000, 100_000})
    void nestingHiddenInAPrimitiveElementIsDealtWith(int depth) throws Exception {
        byte[] hidden = LdapRequests.searchWithFilter(3, HostileBer.nested(NOT, depth, PRESENT));
        hidden[0] = HostileBer.OCTET_STRING;
        byte[] whoAmI = LdapRequests.extended(2, LdapRequests.WHO_AM_I);
        byte[] message = HostileBer.element(HostileBer.SEQUENCE,
                Arrays.copyOfRange(whoAmI, 2, whoAmI.length), HostileBer.hex("a0 00"), hidden);
        for (RawConnection connection : List.of(plain(), bound())) {
            try (connection) {
                connection.sendInBackground(HostileBer.concatenated(message, LdapRequests.rootDse(4)));
                assertDealtWith(connection.outcome(4));
            }
        }
    }

    // Lengths

    @Test
    void aMessageAnnouncedAsOneGibibyteIsRefusedBeforeItArrives() throws Exception {
        byte[] header = HostileBer.hex("30 84 40 00 00 00");
        try (RawConnection connection = plain()) {
            connection.send(header);
            assertDisconnected(NOTICES, connection.ending());
        }
        try (RawConnection connection = bound()) {
            connection.send(header);
            assertDisconnected(NOTICES, connection.ending());
        }
    }

    @Test
    void elementsAnnouncedAsOneGibibyteWithinAMessageAreRefused() throws Exception {
        for (String message : List.of(
                "30 0c 02 84 40 00 00 00 42 00 00 00 00 00",
                "30 0c 02 01 01 63 84 40 00 00 00 04 00 00",
                "30 0e 02 01 01 60 09 02 01 03 04 84 40 00 00 00")) {
            try (RawConnection connection = plain()) {
                connection.send(HostileBer.hex(message));
                assertDisconnectedOrAnswered(Set.of(PROTOCOL_ERROR), connection.outcome(1));
            }
        }
    }

    @Test
    void fiftyAnnouncedGibibytesAtOnceLeaveTheServerItsMemory() throws Exception {
        List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                RawConnection connection = plain();
                connections.add(connection);
                connection.send(HostileBer.hex("30 84 40 00 00 00 02 01 01"));
            }
            bystander.isServed();
            for (RawConnection connection : connections) {
                assertDisconnected(NOTICES, connection.ending());
            }
        } finally {
            closeAll(connections);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "30 80 02 01 01 42 00 00 00", // indefinite: RFC 4511 section 5.1 allows the definite form only
            "30 84 7f ff ff ff", "30 84 80 00 00 00", "30 84 ff ff ff ff",
            "30 85 01 00 00 00 00", "30 88 00 00 00 00 40 00 00 00",
            "30 88 7f ff ff ff ff ff ff ff", "30 8f 01", "30 fe 01", "30 ff 01",
            "30 05 02 80 00 00 00", "30 07 02 01 01 63 80 00 00"})
    void lengthsBeyondReasonEndTheConnectionWithANotice(String message) throws Exception {
        try (RawConnection connection = plain()) {
            connection.send(HostileBer.hex(message));
            assertDisconnected(NOTICES, connection.ending());
        }
    }

    /** BER, unlike DER, allows more length octets than needed, and RFC 4511 section 5.1 does not take that away. */
    @Test
    void lengthsInMoreOctetsThanNeededAreUnderstood() throws Exception {
        byte[] plain = LdapRequests.rootDse(7);
        byte[] contents = Arrays.copyOfRange(plain, 2, plain.length);
        for (String longForm : List.of("81", "82 00", "83 00 00", "84 00 00 00")) {
            try (RawConnection connection = plain()) {
                connection.send(HostileBer.concatenated(
                        HostileBer.hex("30" + longForm), new byte[] {(byte) contents.length}, contents));
                assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(7));
            }
        }
    }

    // Broken messages

    @Test
    void everyPrefixOfAMessageEndsWithTheConnection() throws Exception {
        byte[] message = LdapRequests.search(1, people, SearchScope.SUB, "(&(uid=alice)(!(cn=a*b)))", List.of("uid"));
        for (int length = 0; length < message.length; length++) {
            try (RawConnection connection = plain()) {
                connection.send(Arrays.copyOf(message, length));
                connection.endOfRequests();
                switch (connection.ending()) {
                    case Outcome.Closed() -> { }
                    case Outcome.Disconnected(int resultCode) -> assertEquals(PROTOCOL_ERROR, resultCode);
                    case Outcome.Answered(int resultCode) -> fail("answered " + resultCode + " to " + length + " bytes");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "30 00", "30 03 02 01 01", "30 02 02 00", "30 04 02 00 42 00", "30 02 42 00",
            "31 05 02 01 01 42 00", "00 00", "04 00", "ff ff", "42 00",
            "30 05 04 01 01 42 00", "30 06 0a 01 01 4a 01 78",
            "30 0c 02 01 01 60 07 02 01 03 04 05 61 80",
            "30 18 02 01 08 6e 13 04 00 01 07 89 03 61 62 63 78 18 01 06 89 03 61 62 63 78"})
    void messagesThatAreNoneEndTheConnectionWithANotice(String message) throws Exception {
        try (RawConnection connection = plain()) {
            connection.send(HostileBer.hex(message));
            connection.endOfRequests();
            assertDisconnected(Set.of(PROTOCOL_ERROR), connection.ending());
        }
    }

    /** A decoder that reads from the stream may take for contents what is the next message. */
    @ParameterizedTest
    @ValueSource(strings = {
            "30 00", "30 03 02 01 01", "30 05 02 01 01 63 00", "30 07 02 01 01 60 02 02 01",
            "30 0d 02 01 01 6e 08 04 00 04 04 75 69 64 3d", "30 09 02 01 01 77 04 80 02 31 2e"})
    void aMessageThatLacksContentsDoesNotTakeThemFromTheNext(String message) throws Exception {
        try (RawConnection connection = plain()) {
            connection.send(HostileBer.concatenated(HostileBer.hex(message), LdapRequests.rootDse(7)));
            assertDisconnectedOrAnswered(Set.of(PROTOCOL_ERROR), connection.outcome(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: gatehouse\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0\0\0\0\0\n"})
    void otherProtocolsAreToldThatThisIsLdap(String greeting) throws Exception {
        try (RawConnection connection = plain()) {
            connection.send(greeting.getBytes(StandardCharsets.ISO_8859_1));
            assertDisconnected(Set.of(PROTOCOL_ERROR), connection.ending());
        }
    }

    @Test
    void plaintextOnTheTlsPortHarmsNobody() throws Exception {
        for (byte[] bytes : List.of(LdapRequests.rootDse(1), HostileBer.hex("16 03 01 ff ff 01"), new byte[] {0})) {
            try (RawConnection connection = RawConnection.plain(server.ldapsPort())) {
                connection.send(bytes);
                bystander.isServed();
                connection.endOfRequests();
                assertNotEquals(HostileBer.SEQUENCE, connection.firstByte(), "LDAP without TLS on the TLS port");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "7e", "5e", "7f", "61", "64", "65", "67", "69", "6b", "6d", "6f", "73", "78", "79", "a3", "62", "6a", "30", "04"})
    void operationsThatAreNoRequestsEndTheConnectionWithANotice(String tag) throws Exception {
        for (RawConnection connection : List.of(plain(), bound())) {
            try (connection) {
                connection.send(HostileBer.message(2,
                        HostileBer.element(Integer.parseInt(tag, 16), HostileBer.hex("0a 01 00 04 00 04 00"))));
                assertDisconnected(Set.of(PROTOCOL_ERROR), connection.ending());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "02 00", "02 01 00", "02 01 ff", "02 04 80 00 00 00", "02 05 00 80 00 00 00", "02 05 01 00 00 00 01",
            "02 08 7f ff ff ff ff ff ff ff"})
    void messageIdsOutOfRangeEndTheConnectionWithANotice(String messageId) throws Exception {
        try (RawConnection connection = plain()) {
            connection.send(rootDseWithMessageId(messageId));
            assertDisconnected(Set.of(PROTOCOL_ERROR), connection.ending());
        }
    }

    @Test
    void theGreatestMessageIdIsAnswered() throws Exception {
        try (RawConnection connection = plain()) {
            connection.send(LdapRequests.rootDse(Integer.MAX_VALUE));
            assertEquals(new Outcome.Answered(SUCCESS), connection.outcome(Integer.MAX_VALUE));
        }
    }

    @Test
    void aHundredThousandBrokenMessagesDoNotDisturbTheServer() throws Exception {
        List<byte[]> messages = new ArrayList<>(LdapRequests.ofEveryKind(server.baseDn(), "eve"));
        messages.addAll(LdapRequests.bindsOfEveryKind(server.baseDn(), "eve"));
        fuzz(FUZZ_MESSAGES, messages, mutator -> mutator::broken, this::plain);
    }

    @Test
    void strangeValuesFromABoundClientDoNotDisturbTheServer() throws Exception {
        fuzz(FUZZ_MESSAGES / 10, LdapRequests.ofEveryKind(server.baseDn(), "alice"), mutator -> mutator::distorted, this::bound);
    }

    // Sizes

    @Test
    void aHundredThousandRequestedAttributesAreDealtWith() throws Exception {
        List<String> names = IntStream.range(0, 100_000).mapToObj(i -> "x-attribute-" + i).toList();
        try (RawConnection connection = bound()) {
            connection.sendInBackground(LdapRequests.search(2, people, SearchScope.ONE, "(uid=alice)", names));
            assertDealtWith(connection.outcome(2));
        }
        try (RawConnection connection = bound()) {
            connection.sendInBackground(LdapRequests.search(
                    2, people, SearchScope.ONE, "(uid=alice)", Collections.nCopies(100_000, "uid")));
            assertDealtWith(connection.outcome(2));
        }
    }

    @Test
    void aMebibyteInAFilterMatchesNothing() throws Exception {
        String mebibyte = "a".repeat(MEBIBYTE);
        for (Filter filter : List.of(
                Filter.createEqualityFilter("uid", mebibyte),
                Filter.createSubstringFilter("cn", mebibyte, new String[] {mebibyte}, null),
                Filter.createGreaterOrEqualFilter("uidNumber", "9".repeat(MEBIBYTE)),
                Filter.createEqualityFilter("memberOf", "cn=" + mebibyte),
                Filter.createPresenceFilter(mebibyte),
                Filter.createExtensibleMatchFilter("uid", mebibyte, true, "alice"))) {
            try (RawConnection connection = bound()) {
                connection.sendInBackground(LdapRequests.search(2, people, SearchScope.SUB, filter, List.of("uid")));
                assertTrue(connection.read().orElseThrow().isFinal(), "an entry matched");
            }
        }
    }

    /** Substrings are where careless matching takes quadratic time or worse. */
    @Test
    void aFilterOfThousandsOfSubstringsIsDealtWith() throws Exception {
        String[] any = Collections.nCopies(20_000, "a").toArray(String[]::new);
        try (RawConnection connection = bound()) {
            connection.sendInBackground(LdapRequests.search(2, people, SearchScope.SUB,
                    Filter.createSubstringFilter("cn", null, any, "z"), List.of("uid")));
            assertDealtWith(connection.outcome(2));
        }
    }

    @Test
    void aMebibyteAsAPasswordIsRefused() throws Exception {
        byte[] password = new byte[MEBIBYTE];
        Arrays.fill(password, (byte) 'a');
        String plain = "\0eve\0" + "a".repeat(MEBIBYTE);
        for (byte[] bind : List.of(
                LdapRequests.bind(1, eve, password),
                LdapRequests.bind(1, "uid=" + "a".repeat(MEBIBYTE) + "," + people, "short".getBytes()),
                LdapRequests.message(1, new BindRequestProtocolOp("", "PLAIN", new ASN1OctetString(plain))),
                LdapRequests.message(1, new BindRequestProtocolOp("", "x".repeat(MEBIBYTE), new ASN1OctetString("a"))))) {
            try (RawConnection connection = tls()) {
                connection.sendInBackground(bind);
                assertRefusedSomehow(connection.outcome(1));
            }
        }
    }

    @Test
    void aMebibyteIsNeitherWrittenNorEqualToAnything() throws Exception {
        byte[] value = new byte[MEBIBYTE];
        Arrays.fill(value, (byte) 'a');
        for (byte[] request : List.of(
                LdapRequests.replace(2, alice, "gecos", value),
                LdapRequests.replace(2, alice, "sshPublicKey", value),
                LdapRequests.replace(2, alice, "loginShell", value),
                LdapRequests.compare(2, alice, "gecos", value),
                LdapRequests.compare(2, alice, "a".repeat(MEBIBYTE), "x".getBytes()))) {
            try (RawConnection connection = tls()) {
                bind(connection, alice, PASSWORD);
                connection.sendInBackground(request);
                assertRefusedSomehow(connection.outcome(2));
            }
        }
    }

    private static byte[] rootDseWithMessageId(String messageId) {
        byte[] message = LdapRequests.rootDse(1);
        return HostileBer.element(HostileBer.SEQUENCE,
                HostileBer.hex(messageId), Arrays.copyOfRange(message, 5, message.length));
    }

    private void fuzz(
            int messages, List<byte[]> originals, Function<MessageMutator, IntFunction<byte[]>> kind, FuzzRun.Dialer dialer)
            throws Exception {
        long seed = Long.getLong("gatehouse.fuzz.seed", new SplittableRandom().nextLong());
        System.out.println("Fuzz run of " + messages + " messages; repeat it with -Dgatehouse.fuzz.seed=" + seed);
        IntFunction<byte[]> mutations = kind.apply(new MessageMutator(seed, originals));
        int workers = 4;
        try (ExecutorService clients = Executors.newFixedThreadPool(workers)) {
            List<Future<FuzzRun.Tally>> runs = IntStream.range(0, workers)
                    .mapToObj(worker -> (Callable<FuzzRun.Tally>) () -> new FuzzRun(dialer, mutations)
                            .send(share(messages, workers, worker), share(messages, workers, worker + 1)))
                    .map(clients::submit).toList();
            FuzzRun.Tally tally = new FuzzRun.Tally(0, 0, 0);
            for (Future<FuzzRun.Tally> run : runs) {
                tally = tally.plus(resultOf(run));
            }
            System.out.println("Fuzz run " + seed + ": " + tally);
            assertEquals(messages, tally.sent());
        }
    }

    private static int share(int messages, int workers, int worker) {
        return (int) ((long) messages * worker / workers);
    }

    /** Others are served while the run goes on. */
    private FuzzRun.Tally resultOf(Future<FuzzRun.Tally> run) throws Exception {
        while (true) {
            try {
                return run.get(500, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillRunning) {
                bystander.isServed();
            }
        }
    }
}
