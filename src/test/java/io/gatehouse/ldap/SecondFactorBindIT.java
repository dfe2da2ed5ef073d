package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.PLAINBindRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import io.gatehouse.testing.Totp;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Binds of people who have a second factor, with it and with app passwords, on two nodes. */
class SecondFactorBindIT {

    private static final String PASSWORD = "the harvard mark one";
    private static final int CROWD = 50;

    private static GatehouseServer server;
    private static GatehouseServer other;
    private static ApiClient administrator;

    /** @param client a session that is still good */
    private record Person(GatehouseServer home, String username, String secret, ApiClient client) {

        String typed(int drift) {
            return PASSWORD + Totp.code(secret, drift);
        }

        String dn() {
            return "uid=" + username + ",ou=people," + home.baseDn();
        }

        Answer appPassword(String json) {
            var answer = client.post("/me/app-passwords", json);
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            return answer;
        }
    }

    @BeforeAll
    static void start() {
        server = patient().start();
        other = patient().on(server.database()).with("gatehouse.master-key-file", server.dataDirectory().resolve("master.key").toString()).start();
        administrator = ApiClient.administrator(server);
    }

    private static GatehouseServer.Builder patient() {
        return GatehouseServer.with("gatehouse.login.free-attempts", 500).with("gatehouse.login.lock-after", 1000);
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
    }

    private static Person plain(GatehouseServer node, String username) {
        new DirectoryAccounts(node).person(username, PASSWORD);
        return new Person(node, username, null, ApiClient.user(node, username, PASSWORD));
    }

    private static Person enrolled(String username) {
        return enrolled(server, username);
    }

    private static Person enrolled(GatehouseServer node, String username) {
        var client = plain(node, username).client();
        var secret = client.post("/me/totp", null).textAt("secret");
        assertThat(client.post("/me/totp/confirm", "{\"code\": \"" + Totp.code(secret, -1) + "\"}").status()).isEqualTo(200);
        return new Person(node, username, secret, client);
    }

    private static ResultCode bind(GatehouseServer node, String username, String password) {
        try (var connection = node.ldapAs(username, password)) {
            return ResultCode.SUCCESS;
        } catch (LDAPException e) {
            return e.getResultCode();
        }
    }

    private static ResultCode bind(String username, String password) {
        return bind(server, username, password);
    }

