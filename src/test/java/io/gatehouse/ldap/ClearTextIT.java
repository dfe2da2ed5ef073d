package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.PLAINBindRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The defaults: no password travels without TLS. And a search that may take no time at all. */
class ClearTextIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String ALICE = "uid=alice,ou=people," + BASE;

    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.ldap.allow-cleartext-from-loopback", false)
                .with("gatehouse.ldap.search-time-limit", "1ns").start();
        var rows = new DirectoryRows(server);
        rows.person("alice", "sysadmins");
        rows.write(handle -> {
            for (int i = 0; i < 300; i++) {
                rows.insertPerson(handle, "p" + i);
            }
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void bindsInTheClearAreRefusedWhoeverItIs() throws LDAPException {
        try (var connection = server.ldap()) {
            for (BindRequest request : List.of(new SimpleBindRequest(ALICE, DirectoryRows.PASSWORD), new SimpleBindRequest(ALICE, "wrong"),
                    new SimpleBindRequest("uid=nobody,ou=people," + BASE, "x"), new PLAINBindRequest("alice", DirectoryRows.PASSWORD))) {
                assertThat(catchThrowableOfType(LDAPException.class, () -> connection.bind(request)).getResultCode())
                        .isEqualTo(ResultCode.CONFIDENTIALITY_REQUIRED);
            }
            connection.bind("", "");
            assertThat(connection.getRootDSE().getSupportedSASLMechanismNames()).isNullOrEmpty();
            assertThat(connection.getSchema()).isNotNull();
        }
    }

    @Test
    void passwordsAreNotChangedInTheClear() throws LDAPException {
        try (var connection = server.ldap()) {
            assertThat(connection.processExtendedOperation(new PasswordModifyExtendedRequest(ALICE, DirectoryRows.PASSWORD, "quite another one"))
                    .getResultCode()).isEqualTo(ResultCode.CONFIDENTIALITY_REQUIRED);
        }
        secure().close();
    }

    @Test
    void tlsMakesThemWelcome() throws LDAPException {
        try (var connection = server.ldap()) {
            connection.processExtendedOperation(new StartTLSExtendedRequest(server.trustingCa()));
            assertThat(connection.getRootDSE().getSupportedSASLMechanismNames()).containsExactly("PLAIN");
            connection.bind(new PLAINBindRequest("alice", DirectoryRows.PASSWORD));
            assertThat(connection.getEntry(ALICE, "uid")).isNotNull();
        }
    }

    @Test
    void searchEndsAtItsTimeLimit() throws LDAPException {
        try (var connection = secure()) {
            assertThat(connection.search(BASE, SearchScope.SUB, "(uid=p7)").getEntryCount()).as("looks at one entry").isEqualTo(1);
            var refusal = catchThrowableOfType(LDAPSearchException.class, () -> connection.search(BASE, SearchScope.SUB, "(uid=*)"));
            assertThat(refusal.getResultCode()).isEqualTo(ResultCode.TIME_LIMIT_EXCEEDED);
            assertThat(refusal.getEntryCount()).isLessThan(301);
        }
    }

    private static LDAPConnection secure() throws LDAPException {
        var connection = new LDAPConnection(server.trustingCa(), "localhost", server.ldapsPort());
        connection.bind(ALICE, DirectoryRows.PASSWORD);
        return connection;
    }
}
