package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.ANONYMOUSBindRequest;
import com.unboundid.ldap.sdk.AsyncRequestID;
import com.unboundid.ldap.sdk.AsyncSearchResultListener;
import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.BindResult;
import com.unboundid.ldap.sdk.CRAMMD5BindRequest;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.EXTERNALBindRequest;
import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.GenericSASLBindRequest;
import com.unboundid.ldap.sdk.LDAPBindException;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.PLAINBindRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10RequestControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import com.unboundid.ldap.sdk.extensions.CancelExtendedRequest;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedResult;
import de.mkammerer.argon2.Argon2Factory;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may bind and how, what a bound connection is worth, and the operations around it. */
class BindIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String ALICE = "uid=alice,ou=people," + BASE;

    private static GatehouseServer server;
    private static DirectoryRows rows;
    private static String sssd;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.login.delay", "1ms").with("gatehouse.login.max-delay", "1ms").start();
        rows = new DirectoryRows(server);
        rows.person("alice");
        rows.person("bob");
        rows.person("suspended");
        rows.suspend("suspended");
        rows.person("pending");
        rows.sql("update users set status = 'pending' where username = 'pending'");
        rows.person("keyonly");
        rows.sql("update users set password_hash = null, password_changed_at = null where username = 'keyonly'");
        sssd = rows.serviceAccount("sssd");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            uid=alice,ou=people,dc=cluster,dc=internal;    uid=alice,ou=people,dc=cluster,dc=internal
            UID=ALICE, OU=People, DC=Cluster, DC=internal; uid=alice,ou=people,dc=cluster,dc=internal
            userid=alice,2.5.4.11=people,dc=cluster,dc=internal; uid=alice,ou=people,dc=cluster,dc=internal
            uid=alice,dc=cluster,dc=internal;              uid=alice,ou=people,dc=cluster,dc=internal
            UID=Alice,DC=cluster,DC=internal;              uid=alice,ou=people,dc=cluster,dc=internal
            cn=sssd,ou=services,dc=cluster,dc=internal;    cn=sssd,ou=services,dc=cluster,dc=internal
            CN=SSSD,OU=services,dc=cluster,dc=internal;    cn=sssd,ou=services,dc=cluster,dc=internal
            """)
    void bindsByEverySpellingOfTheNameAndByTheFlatOne(String dn, String identity) throws LDAPException {
        try (var connection = server.ldap()) {
            connection.bind(dn, DirectoryRows.PASSWORD);
            assertThat(whoAmI(connection)).isEqualTo("dn:" + identity);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "uid=nobody,ou=people,dc=cluster,dc=internal", "uid=nobody,dc=cluster,dc=internal", "uid=suspended,ou=people,dc=cluster,dc=internal",
        "uid=pending,ou=people,dc=cluster,dc=internal", "uid=keyonly,ou=people,dc=cluster,dc=internal", "uid=suspended,dc=cluster,dc=internal",
        "cn=nobody,ou=services,dc=cluster,dc=internal", "cn=sssd,dc=cluster,dc=internal", "cn=alice,ou=people,dc=cluster,dc=internal",
        "cn=ldapusers,ou=groups,dc=cluster,dc=internal", "ou=people,dc=cluster,dc=internal", "dc=cluster,dc=internal", "dc=elsewhere", "",
        "uid=alice,ou=groups,dc=cluster,dc=internal", "uid=alice+cn=Alice,ou=people,dc=cluster,dc=internal"})
    void everyOtherNameIsAnsweredLikeAWrongPassword(String dn) throws LDAPException {
        var wrongPassword = refusal(new SimpleBindRequest(ALICE, "wrong"));
        var refusal = refusal(new SimpleBindRequest(dn, DirectoryRows.PASSWORD));

        assertThat(refusal.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(refusal.getDiagnosticMessage()).isEqualTo(wrongPassword.getDiagnosticMessage());
        assertThat(refusal.getMatchedDN()).isNull();
        assertThat(refusal.getResponseControls()).isEmpty();
    }

    @Test
    void nameThatIsNoneIsRefusedAsSuch() {
        assertThat(refusal(new SimpleBindRequest("alice", DirectoryRows.PASSWORD)).getResultCode()).isEqualTo(ResultCode.INVALID_DN_SYNTAX);
    }

    @Test
    void nameWithoutPasswordIsRefused() throws LDAPException {
        try (var connection = server.ldap()) {
            connection.getConnectionOptions().setBindWithDNRequiresPassword(false);
            for (var dn : List.of(ALICE, "uid=nobody,ou=people," + BASE, sssd)) {
                var refusal = catchThrowableOfType(LDAPException.class, () -> connection.bind(dn, ""));
                assertThat(refusal.getResultCode()).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
                assertThat(whoAmI(connection)).isEmpty();
            }
        }
    }

    @Test
    void bindOfNobodyIsAnonymous() throws LDAPException {
        try (var connection = bound()) {
            connection.bind("", "");
            assertThat(whoAmI(connection)).isEmpty();
            assertThat(code(() -> connection.search(BASE, SearchScope.BASE, "(objectClass=*)"))).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
        }
    }

    @Test
    void failedBindEndsTheEarlierOne() throws LDAPException {
        try (var connection = bound()) {
            assertThat(code(() -> connection.bind(ALICE, "wrong"))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(whoAmI(connection)).isEmpty();
            connection.bind("uid=bob,ou=people," + BASE, DirectoryRows.PASSWORD);
            assertThat(whoAmI(connection)).isEqualTo("dn:uid=bob,ou=people," + BASE);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", textBlock = """
            alice; -
            ALICE; -
            u:alice; -
            dn:uid=alice,ou=people,dc=cluster,dc=internal; -
            uid=alice,ou=people,dc=cluster,dc=internal; -
            dn:uid=alice,dc=cluster,dc=internal; -
            alice; alice
            alice; u:alice
            alice; u:ALICE
            alice; dn:uid=alice,ou=people,dc=cluster,dc=internal
            dn:uid=alice,ou=people,dc=cluster,dc=internal; dn:UID=alice, ou=people,dc=cluster,dc=internal
            """)
    void saslPlainTakesNamesAndDns(String authentication, String authorization) throws LDAPException {
        try (var connection = server.ldap()) {
            connection.bind(new PLAINBindRequest(authentication, authorization, DirectoryRows.PASSWORD));
            assertThat(whoAmI(connection)).isEqualTo("dn:" + ALICE);
        }
    }

    @Test
    void saslPlainWorksForServiceAccountsByTheirDn() throws LDAPException {
        try (var connection = server.ldap()) {
            connection.bind(new PLAINBindRequest("dn:" + sssd, DirectoryRows.PASSWORD));
            assertThat(whoAmI(connection)).isEqualTo("dn:" + sssd);
        }
    }

    @Test
    void saslPlainRefusesOthersAndWrongOnes() {
        for (var request : List.of(new PLAINBindRequest("alice", "wrong"), new PLAINBindRequest("nobody", DirectoryRows.PASSWORD),
                new PLAINBindRequest("suspended", DirectoryRows.PASSWORD), new PLAINBindRequest("alice", "bob", DirectoryRows.PASSWORD),
                new PLAINBindRequest("alice", "dn:uid=nobody,ou=people," + BASE, DirectoryRows.PASSWORD),
                new PLAINBindRequest("sssd", DirectoryRows.PASSWORD))) {
            assertThat(refusal(request).getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }
        for (var credentials : List.of("", "alice", "\0alice", "\0alice\0", "\0\0")) {
            assertThat(refusal(new GenericSASLBindRequest(null, "PLAIN", new com.unboundid.asn1.ASN1OctetString(credentials))).getResultCode())
                    .isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }
        assertThat(refusal(new GenericSASLBindRequest(null, "PLAIN", null)).getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }

    @Test
    void otherSaslMechanismsAreNotSupported() {
        for (var request : List.of(new CRAMMD5BindRequest("u:alice", DirectoryRows.PASSWORD), new ANONYMOUSBindRequest(), new EXTERNALBindRequest(),
                new GenericSASLBindRequest(null, "GSSAPI", null))) {
            assertThat(refusal(request).getResultCode()).isEqualTo(ResultCode.AUTH_METHOD_NOT_SUPPORTED);
        }
    }

    @Test
    void passwordPolicyControlIsAnsweredWhenItWasSent() throws LDAPException {
        try (var connection = server.ldap()) {
            var with = connection.bind(new SimpleBindRequest(ALICE, DirectoryRows.PASSWORD, new DraftBeheraLDAPPasswordPolicy10RequestControl()));
            var control = DraftBeheraLDAPPasswordPolicy10ResponseControl.get(with);
            assertThat(control).isNotNull();
            assertThat(control.getErrorType()).isNull();
            assertThat(control.getWarningType()).isNull();
            assertThat(connection.bind(ALICE, DirectoryRows.PASSWORD).getResponseControls()).isEmpty();
        }
    }

    @Test
    void repeatedFailuresLockTheAccountUnderAllItsNamesAndAreAudited() throws LDAPException, InterruptedException {
        rows.person("mallory");
        var dn = "uid=mallory,ou=people," + BASE;
        var flat = "uid=Mallory," + BASE;
        for (int i = 0; i < 20; i++) {
            assertThat(refusal(i % 2 == 0 ? new SimpleBindRequest(dn, "wrong" + i) : new SimpleBindRequest(flat, "wrong" + i)).getResultCode())
                    .isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }

        for (BindRequest request : List.of(
                new SimpleBindRequest(dn, DirectoryRows.PASSWORD, new DraftBeheraLDAPPasswordPolicy10RequestControl()),
                new SimpleBindRequest(flat, DirectoryRows.PASSWORD, new DraftBeheraLDAPPasswordPolicy10RequestControl()))) {
            var locked = refusal(request);
            assertThat(locked.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(DraftBeheraLDAPPasswordPolicy10ResponseControl.get(new BindResult(locked)).getErrorType())
                    .isEqualTo(DraftBeheraLDAPPasswordPolicy10ErrorType.ACCOUNT_LOCKED);
        }
        assertThat(refusal(new PLAINBindRequest("mallory", DirectoryRows.PASSWORD)).getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(refusal(new SimpleBindRequest(dn, DirectoryRows.PASSWORD)).getResponseControls()).as("not asked for").isEmpty();
        bound().close();
        until(() -> server.sql().withHandle(handle -> handle.createQuery(
                "select count(*) from audit_events where action = 'auth.login.locked' and target like '%mallory' and outcome = 'failure'")
                .mapTo(Integer.class).one()) == 1);
    }

    @Test
    void namesThatDoNotExistAreLockedAlike() {
        var dn = "uid=phantom,ou=people," + BASE;
        for (int i = 0; i < 20; i++) {
            refusal(new SimpleBindRequest(dn, "wrong"));
        }
        for (var spelling : List.of(dn, "UID=Phantom,ou=people," + BASE, "uid=phantom," + BASE)) {
            var locked = refusal(new SimpleBindRequest(spelling, "wrong", new DraftBeheraLDAPPasswordPolicy10RequestControl()));
            assertThat(locked.getResponseControls()).as(spelling).hasSize(1);
        }
        assertThat(refusal(new PLAINBindRequest("phantom", null, "wrong", new Control[] {new DraftBeheraLDAPPasswordPolicy10RequestControl()}))
                .getResponseControls()).hasSize(1);
    }

    @Test
    void lockAnswersAPasswordModifyWithoutTheControlThatWasNotSent() throws LDAPException {
        rows.person("trudy");
        try (var connection = server.ldap()) {
            for (int i = 0; i < 20; i++) {
                refusal(new SimpleBindRequest("uid=trudy,ou=people," + BASE, "wrong"));
            }
            var answer = connection.processExtendedOperation(new PasswordModifyExtendedRequest(
                    "uid=trudy,ou=people," + BASE, DirectoryRows.PASSWORD, "a wholly different one"));
            assertThat(answer.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(answer.getResponseControls()).isEmpty();
        }
    }

    @Test
    void connectionEndsWhenItsAccountIsSuspendedDeletedRenamedOrGivenAnotherPassword() throws Exception {
        for (var change : List.of("update users set status = 'suspended' where username = 'eve'", "delete from users where username = 'eve'",
                "update users set username = 'evelyn' where username = 'eve'",
                "update users set password_changed_at = now() + interval '1s' where username = 'eve'")) {
            rows.person("eve");
            BlockingQueue<ExtendedResult> notices = new LinkedBlockingQueue<>();
            try (var connection = server.ldapAs("eve", DirectoryRows.PASSWORD)) {
                connection.getConnectionOptions().setUnsolicitedNotificationHandler((source, notice) -> notices.add(notice));
                connection.search(BASE, SearchScope.BASE, "(objectClass=*)");
                rows.sql(change);

                assertThat(code(() -> connection.search(BASE, SearchScope.BASE, "(objectClass=*)")))
                        .as(change).isIn(ResultCode.STRONG_AUTH_REQUIRED, ResultCode.SERVER_DOWN);
                var notice = notices.poll(10, TimeUnit.SECONDS);
                assertThat(notice).as("notice of disconnection").isNotNull();
                assertThat(notice.getOID()).isEqualTo("1.3.6.1.4.1.1466.20036");
                assertThat(notice.getResultCode()).isEqualTo(ResultCode.STRONG_AUTH_REQUIRED);
            }
            rows.sql("delete from users where username like 'eve%'");
        }
    }

    @Test
    void connectionEndsWhenItsServiceAccountIsRotatedOrDeletedAndMadeAgain() throws LDAPException {
        for (var change : List.of("update service_accounts set password_changed_at = now() + interval '1s' where name = 'rotated'",
                "delete from service_accounts where name = 'rotated'")) {
            var dn = rows.serviceAccount("rotated");
            try (var connection = server.ldap()) {
                connection.bind(dn, DirectoryRows.PASSWORD);
                rows.sql(change);
                rows.sql("delete from service_accounts where name = 'rotated'");
                rows.serviceAccount("rotated");
                assertThat(code(() -> connection.search(BASE, SearchScope.BASE, "(objectClass=*)")))
                        .isIn(ResultCode.STRONG_AUTH_REQUIRED, ResultCode.SERVER_DOWN);
            }
            rows.sql("delete from service_accounts where name = 'rotated'");
        }
    }

    @Test
    void otherChangesDoNotDisturbAConnection() throws LDAPException {
        try (var connection = bound()) {
            rows.sql("update users set gecos = 'moved' where username = 'alice'");
            rows.sql("delete from memberships using users u where u.uid_number = memberships.uid_number and username = 'alice'");
            assertThat(connection.getEntry(ALICE, "gecos").getAttributeValue("gecos")).isEqualTo("moved");
            rows.member("alice", "ldapusers");
        }
    }

    @Test
    void hashWithOldParametersIsRenewedWithoutDisturbingTheConnection() throws LDAPException, InterruptedException {
        rows.person("carol");
        rows.sql("update users set password_hash = ? where username = 'carol'",
                Argon2Factory.create(Argon2Factory.Argon2Types.ARGON2id).hash(2, 512, 1, DirectoryRows.PASSWORD.toCharArray()));
        try (var connection = server.ldapAs("carol", DirectoryRows.PASSWORD)) {
            until(() -> server.sql().withHandle(handle -> handle.createQuery(
                    "select password_hash like '%m=1024,t=1,p=1%' from users where username = 'carol'").mapTo(Boolean.class).one()));
            rows.sql("update users set gecos = 'seen' where username = 'carol'");
            assertThat(whoAmI(connection)).isEqualTo("dn:uid=carol,ou=people," + BASE);
            server.ldapAs("carol", DirectoryRows.PASSWORD).close();
        }
    }

    @Test
    void ldapsAndStartTlsSpeakTls12And13() throws Exception {
        try (var connection = new LDAPConnection(server.trustingCa(), "localhost", server.ldapsPort())) {
            connection.bind(ALICE, DirectoryRows.PASSWORD);
            assertThat(whoAmI(connection)).isEqualTo("dn:" + ALICE);
        }
        try (var connection = server.ldap()) {
            connection.processExtendedOperation(new StartTLSExtendedRequest(server.trustingCa()));
            connection.bind(ALICE, DirectoryRows.PASSWORD);
            assertThat(connection.getEntry(ALICE, "uid")).isNotNull();
        }
        for (var version : List.of("TLSv1.2", "TLSv1.3")) {
            try (var socket = (SSLSocket) server.trustingCa().createSocket("localhost", server.ldapsPort())) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            }
        }
    }

    @Test
    void startTlsIsTakenOnce() throws LDAPException {
        try (var connection = server.ldap()) {
            var result = connection.processExtendedOperation(new StartTLSExtendedRequest(server.trustingCa()));
            assertThat(result.getResultCode()).isEqualTo(ResultCode.SUCCESS);
            assertThat(result.getOID()).isIn(null, "1.3.6.1.4.1.1466.20037");
            assertThat(code(() -> connection.processExtendedOperation("1.3.6.1.4.1.1466.20037"))).isEqualTo(ResultCode.OPERATIONS_ERROR);
            assertThat(connection.getRootDSE()).as("goes on").isNotNull();
        }
        try (var connection = new LDAPConnection(server.trustingCa(), "localhost", server.ldapsPort())) {
            assertThat(code(() -> connection.processExtendedOperation("1.3.6.1.4.1.1466.20037"))).isEqualTo(ResultCode.OPERATIONS_ERROR);
        }
    }

    @Test
    void whoAmIOfNobodyIsEmpty() throws LDAPException {
        try (var connection = server.ldap()) {
            assertThat(whoAmI(connection)).isEmpty();
        }
    }

    @Test
    void extendedOperationThatIsUnknownIsAProtocolError() throws LDAPException {
        try (var connection = bound()) {
            assertThat(code(() -> connection.processExtendedOperation("1.2.3.4"))).isEqualTo(ResultCode.PROTOCOL_ERROR);
            assertThat(whoAmI(connection)).isEqualTo("dn:" + ALICE);
        }
    }

    @Test
    void cancelFindsNothingToCancelAndAbandonNothingToAnswer() throws LDAPException {
        try (var connection = bound()) {
            var id = connection.asyncSearch(new SearchRequest((AsyncSearchResultListener) new Ignoring(), BASE, SearchScope.SUB,
                    Filter.create("(uid=*)")));
            connection.abandon(id);
            assertThat(connection.processExtendedOperation(new CancelExtendedRequest(id)).getResultCode()).isEqualTo(ResultCode.NO_SUCH_OPERATION);
            assertThat(connection.search(BASE, SearchScope.SUB, "(uid=alice)").getEntryCount()).isEqualTo(1);
        }
    }

    private record Ignoring() implements AsyncSearchResultListener {

        @Override
        public void searchEntryReturned(SearchResultEntry entry) {
        }

        @Override
        public void searchReferenceReturned(SearchResultReference reference) {
        }

        @Override
        public void searchResultReceived(AsyncRequestID id, SearchResult result) {
        }
    }

    private static LDAPConnection bound() throws LDAPException {
        return server.ldapAs("alice", DirectoryRows.PASSWORD);
    }

    private static String whoAmI(LDAPConnection connection) throws LDAPException {
        return ((WhoAmIExtendedResult) connection.processExtendedOperation(new WhoAmIExtendedRequest())).getAuthorizationID();
    }

    private static LDAPException refusal(BindRequest request) {
        try (var connection = server.ldap()) {
            return catchThrowableOfType(LDAPBindException.class, () -> connection.bind(request));
        } catch (LDAPException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Operation {
        Object run() throws LDAPException;
    }

    private static ResultCode code(Operation operation) {
        var refusal = catchThrowableOfType(LDAPException.class, operation::run);
        return refusal == null ? ResultCode.SUCCESS : refusal.getResultCode();
    }

    /** For what the server does in the background and tells nobody. */
    private static void until(BooleanSupplier reached) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("reached in time").isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
