package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import io.gatehouse.testing.Totp;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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
        server = node(database);
        other = node(database);
        rows = new DirectoryRows(server);
        nodes = List.of(server, other);
    }

    /** Of which nobody is locked out. */
    private static GatehouseServer node(TestPostgres.TestDatabase database) {
        return GatehouseServer.with("gatehouse.master-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
                .with("gatehouse.login.free-attempts", 9_999).with("gatehouse.login.lock-after", 10_000).on(database).start();
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
                "insert into memberships select uid_number, g.gid_number from users, groups g where username = 'mary' and g.cn = 'lab'",
                "update users set login_shell = '/bin/sh' where username = 'mary'",
                "insert into app_passwords (uid_number, name, secret_hash)"
                        + " select uid_number, 'mail', sha256('x') from users where username = 'mary'",
                "update app_passwords set expires_at = now()",
                "delete from app_passwords")) {
            warm("mary");
            rows.sql(change);
            settle();
            for (var node : nodes) {
                assertThat(hitsOf(node, "mary", 1)).as(change).isZero();
            }
        }
    }

    @Test
    void isNotRememberedFromBeforeASecondFactorNorWhileThereIsOne() throws LDAPException {
        rows.person("rosalind");
        settle();
        warm("rosalind");
        var client = ApiClient.user(server, "rosalind", DirectoryRows.PASSWORD);
        var secret = client.post("/me/totp", null).textAt("secret");
        assertThat(client.post("/me/totp/confirm", "{\"code\": \"" + Totp.code(secret, -1) + "\"}").status()).isEqualTo(200);
        settle();
        for (var node : nodes) {
            refuse(node, "rosalind", DirectoryRows.PASSWORD);
        }
        double before = hits(server);
        server.ldapAs("rosalind", DirectoryRows.PASSWORD + Totp.code(secret, 0)).close();
        assertThat(hits(server)).isEqualTo(before);
        refuse(server, "rosalind", DirectoryRows.PASSWORD);
        refuse(server, "rosalind", DirectoryRows.PASSWORD + "000000");

        assertThat(server.send("DELETE", "/api/v1/users/rosalind/second-factor", null).statusCode()).isEqualTo(204);
        settle();
        for (var node : nodes) {
            assertThat(hitsOf(node, "rosalind", 1)).isZero();
        }
    }

    @Test
    void isRefusedFromTheChangeOnThoughBindsStormMeanwhile() throws Exception {
        rows.person("lise");
        settle();
        var password = DirectoryRows.PASSWORD;
        for (int change = 1; change <= 4; change++) {
            var old = password;
            var next = "heavy water " + change;
            var changed = List.of(new AtomicBoolean(), new AtomicBoolean());
            var started = new CountDownLatch(6);
            AtOnce.call(7, caller -> {
                if (caller == 6) {
                    replacePassword("lise", next, started, changed);
                } else {
                    storm(nodes.get(caller % 2), "lise", old, started, changed.get(caller % 2));
                }
                return null;
            });
            for (var node : nodes) {
                node.ldapAs("lise", next).close();
            }
            password = next;
        }
    }

    private static void replacePassword(String username, String password, CountDownLatch started, List<AtomicBoolean> changed) {
        try {
            started.await();
            var answer = server.send("PUT", "/api/v1/users/" + username + "/password", "{\"password\": \"" + password + "\"}");
            assertThat(answer.statusCode()).isEqualTo(204);
            changed.get(0).set(true);
            settle();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            changed.forEach(flag -> flag.set(true));
        }
    }

    /** Binds on and on with what is right in the beginning, and some times more once the node must know better. */
    private static void storm(GatehouseServer node, String username, String password, CountDownLatch started, AtomicBoolean changed) {
        for (int after = 0; after < 3;) {
            boolean late = changed.get();
            boolean accepted = accepts(node, username, password);
            started.countDown();
            if (late) {
                assertThat(accepted).isFalse();
                after++;
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

    private static boolean accepts(GatehouseServer node, String username, String password) {
        try {
            node.ldapAs(username, password).close();
            return true;
        } catch (LDAPException e) {
            assertThat(e.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            return false;
        }
    }

    private static void refuse(GatehouseServer node, String username, String password) {
        assertThat(accepts(node, username, password)).isFalse();
    }
}