    private static void until(Callable<Boolean> reached) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!reached.call()) {
            assertThat(System.nanoTime()).as("reached in time").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private static ResultCode result(Callable<?> operation) throws Exception {
        try {
            operation.call();
            return ResultCode.SUCCESS;
        } catch (LDAPException e) {
            return e.getResultCode();
        }
    }

    @Test
    void takesThePasswordWithTheCodeBehindItOnce() throws Exception {
        var person = enrolled("both");

        assertThat(bind("both", PASSWORD)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind("both", Totp.code(person.secret(), 0))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind("both", PASSWORD + "000000")).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind("both", PASSWORD + "٠٠٠٠٠٠")).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind("both", Totp.code(person.secret(), 0) + PASSWORD)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind("both", "wrong" + Totp.code(person.secret(), 0))).as("uses nothing up").isEqualTo(ResultCode.INVALID_CREDENTIALS);
        var typed = person.typed(0);
        assertThat(bind("both", typed)).isEqualTo(ResultCode.SUCCESS);
        assertThat(bind("both", typed)).as("again").isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind(other, "both", typed)).as("again, elsewhere").isEqualTo(ResultCode.INVALID_CREDENTIALS);
        try (var plain = server.ldap()) {
            assertThat(plain.bind(new PLAINBindRequest("u:both", person.typed(1))).getResultCode()).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(bind("both", person.typed(3))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }

    @Test
    void aPasswordThatEndsInDigitsIsNoPasswordWithACode() {
        new DirectoryAccounts(server).person("digits", PASSWORD + "123456");
        assertThat(bind("digits", PASSWORD + "123456")).isEqualTo(ResultCode.SUCCESS);
        assertThat(bind("digits", PASSWORD)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }

    @Test
    void aCodeThatWasUsedOverHttpIsSpentAndTheOtherWayRound() {
        var person = enrolled("spent");
        var first = ApiClient.anonymous(other).login("spent", PASSWORD).textAt("challenge");
        var code = Totp.code(person.secret(), 0);
        assertThat(ApiClient.anonymous(other).post("/auth/login/second-factor", """
                {"challenge": "%s", "code": "%s"}""".formatted(first, code)).status()).isEqualTo(200);
        assertThat(bind("spent", PASSWORD + code)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }

    @Test
    void oneOfACrowdWithTheSameCodeIsLet() throws Exception {
        var typed = enrolled("throng").typed(1);
        until(() -> other.ldapAsAdministrator().search(other.baseDn(), SearchScope.SUB, "(uid=throng)").getEntryCount() == 1);

        var results = AtOnce.call(CROWD, i -> bind(i % 2 == 0 ? server : other, "throng", typed));

        assertThat(results).containsOnlyOnce(ResultCode.SUCCESS);
        assertThat(results.stream().filter(ResultCode.INVALID_CREDENTIALS::equals)).hasSize(CROWD - 1);
    }

    @Test
    void wrongCodesCountAsFailures() {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 2).with("gatehouse.login.lock-after", 3)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").start()) {
            var person = enrolled(strict, "guessed");
            for (int i = 0; i < 3; i++) {
                assertThat(bind(strict, "guessed", PASSWORD + "00000" + i)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            }
            assertThat(bind(strict, "guessed", person.typed(0))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(ApiClient.anonymous(strict).login("guessed", PASSWORD).status()).isEqualTo(429);
        }
    }

    @Test
    void endsConnectionsThatWereBoundWithoutIt() throws Exception {
        var person = plain(server, "before");
        try (var here = server.ldapAs("before", PASSWORD); var there = other.ldapAs("before", PASSWORD)) {
            var secret = person.client().post("/me/totp", null).textAt("secret");
            assertThat(person.client().post("/me/totp/confirm", "{\"code\": \"" + Totp.code(secret, 0) + "\"}").status()).isEqualTo(200);

            assertThat(result(() -> here.search(person.dn(), SearchScope.BASE, "(uid=*)"))).isNotEqualTo(ResultCode.SUCCESS);
            until(() -> result(() -> there.search(person.dn(), SearchScope.BASE, "(uid=*)")) != ResultCode.SUCCESS);
        }
    }

    @Test
    void anOldPasswordNeedsTheCodeUnlessTheConnectionBroughtIt() throws Exception {
        var person = enrolled("changes");
        try (var unbound = server.ldap()) {
            assertThat(change(unbound, person, PASSWORD, "quite another one")).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }
        try (var bound = server.ldapAs("changes", person.typed(0))) {
            assertThat(change(bound, person, "wrong", "quite another one")).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(change(bound, person, PASSWORD, "quite another one")).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(bind("changes", "quite another one" + Totp.code(person.secret(), 1))).isEqualTo(ResultCode.SUCCESS);
    }

    private static ResultCode change(LDAPConnection connection, Person person, String old, String wanted) throws LDAPException {
        return connection.processExtendedOperation(new PasswordModifyExtendedRequest(person.dn(), old, wanted)).getResultCode();
    }

    @Test
    void appPasswordsBindAndDoNothingElse() throws Exception {
        var person = enrolled("calendar");
        var made = person.appPassword("{\"name\": \"phone\"}");
        var password = made.textAt("password");

        assertThat(made.header("Cache-Control")).isEqualTo("no-store");
        assertThat(bind("calendar", password)).isEqualTo(ResultCode.SUCCESS);
        until(() -> bind(other, "calendar", password) == ResultCode.SUCCESS);
        assertThat(bind("calendar", password + Totp.code(person.secret(), 0))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind(GatehouseServer.ADMINISTRATOR, password)).as("of somebody else").isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(ApiClient.anonymous(server).login("calendar", password).status()).isEqualTo(401);
        assertThat(person.client().put("/users/calendar/password", """
                {"password": "quite another one", "currentPassword": "%s"}""".formatted(password)).status()).isEqualTo(422);
        assertThat(ApiClient.withToken(server, password).get("/me").status()).isEqualTo(401);
        try (var bound = server.ldapAs("calendar", password); var unbound = server.ldap()) {
            assertThat(bound.search(person.dn(), SearchScope.BASE, "(uid=*)").getEntryCount()).isEqualTo(1);
            assertThat(change(bound, person, null, "quite another one")).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            assertThat(change(bound, person, PASSWORD, "quite another one")).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            assertThat(change(unbound, person, password, "quite another one")).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(result(() -> bound.modify(person.dn(), new Modification(ModificationType.REPLACE, "loginShell", "/bin/zsh"))))
                    .isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
        }
        assertThat(person.client().get("/me/app-passwords").text()).doesNotContain(password);
        until(() -> "127.0.0.1".equals(person.client().get("/me/app-passwords").items().getFirst().get("lastUsedAddress")));
        assertThat(person.client().get("/me/app-passwords").items().getFirst().get("lastUsedAt")).isNotNull();
    }

    @Test
    void anAppPasswordIsVoidAtOnceWhenItIsDeleted() throws Exception {
        var person = plain(server, "revokes");
        var made = person.appPassword("{\"name\": \"phone\"}");
        var kept = person.appPassword("{\"name\": \"laptop\"}").textAt("password");
        until(() -> bind(other, "revokes", kept) == ResultCode.SUCCESS);
        try (var here = server.ldapAs("revokes", made.textAt("password")); var there = other.ldapAs("revokes", made.textAt("password"));
             var stays = server.ldapAs("revokes", kept)) {
            assertThat(person.client().delete("/me/app-passwords/" + made.textAt("id")).status()).isEqualTo(204);

            assertThat(bind("revokes", made.textAt("password"))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(result(() -> here.search(person.dn(), SearchScope.BASE, "(uid=*)"))).isNotEqualTo(ResultCode.SUCCESS);
            assertThat(stays.search(person.dn(), SearchScope.BASE, "(uid=*)").getEntryCount()).isEqualTo(1);
            until(() -> result(() -> there.search(person.dn(), SearchScope.BASE, "(uid=*)")) != ResultCode.SUCCESS);
            until(() -> bind(other, "revokes", made.textAt("password")) == ResultCode.INVALID_CREDENTIALS);
        }
        assertThat(person.client().delete("/me/app-passwords/" + made.textAt("id")).status()).isEqualTo(404);
    }

    @Test
    void anAppPasswordIsGoodInItsTimeAndNetworksOnly() throws Exception {
        var person = plain(server, "limits");
        assertThat(bind("limits", person.appPassword("{\"name\": \"far\", \"allowedNetworks\": [\"203.0.113.0/24\"]}").textAt("password")))
                .isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind("limits", person.appPassword("{\"name\": \"near\", \"allowedNetworks\": [\"203.0.113.0/24\", \"127.0.0.0/8\"]}")
                .textAt("password"))).isEqualTo(ResultCode.SUCCESS);
        var late = person.appPassword("{\"name\": \"late\", \"expiresAt\": \"%s\"}".formatted(Instant.now().plusSeconds(3600))).textAt("password");
        try (var bound = server.ldapAs("limits", late)) {
            server.sql().useHandle(handle -> handle.execute("update app_passwords set expires_at = now() where name = 'late'"));
            until(() -> bind("limits", late) == ResultCode.INVALID_CREDENTIALS);
            assertThat(result(() -> bound.search(person.dn(), SearchScope.BASE, "(uid=*)"))).isNotEqualTo(ResultCode.SUCCESS);
        }
        for (var wrong : Map.of("name", "{\"name\": \" \"}", "expiresAt", "{\"name\": \"x\", \"expiresAt\": \"2001-01-01T00:00:00Z\"}",
                "allowedNetworks", "{\"name\": \"x\", \"allowedNetworks\": [\"10.0.0.1/8\"]}").entrySet()) {
            assertThat(person.client().post("/me/app-passwords", wrong.getValue()).at("field")).isEqualTo(wrong.getKey());
        }
        assertThat(person.client().post("/me/app-passwords", "{\"name\": \"near\"}").status()).as("a name that is taken").isEqualTo(409);
    }

    @Test
    void suspensionHoldsAppPasswordsBackAndANewPasswordOrAResetVoidsThem() throws Exception {
        var person = enrolled("leaves");
        var first = person.appPassword("{\"name\": \"first\"}").textAt("password");
        administrator.post("/users/leaves/suspend", "{\"reason\": \"x\"}");
        assertThat(bind("leaves", first)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        administrator.post("/users/leaves/activate", null);
        assertThat(bind("leaves", first)).isEqualTo(ResultCode.SUCCESS);

        assertThat(administrator.delete("/users/leaves/second-factor").status()).isEqualTo(204);
        assertThat(bind("leaves", first)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind("leaves", PASSWORD)).isEqualTo(ResultCode.SUCCESS);

        var again = new Person(server, "leaves", null, ApiClient.user(server, "leaves", PASSWORD));
        var second = again.appPassword("{\"name\": \"second\"}").textAt("password");
        assertThat(bind("leaves", second)).isEqualTo(ResultCode.SUCCESS);
        assertThat(administrator.put("/users/leaves/password", "{\"password\": \"quite another one\"}").status()).isEqualTo(204);
        assertThat(bind("leaves", second)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }

    @Test
    void anAdministratorWhoMustHaveItChangesNobodyWithoutIt() throws Exception {
        try (var strict = GatehouseServer.start()) {
            new DirectoryAccounts(strict).person("other", PASSWORD);
            var admin = ApiClient.administrator(strict);
            assertThat(admin.put("/settings/second_factor_required_for_administrators", "{\"value\": \"true\"}").status()).isEqualTo(200);
            var victim = new Person(strict, "other", null, null);
            try (var bound = strict.ldapAsAdministrator()) {
                assertThat(change(bound, victim, null, "quite another one")).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
                assertThat(result(() -> bound.modify(victim.dn(), new Modification(ModificationType.REPLACE, "loginShell", "/bin/zsh"))))
                        .isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            }
        }
    }

    @Test
    void withoutTheDatabaseAppPasswordsGoOnAndSecondFactorsFailClosed(@TempDir Path folder) throws Exception {
        var postgres = EmbeddedPostgres.builder().setDataDirectory(folder.resolve("data"))
                .setOverrideWorkingDirectory(folder.resolve("binaries").toFile()).start();
        var superuser = new TestPostgres.Login("postgres", "postgres");
        var database = new TestPostgres.TestDatabase("jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres", superuser, superuser, superuser);
        try (var lone = new GatehouseServer.Builder().on(database).start()) {
            var person = enrolled(lone, "stranded");
            var password = person.appPassword("{\"name\": \"phone\"}").textAt("password");
            new DirectoryAccounts(lone).person("simple", PASSWORD);
            postgres.close();

            assertThat(bind(lone, "stranded", person.typed(0))).isEqualTo(ResultCode.UNAVAILABLE);
            assertThat(List.of(bind(lone, "stranded", PASSWORD), bind(lone, "stranded", "wrong" + Totp.code(person.secret(), 0))))
                    .as("tells nothing of the password").containsOnly(ResultCode.UNAVAILABLE);
            assertThat(bind(lone, "stranded", password)).isEqualTo(ResultCode.SUCCESS);
            assertThat(bind(lone, "simple", PASSWORD)).isEqualTo(ResultCode.SUCCESS);
        } finally {
            postgres.close();
        }
    }
}
