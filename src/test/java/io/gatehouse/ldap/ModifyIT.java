package io.gatehouse.ldap;

import static com.unboundid.ldap.sdk.ModificationType.ADD;
import static com.unboundid.ldap.sdk.ModificationType.DELETE;
import static com.unboundid.ldap.sdk.ModificationType.INCREMENT;
import static com.unboundid.ldap.sdk.ModificationType.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModifyRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people change of themselves over LDAP, and what nobody does. */
class ModifyIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String ALICE = "uid=alice,ou=people," + BASE;
    private static final String BOB = "uid=bob,ou=people," + BASE;
    private static final String OLD = DirectoryRows.PASSWORD;
    private static final String NEW = "quite another passphrase";

    private static GatehouseServer server;
    private static DirectoryRows rows;
    private static String sssd;
    private LDAPConnection alice;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        rows = new DirectoryRows(server);
        sssd = rows.serviceAccount("sssd");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makePeople() throws LDAPException {
        rows.person("alice");
        rows.person("bob");
        alice = server.ldapAs("alice", OLD);
    }

    @AfterEach
    void removePeople() {
        alice.close();
        rows.sql("delete from users where username in ('alice', 'bob')");
    }

    @Test
    void replacesThePassword() throws LDAPException {
        try (var elsewhere = server.ldapAs("alice", OLD)) {
            assertThat(modify(new Modification(REPLACE, "userPassword", NEW))).isEqualTo(ResultCode.SUCCESS);
            assertThat(binds(NEW)).isTrue();
            assertThat(binds(OLD)).isFalse();
            assertThat(value("uid")).as("this connection goes on").isEqualTo("alice");
            assertThat(catchThrowableOfType(LDAPException.class, () -> elsewhere.search(BASE, SearchScope.BASE, "(objectClass=*)"))).isNotNull();
        }
    }

    @Test
    void replacesThePasswordByDeletingTheOldAndAddingTheNewOne() throws LDAPException {
        assertThat(modify(new Modification(DELETE, "userPassword", "wrong old one"), new Modification(ADD, "userPassword", NEW)))
                .isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(binds(OLD)).isTrue();
        assertThat(modify(new Modification(DELETE, "userpassword", OLD), new Modification(ADD, "USERPASSWORD", NEW))).isEqualTo(ResultCode.SUCCESS);
        assertThat(binds(NEW)).isTrue();
    }

    @Test
    void passwordIsNotRemovedAddedTwiceOrMixedUp() throws LDAPException {
        var before = row();
        for (var modifications : List.of(
                List.of(new Modification(DELETE, "userPassword", OLD)),
                List.of(new Modification(DELETE, "userPassword")),
                List.of(new Modification(REPLACE, "userPassword")),
                List.of(new Modification(ADD, "userPassword", NEW)),
                List.of(new Modification(REPLACE, "userPassword", NEW, NEW + "2")),
                List.of(new Modification(REPLACE, "userPassword", NEW), new Modification(REPLACE, "userPassword", NEW + "2")),
                List.of(new Modification(ADD, "userPassword", NEW), new Modification(DELETE, "userPassword", OLD)),
                List.of(new Modification(INCREMENT, "userPassword", "1")),
                List.of(new Modification(REPLACE, "userPassword", "short")),
                List.of(new Modification(REPLACE, "userPassword", "alice-alice-alice")))) {
            assertThat(modify(modifications.toArray(Modification[]::new))).as(modifications.toString()).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
        }
        assertThat(row()).isEqualTo(before);
    }

    @Test
    void keysAreAddedDeletedAndReplaced() throws LDAPException {
        var first = key(1, "alice@laptop");
        var second = key(2, "alice@desk");
        var third = key(3, "");
        assertThat(modify(new Modification(ADD, "sshPublicKey", first, second))).isEqualTo(ResultCode.SUCCESS);
        assertThat(values("sshPublicKey")).containsExactlyInAnyOrder(first, second);
        assertThat(modify(new Modification(DELETE, "sshPublicKey", first))).isEqualTo(ResultCode.SUCCESS);
        assertThat(values("sshPublicKey")).containsExactly(second);
        assertThat(modify(new Modification(REPLACE, "sshPublicKey", third, first))).isEqualTo(ResultCode.SUCCESS);
        assertThat(values("sshPublicKey")).containsExactlyInAnyOrder(third, first);
        assertThat(modify(new Modification(DELETE, "sshPublicKey", first), new Modification(ADD, "sshPublicKey", second))).isEqualTo(ResultCode.SUCCESS);
        assertThat(values("sshPublicKey")).containsExactlyInAnyOrder(third, second);
        assertThat(modify(new Modification(DELETE, "sshPublicKey"))).isEqualTo(ResultCode.SUCCESS);
        assertThat(values("sshPublicKey")).isEmpty();
        assertThat(modify(new Modification(ADD, "sshPublicKey", first))).isEqualTo(ResultCode.SUCCESS);
        assertThat(modify(new Modification(REPLACE, "sshPublicKey"))).isEqualTo(ResultCode.SUCCESS);
        assertThat(values("sshPublicKey")).isEmpty();
    }

    @Test
    void keyThatIsThereOrMissingIsToldApart() throws LDAPException {
        var first = key(1, "alice@laptop");
        assertThat(modify(new Modification(ADD, "sshPublicKey", first))).isEqualTo(ResultCode.SUCCESS);
        assertThat(modify(new Modification(ADD, "sshPublicKey", first))).isEqualTo(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS);
        assertThat(modify(new Modification(ADD, "sshPublicKey", key(1, "another comment")))).isEqualTo(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS);
        assertThat(modify(new Modification(ADD, "sshPublicKey", key(2, ""), key(2, "")))).isEqualTo(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS);
        assertThat(modify(new Modification(DELETE, "sshPublicKey", key(2, "")))).isEqualTo(ResultCode.NO_SUCH_ATTRIBUTE);
        assertThat(modify(new Modification(DELETE, "sshPublicKey", first), new Modification(DELETE, "sshPublicKey", first)))
                .isEqualTo(ResultCode.NO_SUCH_ATTRIBUTE);
        assertThat(values("sshPublicKey")).containsExactly(first);
        assertThat(modify(new Modification(DELETE, "sshPublicKey", first))).isEqualTo(ResultCode.SUCCESS);
        assertThat(modify(new Modification(DELETE, "sshPublicKey"))).as("none to delete").isEqualTo(ResultCode.NO_SUCH_ATTRIBUTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "", "ssh-ed25519 AAAA", "ssh-dss AAAAB3NzaC1kc3M=", "-----BEGIN OPENSSH PRIVATE KEY-----",
        "command=\"/bin/sh\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJm9tQs9E5xq0DWJ+QHnqVgZSZi6fRL1+g6j6rHtFvLb"})
    void keyThatIsNoneIsRefusedWithTheReason(String line) throws LDAPException {
        assertThat(modify(new Modification(ADD, "sshPublicKey", key(1, "")))).isEqualTo(ResultCode.SUCCESS);
        for (var type : List.of(ADD, REPLACE)) {
            var refusal = refusal(new Modification(type, "sshPublicKey", line));
            assertThat(refusal.getResultCode()).isIn(ResultCode.CONSTRAINT_VIOLATION, ResultCode.INVALID_ATTRIBUTE_SYNTAX);
            assertThat(refusal.getDiagnosticMessage()).isNotBlank();
        }
        assertThat(refusal(new Modification(ADD, "sshPublicKey", new byte[] {(byte) 0xff, (byte) 0xfe})).getResultCode())
                .isEqualTo(ResultCode.INVALID_ATTRIBUTE_SYNTAX);
        assertThat(refusal(new Modification(INCREMENT, "sshPublicKey", "1")).getResultCode()).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
        assertThat(values("sshPublicKey")).hasSize(1);
    }

    @Test
    void keysThatAreAddedAndDeletedAtOnceAreNotLost() throws Exception {
        var keys = IntStream.range(0, 16).mapToObj(i -> key(i, "")).toList();
        for (int i = 0; i < 8; i++) {
            assertThat(modify(new Modification(ADD, "sshPublicKey", keys.get(i)))).isEqualTo(ResultCode.SUCCESS);
        }

        var results = AtOnce.call(16, i -> {
            try (var connection = server.ldapAs("alice", OLD)) {
                return connection.modify(ALICE, new Modification(i < 8 ? DELETE : ADD, "sshPublicKey", keys.get(i))).getResultCode();
            } catch (LDAPException e) {
                return e.getResultCode();
            }
        });

        assertThat(results).containsOnly(ResultCode.SUCCESS);
        assertThat(values("sshPublicKey")).containsExactlyInAnyOrderElementsOf(keys.subList(8, 16));
    }

    @Test
    void shellIsReplacedAndFallsBackToItsDefault() throws LDAPException {
        assertThat(modify(new Modification(REPLACE, "loginShell", "/bin/zsh"))).isEqualTo(ResultCode.SUCCESS);
        assertThat(value("loginShell")).isEqualTo("/bin/zsh");
        assertThat(modify(new Modification(DELETE, "loginShell", "/bin/sh"))).isEqualTo(ResultCode.NO_SUCH_ATTRIBUTE);
        assertThat(modify(new Modification(DELETE, "loginShell", "/bin/zsh"), new Modification(ADD, "loginShell", "/bin/sh"))).isEqualTo(ResultCode.SUCCESS);
        assertThat(value("loginShell")).isEqualTo("/bin/sh");
        assertThat(modify(new Modification(ADD, "loginShell", "/bin/zsh"))).isEqualTo(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS);
        assertThat(modify(new Modification(REPLACE, "loginShell", "/bin/a", "/bin/b"))).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
        assertThat(modify(new Modification(DELETE, "loginShell"))).isEqualTo(ResultCode.SUCCESS);
        assertThat(value("loginShell")).isEqualTo("/bin/bash");
    }

    @ParameterizedTest
    @CsvSource({"loginShell, bash", "loginShell, '/bin/ba sh'", "loginShell, '/bin/bash:0:0'", "loginShell, ''", "gecos, 'a:b'", "gecos, 'ümlaut'", "gecos, ''"})
    void valueThatWouldBreakAPasswdLineIsRefused(String attribute, String value) throws LDAPException {
        var before = row();
        assertThat(modify(new Modification(REPLACE, attribute, value))).isIn(ResultCode.CONSTRAINT_VIOLATION, ResultCode.INVALID_ATTRIBUTE_SYNTAX);
        assertThat(row()).isEqualTo(before);
    }

    @Test
    void gecosComesAndGoes() throws LDAPException {
        assertThat(modify(new Modification(DELETE, "gecos"))).isEqualTo(ResultCode.NO_SUCH_ATTRIBUTE);
        assertThat(modify(new Modification(ADD, "gecos", "Room 1"))).isEqualTo(ResultCode.SUCCESS);
        assertThat(value("gecos")).isEqualTo("Room 1");
        assertThat(modify(new Modification(ADD, "gecos", "Room 2"))).isEqualTo(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS);
        assertThat(modify(new Modification(REPLACE, "gecos", "Room 2"))).isEqualTo(ResultCode.SUCCESS);
        assertThat(modify(new Modification(REPLACE, "gecos"))).isEqualTo(ResultCode.SUCCESS);
        assertThat(value("gecos")).isNull();
        assertThat(modify(new Modification(REPLACE, "gecos"))).as("none to replace").isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void eachModificationSeesWhatTheOnesBeforeDid() throws LDAPException {
        assertThat(modify(new Modification(ADD, "gecos", "one"), new Modification(ADD, "gecos", "two"))).isEqualTo(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS);
        assertThat(modify(new Modification(ADD, "gecos", "one"), new Modification(DELETE, "gecos", "one"), new Modification(ADD, "gecos", "two")))
                .isEqualTo(ResultCode.SUCCESS);
        assertThat(value("gecos")).isEqualTo("two");
        assertThat(modify(new Modification(DELETE, "gecos"), new Modification(DELETE, "gecos"))).isEqualTo(ResultCode.NO_SUCH_ATTRIBUTE);
        assertThat(modify(new Modification(REPLACE, "gecos", "three"), new Modification(DELETE, "gecos", "two"))).isEqualTo(ResultCode.NO_SUCH_ATTRIBUTE);
        assertThat(value("gecos")).isEqualTo("two");
    }

    @Test
    void addingNoValueIsAProtocolError() {
        for (var attribute : List.of("loginShell", "gecos", "sshPublicKey")) {
            assertThat(modify(new Modification(ADD, attribute))).as(attribute).isEqualTo(ResultCode.PROTOCOL_ERROR);
        }
    }

    @Test
    void allModificationsTakeEffectOrNone() throws LDAPException {
        var before = row();
        for (var bad : List.of(new Modification(REPLACE, "userPassword", "short"), new Modification(ADD, "sshPublicKey", "garbage"),
                new Modification(REPLACE, "uidNumber", "0"), new Modification(REPLACE, "noSuchAttribute", "x"), new Modification(DELETE, "gecos"),
                new Modification(REPLACE, "gecos", "a:b"))) {
            assertThat(modify(new Modification(REPLACE, "loginShell", "/bin/zsh"), bad)).isNotEqualTo(ResultCode.SUCCESS);
            assertThat(modify(bad, new Modification(REPLACE, "loginShell", "/bin/zsh"))).isNotEqualTo(ResultCode.SUCCESS);
        }
        assertThat(row()).isEqualTo(before);

        assertThat(modify(new Modification(REPLACE, "loginShell", "/bin/zsh"), new Modification(ADD, "gecos", "Room 1"),
                new Modification(ADD, "sshPublicKey", key(1, "")), new Modification(REPLACE, "userPassword", NEW),
                new Modification(REPLACE, "shadowLastChange", today()))).isEqualTo(ResultCode.SUCCESS);
        assertThat(value("loginShell") + value("gecos") + values("sshPublicKey").size()).isEqualTo("/bin/zshRoom 11");
        assertThat(binds(NEW)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "uid, INSUFFICIENT_ACCESS_RIGHTS", "uidNumber, INSUFFICIENT_ACCESS_RIGHTS", "gidNumber, INSUFFICIENT_ACCESS_RIGHTS",
        "homeDirectory, INSUFFICIENT_ACCESS_RIGHTS", "mail, INSUFFICIENT_ACCESS_RIGHTS", "cn, INSUFFICIENT_ACCESS_RIGHTS",
        "objectClass, INSUFFICIENT_ACCESS_RIGHTS", "description, INSUFFICIENT_ACCESS_RIGHTS",
        "memberOf, CONSTRAINT_VIOLATION", "entryUUID, CONSTRAINT_VIOLATION", "modifyTimestamp, CONSTRAINT_VIOLATION", "entryUSN, CONSTRAINT_VIOLATION",
        "noSuchAttribute, UNDEFINED_ATTRIBUTE_TYPE", "sshPublicKey;x-option, UNDEFINED_ATTRIBUTE_TYPE"})
    void otherAttributesAreRefused(String attribute, String expected) throws ReflectiveOperationException {
        var code = (ResultCode) ResultCode.class.getField(expected).get(null);
        for (var type : List.of(ADD, REPLACE)) {
            assertThat(modify(new Modification(type, attribute, "2001"))).isEqualTo(code);
        }
        assertThat(modify(new Modification(DELETE, attribute))).isEqualTo(code);
    }

    @Test
    void shadowLastChangeIsTakenIfItIsTrue() {
        assertThat(modify(new Modification(REPLACE, "shadowLastChange", today()))).isEqualTo(ResultCode.SUCCESS);
        assertThat(modify(new Modification(REPLACE, "shadowLastChange", "1"))).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
        assertThat(modify(new Modification(REPLACE, "shadowLastChange", "99999"))).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
        assertThat(modify(new Modification(DELETE, "shadowLastChange"))).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
        assertThat(modify(new Modification(REPLACE, "shadowLastChange", "x"))).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
    }

    @Test
    void entriesOfOthersAreRefused() throws LDAPException {
        try (var service = server.ldap(); var administrator = server.ldapAsAdministrator()) {
            service.bind(sssd, OLD);
            var shell = new Modification(REPLACE, "loginShell", "/bin/zsh");
            var password = new Modification(REPLACE, "userPassword", NEW);
            for (var modification : List.of(shell, password)) {
                assertThat(modify(alice, BOB, modification)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
                assertThat(modify(service, ALICE, modification)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
                assertThat(modify(service, sssd, modification)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
                assertThat(modify(alice, "cn=ldapusers,ou=groups," + BASE, modification)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
                assertThat(modify(alice, "uid=nobody,ou=people," + BASE, modification)).isEqualTo(ResultCode.NO_SUCH_OBJECT);
                assertThat(modify(alice, "not a name", modification)).isEqualTo(ResultCode.INVALID_DN_SYNTAX);
                assertThat(modify(administrator, "cn=ldapusers,ou=groups," + BASE, modification)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
                assertThat(modify(administrator, sssd, modification)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            }
            assertThat(modify(administrator, BOB, shell)).isEqualTo(ResultCode.SUCCESS);
            assertThat(modify(administrator, BOB, password)).isEqualTo(ResultCode.SUCCESS);
            assertThat(alice.getEntry(BOB, "loginShell").getAttributeValue("loginShell")).isEqualTo("/bin/zsh");
            server.ldapAs("bob", NEW).close();
        }
    }

    @Test
    void assertionDecidesWhetherItHappens() throws LDAPException {
        var request = new ModifyRequest(ALICE, new Modification(REPLACE, "loginShell", "/bin/zsh"));
        request.addControl(new AssertionRequestControl("(loginShell=/bin/sh)"));
        assertThat(catchThrowableOfType(LDAPException.class, () -> alice.modify(request)).getResultCode()).isEqualTo(ResultCode.ASSERTION_FAILED);
        assertThat(value("loginShell")).isEqualTo("/bin/bash");
        request.setControls(new AssertionRequestControl("(loginShell=/bin/bash)"));
        assertThat(alice.modify(request).getResultCode()).isEqualTo(ResultCode.SUCCESS);
        assertThat(value("loginShell")).isEqualTo("/bin/zsh");
    }

    @Test
    void changeIsAuditedWithItsActor() {
        assertThat(modify(new Modification(REPLACE, "loginShell", "/bin/zsh"))).isEqualTo(ResultCode.SUCCESS);
        var event = server.sql().withHandle(handle -> handle.createQuery(
                "select actor || ' ' || address || ' ' || action from audit_events where target = 'user:alice' order by id desc limit 1")
                .mapTo(String.class).one());
        assertThat(event).matches("alice (127\\.0\\.0\\.1|[0:]+1) identity\\.user\\.modified");
    }

    @Test
    void entriesAreNotAddedDeletedOrRenamedHere() throws LDAPException {
        try (var administrator = server.ldapAsAdministrator(); var nobody = server.ldap()) {
            for (var connection : List.of(alice, administrator, nobody)) {
                for (var refusal : List.of(
                        catchThrowableOfType(LDAPException.class, () -> connection.add("uid=new,ou=people," + BASE, new Attribute("objectClass", "top"))),
                        catchThrowableOfType(LDAPException.class, () -> connection.delete(BOB)),
                        catchThrowableOfType(LDAPException.class, () -> connection.modifyDN(BOB, "uid=robert", true)))) {
                    assertThat(refusal.getResultCode()).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
                }
            }
            assertThat(administrator.getEntry(BOB)).isNotNull();
        }
    }

    private ResultCode modify(Modification... modifications) {
        return modify(alice, ALICE, modifications);
    }

    private static ResultCode modify(LDAPConnection connection, String dn, Modification... modifications) {
        var refusal = catchThrowableOfType(LDAPException.class, () -> connection.modify(dn, modifications));
        return refusal == null ? ResultCode.SUCCESS : refusal.getResultCode();
    }

    private LDAPResult refusal(Modification... modifications) {
        return catchThrowableOfType(LDAPException.class, () -> alice.modify(ALICE, modifications)).toLDAPResult();
    }

    private String value(String attribute) throws LDAPException {
        return alice.getEntry(ALICE, attribute).getAttributeValue(attribute);
    }

    private List<String> values(String attribute) throws LDAPException {
        var values = alice.getEntry(ALICE, attribute).getAttributeValues(attribute);
        return values == null ? List.of() : Arrays.asList(values);
    }

    private static boolean binds(String password) throws LDAPException {
        try (var connection = server.ldap()) {
            return catchThrowableOfType(LDAPException.class, () -> connection.bind(ALICE, password)) == null;
        }
    }

    private static String row() {
        return server.sql().withHandle(handle -> handle.createQuery("""
                select users::text || array(select ssh_keys::text from ssh_keys where ssh_keys.uid_number = users.uid_number)::text
                from users where username = 'alice'
                """).mapTo(String.class).one());
    }

    private static String today() {
        return Long.toString(LocalDate.now(ZoneOffset.UTC).toEpochDay());
    }

    /** An ssh-ed25519 key of one's choice. */
    private static String key(int seed, String comment) {
        var point = new byte[32];
        new Random(seed).nextBytes(point);
        var blob = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(blob)) {
            out.writeInt("ssh-ed25519".length());
            out.write("ssh-ed25519".getBytes(StandardCharsets.US_ASCII));
            out.writeInt(point.length);
            out.write(point);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ("ssh-ed25519 " + Base64.getEncoder().encodeToString(blob.toByteArray()) + " " + comment).strip();
    }
}
