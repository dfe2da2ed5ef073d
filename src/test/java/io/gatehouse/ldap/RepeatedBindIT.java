package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A password that was right a moment ago is not hashed again, and not taken either once anything about the account has changed, on any node. */
class RepeatedBindIT {

    private static final String OTHER_PASSWORD = "nanoseconds of wire";

    private static GatehouseServer server;
    private static GatehouseServer other;
    private static DirectoryRows rows;
    private static List<GatehouseServer> nodes;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        var masterKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        server = GatehouseServer.with("gatehouse.login.delay", "0s").with("gatehouse.master-key", masterKey).on(database).start();
        other = GatehouseServer.with("gatehouse.login.delay", "0s").with("gatehouse.master-key", masterKey).on(database).start();
        rows = new DirectoryRows(server);
        nodes = List.of(server, other);
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
    }

    @Test
    void isNotHashedAgainOnTheNodeThatHasSeenIt() throws LDAPException {
        rows.person("grace");
        settle();
        for (var node : nodes) {
            assertThat(hitsOf(node, "grace", 1)).isZero();
            assertThat(hitsOf(node, "grace", 3)).isEqualTo(3);
        }
        refuse(server, "grace", "wrong");
        assertThat(hitsOf(server, "grace", 1)).isOne();
    }

    @Test
    void ofAServiceAccountIsNotHashedAgain() throws LDAPException {
        var dn = rows.serviceAccount("containers");
        new LDAPConnection("localhost", server.ldapPort(), dn, DirectoryRows.PASSWORD).close();
        double before = hits(server);
        new LDAPConnection("localhost", server.ldapPort(), dn, DirectoryRows.PASSWORD).close();
        assertThat(hits(server) - before).isOne();
    }

    @Test
    void withTheOldPasswordIsRefusedOnEachNodeOnceThereIsANewOne() throws LDAPException {
        rows.person("ada");
        settle();
        warm("ada");

        assertThat(server.send("PUT", "/api/v1/users/ada/password", """
                {"password": "%s"}""".formatted(OTHER_PASSWORD)).statusCode()).isEqualTo(204);
        refuse(server, "ada", DirectoryRows.PASSWORD);
        settle();
        refuse(other, "ada", DirectoryRows.PASSWORD);
        for (var node : nodes) {
            node.ldapAs("ada", OTHER_PASSWORD).close();
            node.ldapAs("ada", OTHER_PASSWORD).close();
            refuse(node, "ada", DirectoryRows.PASSWORD);
        }
    }

    @Test
    void isRefusedOnEachNodeOnceTheAccountIsSuspendedOrDeleted() throws LDAPException {
        rows.person("joan");
        settle();
        warm("joan");
        assertThat(server.send("POST", "/api/v1/users/joan/suspend", """
                {"reason": "left"}""").statusCode()).isEqualTo(200);
        refuse(server, "joan", DirectoryRows.PASSWORD);
        settle();
        refuse(other, "joan", DirectoryRows.PASSWORD);

        server.send("POST", "/api/v1/users/joan/activate", null);
        settle();
        warm("joan");
        assertThat(server.send("DELETE", "/api/v1/users/joan", null).statusCode()).isEqualTo(204);
        settle();
        for (var node : nodes) {
            refuse(node, "joan", DirectoryRows.PASSWORD);
        }
    }

    @Test
    void isHashedAgainAfterEveryOtherChangeOfTheAccount() throws LDAPException {
        rows.person("mary");
        rows.group("lab");
        settle();
        for (var change : List.of(
                "insert into ssh_keys (uid_number, fingerprint, type, key) select uid_number, 'SHA256:' || repeat('A', 43), 'ssh-ed25519', 'AAAA'"
                        + " from users where username = 'mary'",
                "delete from ssh_keys",
                "insert into memberships select uid_number, gid_number from users, groups where username = 'mary' and cn = 'lab'",
                "update users set login_shell = '/bin/sh' where username = 'mary'")) {
            warm("mary");
            rows.sql(change);
            settle();
            for (var node : nodes) {
                assertThat(hitsOf(node, "mary", 1)).as(change).isZero();
            }
        }
    }

    @Test
    void isHashedEachTimeWhenThatIsSwitchedOff() throws LDAPException {
        try (var without = GatehouseServer.with("gatehouse.bind-cache", "0").start()) {
            new DirectoryRows(without).person("grace");
            assertThat(hitsOf(without, "grace", 3)).isZero();
        }
    }

    /** Both nodes have seen what was committed. */
    private static void settle() {
        new DirectoryRows(other).write(handle -> { });
        rows.write(handle -> { });
    }

    private static void warm(String username) throws LDAPException {
        for (var node : nodes) {
            hitsOf(node, username, 1);
            assertThat(hitsOf(node, username, 1)).isOne();
        }
    }

    private static double hitsOf(GatehouseServer node, String username, int binds) throws LDAPException {
        double before = hits(node);
        for (int i = 0; i < binds; i++) {
            node.ldapAs(username, DirectoryRows.PASSWORD).close();
        }
        return hits(node) - before;
    }

    private static double hits(GatehouseServer node) {
        var line = node.send("GET", "/prometheus", null, null).body().lines().filter(text -> text.startsWith("gatehouse_bind_cache_hits_total ")).findFirst();
        return Double.parseDouble(line.orElseThrow().split(" ")[1]);
    }

    private static void refuse(GatehouseServer node, String username, String password) {
        var refusal = catchThrowableOfType(LDAPException.class, () -> node.ldapAs(username, password).close());
        assertThat(refusal.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }
}
