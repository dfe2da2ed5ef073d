package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.ExtendedRequest;
import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10RequestControl;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedResult;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Password Modify (RFC 3062) in all its forms. */
class PasswordModifyIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String ALICE = "uid=alice,ou=people," + BASE;
    private static final String BOB = "uid=bob,ou=people," + BASE;
    private static final String OLD = DirectoryRows.PASSWORD;
    private static final String NEW = "quite another passphrase";
    private static final String WRONG = "not the old passphrase";

    private static GatehouseServer server;
    private static DirectoryRows rows;
    private static String sssd;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.login.delay", "1ms").with("gatehouse.login.max-delay", "1ms").start();
        rows = new DirectoryRows(server);
        sssd = rows.serviceAccount("sssd");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makePeople() {
        rows.person("alice");
        rows.person("bob");
    }

    @AfterEach
    void removePeople() {
        rows.sql("delete from users where username in ('alice', 'bob')");
    }

    @Test
    void personChangesTheOwnPasswordWithTheOldOne() throws LDAPException {
        try (var connection = server.ldapAs("alice", OLD); var elsewhere = server.ldapAs("alice", OLD)) {
            var before = row("alice");

            assertThat(modify(connection, ALICE, OLD, NEW)).isEqualTo(ResultCode.SUCCESS);

            assertThat(binds(ALICE, NEW)).isTrue();
            assertThat(binds(ALICE, OLD)).isFalse();
            assertThat(connection.getEntry(ALICE, "uid")).as("this connection goes on").isNotNull();
            assertThat(catchThrowableOfType(LDAPException.class, () -> elsewhere.search(BASE, SearchScope.BASE, "(objectClass=*)")))
                    .as("others of the same account end").isNotNull();
            assertThat(row("alice")).isNotEqualTo(before);
            assertThat(audited("alice")).contains("identity.user.password-changed by alice");
        }
    }

    @Test
    void personChangesTheOwnPasswordWithoutTheOldOne() throws LDAPException {
        try (var connection = server.ldapAs("alice", OLD)) {
            int count = 0;
            for (var identity : new String[] {null, ALICE, "u:alice", "alice", "dn:" + ALICE, "uid=alice," + BASE}) {
                var password = NEW + count++;
                assertThat(modify(connection, identity, null, password)).as(identity).isEqualTo(ResultCode.SUCCESS);
                assertThat(binds(ALICE, password)).isTrue();
                assertThat(connection.getEntry(ALICE, "uid")).isNotNull();
            }
        }
    }

    @Test
    void wrongOldPasswordChangesNothing() throws LDAPException {
        var before = row("alice");
        try (var own = server.ldapAs("alice", OLD); var nobody = server.ldap(); var administrator = server.ldapAsAdministrator()) {
            for (var connection : List.of(own, nobody, administrator)) {
                assertThat(modify(connection, ALICE, WRONG, NEW)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
                assertThat(modify(connection, ALICE, "", NEW)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            }
        }
        assertThat(row("alice")).isEqualTo(before);
    }

    @Test
    void nobodyChangesAPasswordByProvingTheOldOne() throws LDAPException {
        try (var connection = server.ldap()) {
            assertThat(modify(connection, ALICE, OLD, NEW)).isEqualTo(ResultCode.SUCCESS);
            assertThat(binds(ALICE, NEW)).isTrue();
            assertThat(modify(connection, "u:alice", NEW, OLD)).isEqualTo(ResultCode.SUCCESS);
            assertThat(binds(ALICE, OLD)).isTrue();
            assertThat(audited("alice")).contains("identity.user.password-changed by alice");
        }
    }

    @Test
    void connectionWhoseBindFailedMayProveTheOldPassword() throws LDAPException {
        try (var connection = server.ldap()) {
            assertThat(catchThrowableOfType(LDAPException.class, () -> connection.bind(ALICE, WRONG))).isNotNull();
            var request = new PasswordModifyExtendedRequest(ALICE, OLD, NEW, new Control[] {
                new DraftBeheraLDAPPasswordPolicy10RequestControl()});
            assertThat(connection.processExtendedOperation(request).getResultCode()).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(binds(ALICE, NEW)).isTrue();
    }

    @Test
    void nobodyWithoutTheOldPasswordIsRefusedWhetherTheAccountExistsOrNot() throws LDAPException {
        try (var connection = server.ldap()) {
            var existing = answer(connection, ALICE, null, NEW);
            var missing = answer(connection, "uid=nobody,ou=people," + BASE, null, NEW);
            assertThat(existing.getResultCode()).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS).isEqualTo(missing.getResultCode());
            assertThat(existing.getDiagnosticMessage()).isEqualTo(missing.getDiagnosticMessage());
            assertThat(modify(connection, "uid=nobody,ou=people," + BASE, WRONG, NEW)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(modify(connection, null, null, NEW)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
            assertThat(modify(connection, null, OLD, NEW)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        }
        assertThat(binds(ALICE, OLD)).isTrue();
    }

    @Test
    void administratorSetsThePasswordOfOthers() throws LDAPException {
        try (var administrator = server.ldapAsAdministrator()) {
            assertThat(modify(administrator, ALICE, null, NEW)).isEqualTo(ResultCode.SUCCESS);
            assertThat(binds(ALICE, NEW)).isTrue();
            assertThat(modify(administrator, "uid=nobody,ou=people," + BASE, null, NEW)).isEqualTo(ResultCode.NO_SUCH_OBJECT);
            assertThat(modify(administrator, "cn=ldapusers,ou=groups," + BASE, null, NEW)).isEqualTo(ResultCode.NO_SUCH_OBJECT);
            assertThat(audited("alice")).contains("identity.user.password-changed by " + GatehouseServer.ADMINISTRATOR);
        }
    }

    @Test
    void otherPeopleAndServiceAccountsAreRefused() throws LDAPException {
        try (var bob = server.ldapAs("bob", OLD); var service = server.ldap()) {
            service.bind(sssd, OLD);
            for (var connection : List.of(bob, service)) {
                assertThat(modify(connection, ALICE, null, NEW)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
                assertThat(modify(connection, "uid=nobody,ou=people," + BASE, null, NEW)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            }
        }
        assertThat(binds(ALICE, OLD)).isTrue();
    }

    @Test
    void passwordOfAServiceAccountIsNotChangedHere() throws LDAPException {
        try (var service = server.ldap(); var administrator = server.ldapAsAdministrator(); var nobody = server.ldap()) {
            service.bind(sssd, OLD);
            assertThat(modify(service, null, OLD, NEW)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
            assertThat(modify(service, sssd, null, NEW)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
            assertThat(modify(administrator, sssd, null, NEW)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
            assertThat(modify(nobody, sssd, OLD, NEW)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        }
        assertThat(binds(sssd, OLD)).isTrue();
    }

    @Test
    void passwordIsGeneratedWhenNoneIsGiven() throws LDAPException {
        try (var connection = server.ldapAs("alice", OLD); var administrator = server.ldapAsAdministrator(); var nobody = server.ldap()) {
            var own = generated(connection.processExtendedOperation(new ExtendedRequest(PasswordModifyExtendedRequest.PASSWORD_MODIFY_REQUEST_OID)));
            assertThat(binds(ALICE, own)).isTrue();
            var byAdministrator = generated(answer(administrator, ALICE, null, null));
            assertThat(binds(ALICE, byAdministrator)).isTrue();
            var byProof = generated(answer(nobody, ALICE, byAdministrator, null));
            assertThat(binds(ALICE, byProof)).isTrue();
            assertThat(List.of(own, byAdministrator, byProof)).doesNotHaveDuplicates().allMatch(password -> password.length() >= 12);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "", "password1234", "alice-alice-alice", "zero\0in the middle of it"})
    void passwordThatThePolicyRefusesChangesNothing(String password) throws LDAPException {
        var before = row("alice");
        try (var connection = server.ldapAs("alice", OLD); var administrator = server.ldapAsAdministrator(); var nobody = server.ldap()) {
            for (var answer : List.of(answer(connection, ALICE, OLD, password), answer(connection, null, null, password),
                    answer(administrator, ALICE, null, password), answer(nobody, ALICE, OLD, password))) {
                assertThat(answer.getResultCode()).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
                assertThat(answer.getDiagnosticMessage()).isNotBlank();
                if (!password.isEmpty()) {
                    assertThat(answer.getDiagnosticMessage()).doesNotContain(password);
                }
                assertThat(((PasswordModifyExtendedResult) answer).getGeneratedPassword()).isNull();
            }
            assertThat(connection.getEntry(ALICE, "uid")).as("still bound").isNotNull();
        }
        assertThat(row("alice")).isEqualTo(before);
    }

    @Test
    void valueThatIsNotAPasswordModifyRequestIsMalformed() throws LDAPException {
        try (var connection = server.ldapAs("alice", OLD)) {
            for (var value : List.of(new ASN1OctetString("x"), new ASN1OctetString(new byte[0]),
                    new ASN1OctetString(new ASN1Sequence(new ASN1OctetString((byte) 0x83, "x")).encode()),
                    new ASN1OctetString(new ASN1Sequence(new ASN1OctetString((byte) 0x82, new byte[] {(byte) 0xff, (byte) 0xfe})).encode()))) {
                assertThat(catchThrowableOfType(LDAPException.class, () -> connection.processExtendedOperation(
                        new ExtendedRequest(PasswordModifyExtendedRequest.PASSWORD_MODIFY_REQUEST_OID, value))).getResultCode())
                        .isEqualTo(ResultCode.PROTOCOL_ERROR);
            }
            assertThat(modify(connection, "uid=", null, NEW)).isIn(ResultCode.INVALID_DN_SYNTAX, ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
        }
        assertThat(binds(ALICE, OLD)).isTrue();
    }

    @Test
    void dateOfTheChangeShowsAtOnce() throws LDAPException {
        rows.sql("update users set password_changed_at = '2020-01-01T00:00:00Z' where username = 'alice'");
        try (var connection = server.ldapAs("alice", OLD)) {
            assertThat(connection.getEntry(ALICE, "shadowLastChange").getAttributeValue("shadowLastChange")).isEqualTo("18262");
            assertThat(modify(connection, null, null, NEW)).isEqualTo(ResultCode.SUCCESS);
            assertThat(connection.getEntry(ALICE, "shadowLastChange").getAttributeValue("shadowLastChange"))
                    .isEqualTo(Long.toString(LocalDate.now(ZoneOffset.UTC).toEpochDay()));
        }
    }

    private static ResultCode modify(LDAPConnection connection, String identity, String oldPassword, String newPassword) throws LDAPException {
        return answer(connection, identity, oldPassword, newPassword).getResultCode();
    }

    private static ExtendedResult answer(LDAPConnection connection, String identity, String oldPassword, String newPassword) throws LDAPException {
        return connection.processExtendedOperation(new PasswordModifyExtendedRequest(identity, oldPassword, newPassword));
    }

    private static String generated(ExtendedResult answer) throws LDAPException {
        assertThat(answer.getResultCode()).isEqualTo(ResultCode.SUCCESS);
        return new PasswordModifyExtendedResult(answer).getGeneratedPassword();
    }

    private static boolean binds(String dn, String password) throws LDAPException {
        try (var connection = server.ldap()) {
            return catchThrowableOfType(LDAPException.class, () -> connection.bind(dn, password)) == null;
        }
    }

    private static String row(String username) {
        return server.sql().withHandle(handle -> handle.createQuery("select users::text from users where username = ?").bind(0, username)
                .mapTo(String.class).one());
    }

    private static List<String> audited(String username) {
        return server.sql().withHandle(handle -> handle.createQuery(
                "select action || ' by ' || actor from audit_events where target = 'user:' || ?").bind(0, username).mapTo(String.class).list());
    }
}
