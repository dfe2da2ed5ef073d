package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.Totp;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where binds need a second factor, as groups and service accounts say, on two nodes. */
class SecondFactorPolicyIT {

    private static final String PASSWORD = "the harvard mark one";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static GatehouseServer server;
    private static GatehouseServer other;
    private static ApiClient administrator;
    private static DirectoryAccounts accounts;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.login.free-attempts", 500).with("gatehouse.login.lock-after", 1000).start();
        other = GatehouseServer.with("gatehouse.login.free-attempts", 500).with("gatehouse.login.lock-after", 1000).on(server.database())
                .with("gatehouse.master-key-file", server.dataDirectory().resolve("master.key").toString()).start();
        administrator = ApiClient.administrator(server);
        accounts = new DirectoryAccounts(server);
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
    }

    private static String named(String kind) {
        return kind + NUMBER.incrementAndGet();
    }

    private static String plain() {
        var username = named("plain");
        accounts.person(username, PASSWORD);
        return username;
    }

    /** @param secret of the authenticator */
    private record Enrolled(String username, String secret) {

        String typed(int drift) {
            return PASSWORD + Totp.code(secret, drift);
        }
    }

    private static Enrolled enrolled() {
        var username = plain();
        var client = ApiClient.user(server, username, PASSWORD);
        var secret = client.post("/me/totp", null).textAt("secret");
        assertThat(client.post("/me/totp/confirm", "{\"code\": \"" + Totp.code(secret, -1) + "\"}").status()).isEqualTo(200);
        return new Enrolled(username, secret);
    }

    private static String group(String policy, String... members) {
        var cn = named("group");
        assertThat(administrator.post("/groups", "{\"cn\": \"%s\", \"ldapSecondFactor\": \"%s\"}".formatted(cn, policy)).status()).isEqualTo(201);
        for (var member : members) {
            assertThat(administrator.put("/groups/" + cn + "/members/" + member, null).status()).isEqualTo(204);
        }
        return cn;
    }

    private static void setPolicy(String path, String json) {
        var answer = administrator.patch(path, "{\"ldapSecondFactor\": " + json + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static DirectoryAccounts.ServiceAccount service(String policy) {
        var account = accounts.service(named("gitea"));
        setPolicy(path(account), "\"" + policy + "\"");
        return account;
    }

    private static String path(DirectoryAccounts.ServiceAccount account) {
        return "/service-accounts/" + account.dn().substring(3, account.dn().indexOf(','));
    }

    private static String dn(String username) {
        return "uid=" + username + ",ou=people," + server.baseDn();
    }

    private static ResultCode bind(String username, String password) {
        return bind(server, username, password);
    }

    private static ResultCode bind(GatehouseServer node, String username, String password) {
        return result(() -> {
            try (var connection = node.ldapAs(username, password)) {
                return connection;
            }
        });
    }

    private static ResultCode result(Callable<?> operation) {
        try {
            operation.call();
            return ResultCode.SUCCESS;
        } catch (LDAPException e) {
            return e.getResultCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void until(Callable<Boolean> reached) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!reached.call()) {
            assertThat(System.nanoTime()).as("reached in time").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    @Test
    void whoMustHaveASecondFactorAndHasNoneIsRefusedOnceThePasswordIsRight() throws Exception {
        var username = plain();
        var cn = group("required", username);

        assertThatThrownBy(() -> server.ldapAs(username, "wrong")).isInstanceOfSatisfying(LDAPException.class, e ->
                assertThat(e.getDiagnosticMessage()).isEqualTo("Unknown name or wrong password."));
        assertThatThrownBy(() -> server.ldapAs(username, PASSWORD)).isInstanceOfSatisfying(LDAPException.class, e -> {
            assertThat(e.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(e.getDiagnosticMessage()).contains("second factor is needed");
        });
        until(() -> administrator.get("/audit?target=user:" + username + "&action=ldap.bind.failed").text()
                .contains("\"reason\":\"second-factor-required\""));
        assertThat(ApiClient.anonymous(server).login(username, PASSWORD).status()).as("over HTTP").isEqualTo(200);
        setPolicy("/groups/" + cn, "\"if-present\"");
        assertThat(bind(username, PASSWORD)).isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void aRightPasswordWithoutTheSecondFactorIsNoGuess() {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 1).with("gatehouse.login.lock-after", 2)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").start()) {
            new DirectoryAccounts(strict).person("patient", PASSWORD);
            var root = ApiClient.administrator(strict);
            assertThat(root.patch("/groups/ldapusers", "{\"ldapSecondFactor\": \"required\"}").status()).isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                assertThat(bind(strict, "patient", PASSWORD)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            }
            assertThat(ApiClient.anonymous(strict).login("patient", PASSWORD).status()).isEqualTo(200);
        }
    }

    @Test
    void aSecondFactorThatIsRequiredIsBroughtAsEver() {
        var person = enrolled();
        group("required", person.username());

        assertThat(bind(person.username(), PASSWORD)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind(person.username(), person.typed(0))).isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void anAppPasswordIsEnoughEverywhere() {
        var username = plain();
        group("required", username);
        var password = ApiClient.user(server, username, PASSWORD).post("/me/app-passwords", "{\"name\": \"phone\"}").textAt("password");

        assertThat(bind(username, password)).isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void wherePasswordsAreEnoughASecondFactorIsNotAskedForAndNothingIsChanged() throws Exception {
        var person = enrolled();
        var dn = dn(person.username());
        group("not-needed", person.username());

        try (var bound = server.ldapAs(person.username(), PASSWORD); var unbound = server.ldap()) {
            assertThat(bound.search(dn, SearchScope.BASE, "(uid=*)").getEntryCount()).isEqualTo(1);
            assertThat(result(() -> bound.modify(dn, new Modification(ModificationType.REPLACE, "loginShell", "/bin/zsh"))))
                    .isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            assertThat(change(bound, dn, null)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            assertThat(change(bound, dn, PASSWORD)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            assertThat(change(unbound, dn, PASSWORD)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(change(unbound, dn, person.typed(0))).isEqualTo(ResultCode.SUCCESS);
        }
    }

    private static ResultCode change(LDAPConnection connection, String dn, String old) throws LDAPException {
        return connection.processExtendedOperation(new PasswordModifyExtendedRequest(dn, old, "quite another one")).getResultCode();
    }

    @Test
    void anAdministratorWhoWasNotAskedForTheSecondFactorChangesNobody() throws Exception {
        var person = enrolled();
        var victim = plain();
        assertThat(administrator.put("/groups/sysadmins/members/" + person.username(), null).status()).isEqualTo(204);
        group("not-needed", person.username());

        try (var bound = server.ldapAs(person.username(), PASSWORD)) {
            assertThat(change(bound, dn(victim), null)).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
        }
    }

    @Test
    void amongGroupsTheStrictestDecides() {
        var username = plain();
        var person = enrolled();
        group("if-present", username, person.username());
        group("not-needed", username, person.username());
        assertThat(bind(person.username(), PASSWORD)).isEqualTo(ResultCode.SUCCESS);

        var strict = group("required", username, person.username());
        assertThat(bind(username, PASSWORD)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind(person.username(), PASSWORD)).isEqualTo(ResultCode.INVALID_CREDENTIALS);

        assertThat(administrator.delete("/groups/" + strict).status()).isEqualTo(204);
        assertThat(bind(username, PASSWORD)).isEqualTo(ResultCode.SUCCESS);
        assertThat(bind(person.username(), PASSWORD)).isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void aChangeOfPolicyOrMembershipReachesTheOtherNode() throws Exception {
        var username = plain();
        var cn = group("required", username);
        until(() -> bind(other, username, PASSWORD) == ResultCode.INVALID_CREDENTIALS);

        setPolicy("/groups/" + cn, "null");
        until(() -> bind(other, username, PASSWORD) == ResultCode.SUCCESS);

        setPolicy("/groups/" + cn, "\"required\"");
        until(() -> bind(other, username, PASSWORD) == ResultCode.INVALID_CREDENTIALS);
        assertThat(administrator.patch("/groups/" + cn, "{\"cn\": \"" + named("renamed") + "\"}").status()).isEqualTo(200);
        assertThat(bind(username, PASSWORD)).as("renamed").isEqualTo(ResultCode.INVALID_CREDENTIALS);

        assertThat(administrator.delete("/groups/renamed" + NUMBER.get() + "/members/" + username).status()).isEqualTo(204);
        until(() -> bind(other, username, PASSWORD) == ResultCode.SUCCESS);
    }

    @Test
    void aServiceAccountSaysWhatPeopleNeedOnItsConnections() throws Exception {
        var person = enrolled();
        var username = plain();
        var lenient = service("not-needed");
        var strict = service("required");

        try (var connection = server.ldap()) {
            connection.bind(lenient.dn(), lenient.password());
            assertThat(result(() -> connection.bind(dn(person.username()), "wrong"))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(result(() -> connection.bind(dn(person.username()), PASSWORD))).as("after a failure").isEqualTo(ResultCode.SUCCESS);
            assertThat(result(() -> connection.bind(dn(person.username()), PASSWORD))).as("after another person").isEqualTo(ResultCode.SUCCESS);
            connection.bind(strict.dn(), strict.password());
            assertThat(result(() -> connection.bind(dn(person.username()), PASSWORD))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(result(() -> connection.bind(dn(username), PASSWORD))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(result(() -> connection.bind(dn(person.username()), person.typed(0)))).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(bind(username, PASSWORD)).as("elsewhere").isEqualTo(ResultCode.SUCCESS);
        assertThat(bind(person.username(), PASSWORD)).as("elsewhere").isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }

    @Test
    void aServiceAccountGoesBeforeTheGroupsIfItSaysAnything() throws Exception {
        var username = plain();
        group("required", username);
        var account = service("not-needed");

        try (var connection = server.ldap()) {
            connection.bind(account.dn(), account.password());
            assertThat(result(() -> connection.bind(dn(username), PASSWORD))).isEqualTo(ResultCode.SUCCESS);
            setPolicy(path(account), "\"if-present\"");
            assertThat(result(() -> connection.bind(dn(username), PASSWORD))).isEqualTo(ResultCode.SUCCESS);
            setPolicy(path(account), "null");
            assertThat(result(() -> connection.bind(dn(username), PASSWORD))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }
    }

    @Test
    void aServiceAccountWhosePasswordWasReplacedSaysNothingAnyMore() throws Exception {
        var person = enrolled();
        var account = service("not-needed");

        try (var connection = server.ldap()) {
            connection.bind(account.dn(), account.password());
            assertThat(result(() -> connection.bind(dn(person.username()), PASSWORD))).isEqualTo(ResultCode.SUCCESS);
            assertThat(administrator.post(path(account) + "/rotate", null).status()).isEqualTo(200);
            assertThat(result(() -> connection.bind(dn(person.username()), PASSWORD))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }
    }

    @Test
    void whatWasBoundInTheClearIsForgottenWithStartTls() throws Exception {
        var person = enrolled();
        var account = service("not-needed");

        try (var connection = server.ldap()) {
            connection.bind(account.dn(), account.password());
            connection.processExtendedOperation(new StartTLSExtendedRequest(server.trustingCa()));
            assertThat(result(() -> connection.bind(dn(person.username()), PASSWORD))).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }
    }

    @Test
    void policiesAreShownChangedAndAudited() {
        var cn = named("shown");
        var created = administrator.post("/groups", "{\"cn\": \"" + cn + "\"}");
        assertThat(created.at("ldapSecondFactor")).isEqualTo("if-present");
        setPolicy("/groups/" + cn, "\"required\"");
        assertThat(administrator.get("/groups/" + cn).at("ldapSecondFactor")).isEqualTo("required");
        assertThat(administrator.get("/audit?action=identity.group.modified&target=group:" + cn).text())
                .contains("\"ldapSecondFactor\":{\"after\":\"required\",\"before\":\"if-present\"}");

        var account = accounts.service(named("shown"));
        assertThat(administrator.get(path(account)).object()).containsEntry("ldapSecondFactor", null);
        setPolicy(path(account), "\"not-needed\"");
        assertThat(administrator.get(path(account)).at("ldapSecondFactor")).isEqualTo("not-needed");
        assertThat(administrator.get("/audit?action=identity.service-account.modified").text())
                .contains("\"ldapSecondFactor\":{\"after\":\"not-needed\",\"before\":null}");

        for (var path : new String[] {"/groups/" + cn, path(account)}) {
            var refused = administrator.patch(path, "{\"ldapSecondFactor\": \"sometimes\"}");
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.at("field")).isEqualTo("ldapSecondFactor");
        }
        assertThat(administrator.post("/groups", "{\"cn\": \"" + named("bad") + "\", \"ldapSecondFactor\": \"\"}").status()).isEqualTo(422);
    }
}
