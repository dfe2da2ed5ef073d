package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database stops under a running server and comes back. */
class DatabaseGoneIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String ALICE = "uid=alice,ou=people," + BASE;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void readsAndBindsGoOnWritesAreUnavailableAndAllRecovers() throws Exception {
        var postgres = postgres(0);
        int port = postgres.getPort();
        var superuser = new TestPostgres.Login("postgres", "postgres");
        var database = new TestPostgres.TestDatabase("jdbc:postgresql://127.0.0.1:" + port + "/postgres", superuser, superuser, superuser);
        try (var server = new GatehouseServer.Builder().on(database).start()) {
            var rows = new DirectoryRows(server);
            rows.person("alice", "sysadmins");
            rows.person("bob");
            try (var alice = server.ldapAs("alice", DirectoryRows.PASSWORD)) {
                postgres.close();

                assertThat(alice.search(BASE, SearchScope.SUB, "(uid=*)").getEntryCount()).isEqualTo(3);
                server.ldapAs("bob", DirectoryRows.PASSWORD).close();
                assertThat(catchThrowableOfType(LDAPException.class, () -> server.ldapAs("bob", "wrong")).getResultCode())
                        .isEqualTo(ResultCode.INVALID_CREDENTIALS);
                assertThat(modifyShell(alice)).isEqualTo(ResultCode.UNAVAILABLE);
                assertThat(catchThrowableOfType(LDAPException.class, () -> alice.processExtendedOperation(
                        new PasswordModifyExtendedRequest(ALICE, DirectoryRows.PASSWORD, "quite another one"))).getResultCode())
                        .isEqualTo(ResultCode.UNAVAILABLE);
                assertThat(alice.getEntry(ALICE, "loginShell").getAttributeValue("loginShell")).as("still bound").isEqualTo("/bin/bash");

                postgres = postgres(port);
                try (var connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "postgres");
                     var statement = connection.createStatement()) {
                    statement.execute("update users set status = 'suspended' where username = 'bob'");
                }
                until(() -> alice.search(BASE, SearchScope.SUB, "(uid=bob)").getEntryCount() == 0);
                until(() -> modifyShell(alice) == ResultCode.SUCCESS);
                assertThat(alice.getEntry(ALICE, "loginShell").getAttributeValue("loginShell")).isEqualTo("/bin/zsh");
                rows.person("carol");
                assertThat(alice.search(BASE, SearchScope.SUB, "(uid=carol)").getEntryCount()).isEqualTo(1);
                server.ldapAs("carol", DirectoryRows.PASSWORD).close();
            }
        } finally {
            postgres.close();
        }
    }

    private EmbeddedPostgres postgres(int port) throws IOException {
        return EmbeddedPostgres.builder().setPort(port).setDataDirectory(folder.resolve("data")).setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.resolve("binaries").toFile()).start();
    }

    private static ResultCode modifyShell(LDAPConnection connection) {
        var refusal = catchThrowableOfType(LDAPException.class,
                () -> connection.modify(ALICE, new Modification(ModificationType.REPLACE, "loginShell", "/bin/zsh")));
        return refusal == null ? ResultCode.SUCCESS : refusal.getResultCode();
    }

    private static void until(Callable<Boolean> reached) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!reached.call()) {
            assertThat(System.nanoTime()).as("reached in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
