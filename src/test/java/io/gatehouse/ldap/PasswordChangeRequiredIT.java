package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.CompareRequest;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DeleteRequest;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ModifyRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10RequestControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedResult;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.Totp;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords that must be changed before anything else, over LDAP, on two nodes (draft-behera-ldap-password-policy). */
class PasswordChangeRequiredIT {

    private static final String PASSWORD = "told by the help desk";
    private static final String NEW = "chosen by its owner";
    private static final String ANOTHER = "told once more by phone";
    private static final int CROWD = 8;

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

    private static String person() {
        var username = "person" + NUMBER.incrementAndGet();
        accounts.person(username, PASSWORD);
        return username;
    }

    private static String flagged() {
        var username = person();
        require(username, true);
        return username;
    }

    private static void require(String username, boolean required) {
        assertThat(administrator.patch("/users/" + username, "{\"passwordChangeRequired\": " + required + "}").status()).isEqualTo(200);
    }

    private static boolean isRequired(String username) {
        return (boolean) administrator.get("/users/" + username).at("passwordChangeRequired");
    }

    private static String dn(String username) {
        return "uid=" + username + ",ou=people," + server.baseDn();
    }

    private static Control asking() {
        return new DraftBeheraLDAPPasswordPolicy10RequestControl();
    }

    private static DraftBeheraLDAPPasswordPolicy10ErrorType error(Control... controls) throws LDAPException {
        for (var control : controls) {
            if (control.getOID().equals(DraftBeheraLDAPPasswordPolicy10ResponseControl.PASSWORD_POLICY_RESPONSE_OID)) {
                return new DraftBeheraLDAPPasswordPolicy10ResponseControl(control.getOID(), false, control.getValue()).getErrorType();
            }
        }
        throw new AssertionError("no answer about the password policy");
    }

    private static LDAPConnection bound(GatehouseServer node, String username, String password) throws LDAPException {
        var connection = node.ldap();
        connection.bind(new SimpleBindRequest(dn(username), password, asking()));
        return connection;
    }

    private static boolean isTold(GatehouseServer node, String username) {
        try (var connection = node.ldap()) {
            var answer = connection.bind(new SimpleBindRequest(dn(username), PASSWORD, asking()));
            return error(answer.getResponseControls()) == DraftBeheraLDAPPasswordPolicy10ErrorType.CHANGE_AFTER_RESET;
        } catch (LDAPException e) {
            return false;
        }
    }

    private static boolean binds(String username, String password) {
        try (var connection = server.ldapAs(username, password)) {
            return true;
        } catch (LDAPException e) {
            return false;
        }
    }

    private static LDAPResult outcome(Callable<LDAPResult> operation) {
        try {
            return operation.call();
        } catch (LDAPException e) {
            return e.toLDAPResult();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static LDAPResult change(LDAPConnection connection, String dn, String old, String wanted) {
        return outcome(() -> connection.processExtendedOperation(new PasswordModifyExtendedRequest(dn, old, wanted, new Control[] {asking()})));
    }

    /** By the old password, on a connection of its own. */
    private static ResultCode unbound(GatehouseServer node, String username, String wanted) {
        return outcome(() -> {
            try (var connection = node.ldap()) {
                return change(connection, dn(username), PASSWORD, wanted);
            }
        }).getResultCode();
    }

    private static void assertPasswordFirst(Callable<LDAPResult> operation) throws LDAPException {
        var result = outcome(operation);
        assertThat(result.getResultCode()).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
        assertThat(result.getDiagnosticMessage()).contains("password must be changed before anything else");
        assertThat(error(result.getResponseControls())).isEqualTo(DraftBeheraLDAPPasswordPolicy10ErrorType.CHANGE_AFTER_RESET);
    }

    private static void until(Callable<Boolean> reached) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!reached.call()) {
            assertThat(System.nanoTime()).as("reached in time").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    @Test
    void aBindSaysSoToWhoeverAsks() throws Exception {
        var username = flagged();
        try (var connection = server.ldap()) {
            var answer = connection.bind(new SimpleBindRequest(dn(username), PASSWORD, asking()));
            assertThat(answer.getResultCode()).isEqualTo(ResultCode.SUCCESS);
            assertThat(error(answer.getResponseControls())).isEqualTo(DraftBeheraLDAPPasswordPolicy10ErrorType.CHANGE_AFTER_RESET);
            assertThat(connection.bind(dn(username), PASSWORD).getResponseControls()).as("not asked for").isEmpty();
            assertThatThrownBy(() -> connection.bind(new SimpleBindRequest(dn(username), "wrong", asking())))
                    .isInstanceOfSatisfying(LDAPException.class, e -> assertThat(e.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS));
        }
        until(() -> isTold(other, username));
    }

    @Test
    void nothingButTheChangeOfTheOwnPasswordWorks() throws Exception {
        var username = flagged();
        var dn = dn(username);
        var victim = dn(person());
        try (var connection = bound(server, username, PASSWORD)) {
            assertPasswordFirst(() -> connection.search(new SearchRequest(null, new Control[] {asking()}, dn, SearchScope.BASE,
                    DereferencePolicy.NEVER, 0, 0, false, Filter.createPresenceFilter("objectClass"))));
            assertPasswordFirst(() -> connection.compare(new CompareRequest(dn, "uid", username, new Control[] {asking()})));
            assertPasswordFirst(() -> connection.delete(new DeleteRequest(dn, new Control[] {asking()})));
            assertPasswordFirst(() -> modify(connection, dn, "loginShell", "/bin/zsh"));
            assertPasswordFirst(() -> modify(connection, victim, "userPassword", NEW));
            assertPasswordFirst(() -> change(connection, victim, null, NEW));
            assertPasswordFirst(() -> change(connection, victim, PASSWORD, NEW));
            assertThat(((WhoAmIExtendedResult) connection.processExtendedOperation(new WhoAmIExtendedRequest())).getAuthorizationID())
                    .isEqualTo("dn:" + dn);

            assertThat(change(connection, dn, null, NEW).getResultCode()).isEqualTo(ResultCode.SUCCESS);
            assertThat(connection.search(dn, SearchScope.BASE, "(uid=*)").getEntryCount()).as("rights after it").isEqualTo(1);
        }
        assertThat(binds(username, PASSWORD)).isFalse();
        try (var connection = server.ldap()) {
            assertThat(error(connection.bind(new SimpleBindRequest(dn, NEW, asking())).getResponseControls())).isNull();
        }
        assertThat(isRequired(username)).isFalse();
        assertThat(administrator.get("/audit?action=identity.user.password-changed&target=user:" + username).text())
                .contains("\"passwordChangeRequired\":{\"after\":false,\"before\":true}");
    }

    private static LDAPResult modify(LDAPConnection connection, String dn, String attribute, String value) throws LDAPException {
        return connection.modify(new ModifyRequest(dn, new Modification[] {new Modification(ModificationType.REPLACE, attribute, value)},
                new Control[] {asking()}));
    }

    @Test
    void theNewPasswordIsAnotherOne() throws Exception {
        var username = flagged();
        try (var connection = bound(server, username, PASSWORD); var unbound = server.ldap()) {
            for (var result : new LDAPResult[] {change(connection, null, null, PASSWORD), change(connection, null, PASSWORD, PASSWORD),
                change(unbound, dn(username), PASSWORD, PASSWORD), outcome(() -> modify(connection, dn(username), "userPassword", PASSWORD))}) {
                assertThat(result.getResultCode()).isEqualTo(ResultCode.CONSTRAINT_VIOLATION);
                assertThat(result.getDiagnosticMessage()).contains("choose another one");
            }
            assertThat(isRequired(username)).isTrue();
            assertThat(outcome(() -> modify(connection, dn(username), "userPassword", NEW)).getResultCode()).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(isRequired(username)).isFalse();
        assertThat(binds(username, NEW)).isTrue();
    }

    @Test
    void whoeverProvesTheOldPasswordChangesItWithoutABind() throws Exception {
        var username = flagged();
        try (var unbound = server.ldap()) {
            assertThat(change(unbound, dn(username), PASSWORD, NEW).getResultCode()).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(isRequired(username)).isFalse();
    }

    @Test
    void aConnectionThatWasBoundBeforeGoesOn() throws Exception {
        var username = person();
        try (var before = server.ldapAs(username, PASSWORD)) {
            require(username, true);
            assertThat(before.search(dn(username), SearchScope.BASE, "(uid=*)").getEntryCount()).isEqualTo(1);
            try (var after = bound(server, username, PASSWORD)) {
                assertPasswordFirst(() -> modify(after, dn(username), "gecos", "x"));
                require(username, false);
                assertThat(after.search(dn(username), SearchScope.BASE, "(uid=*)").getEntryCount()).as("no longer asked for").isEqualTo(1);
            }
        }
    }

    @Test
    void appPasswordsGoOn() throws Exception {
        var username = person();
        var program = ApiClient.user(server, username, PASSWORD).post("/me/app-passwords", "{\"name\": \"phone\"}").textAt("password");
        require(username, true);
        try (var connection = server.ldap()) {
            assertThat(error(connection.bind(new SimpleBindRequest(dn(username), program, asking())).getResponseControls())).isNull();
            assertThat(connection.search(dn(username), SearchScope.BASE, "(uid=*)").getEntryCount()).isEqualTo(1);
        }
    }

    @Test
    void anAdministratorWhoMustChangeTheOwnPasswordChangesNobodyElsesBefore() throws Exception {
        var username = flagged();
        assertThat(administrator.put("/groups/sysadmins/members/" + username, null).status()).isEqualTo(204);
        try (var connection = bound(server, username, PASSWORD)) {
            assertPasswordFirst(() -> change(connection, dn(person()), null, NEW));
        }
    }

    @Test
    void aSecondFactorIsBroughtBeforeThePasswordIsChanged() throws Exception {
        var username = person();
        var client = ApiClient.user(server, username, PASSWORD);
        var secret = client.post("/me/totp", null).textAt("secret");
        assertThat(client.post("/me/totp/confirm", "{\"code\": \"" + Totp.code(secret, -1) + "\"}").status()).isEqualTo(200);
        require(username, true);

        try (var connection = bound(server, username, PASSWORD + Totp.code(secret, 0))) {
            assertPasswordFirst(() -> modify(connection, dn(username), "gecos", "x"));
            assertThat(change(connection, null, null, NEW).getResultCode()).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(isRequired(username)).isFalse();
    }

    @Test
    void theEntryShowsIt() throws Exception {
        var username = person();
        try (var root = server.ldapAsAdministrator()) {
            assertThat(root.getEntry(dn(username), "pwdReset").getAttributeValue("pwdReset")).isNull();
            require(username, true);
            assertThat(root.getEntry(dn(username), "pwdReset").getAttributeValue("pwdReset")).isEqualTo("TRUE");
            assertThat(root.getEntry(dn(username)).hasAttribute("pwdReset")).as("operational").isFalse();
        }
    }

    @Test
    void oneOfManyOnTwoNodesEndsIt() throws Exception {
        var username = flagged();
        until(() -> isTold(other, username));
        var results = AtOnce.call(CROWD, i -> unbound(i % 2 == 0 ? server : other, username, NEW + i));
        assertThat(results).containsOnlyOnce(ResultCode.SUCCESS);
        assertThat(isRequired(username)).isFalse();
        until(() -> binds(username, NEW + results.indexOf(ResultCode.SUCCESS)));
    }

    @Test
    void aDutyThatIsSetAnewMeanwhileStays() throws Exception {
        var username = flagged();
        var results = AtOnce.call(2, i -> {
            if (i == 0) {
                return unbound(server, username, NEW) == ResultCode.SUCCESS;
            }
            return administrator.put("/users/" + username + "/password",
                    "{\"password\": \"" + ANOTHER + "\", \"passwordChangeRequired\": true}").status() == 204;
        });
        assertThat(results.get(1)).isTrue();
        assertThat(isRequired(username)).isTrue();
        assertThat(binds(username, ANOTHER)).isTrue();
    }

    /** How people change their passwords. */
    private enum Way {

        BY_THE_OLD_ONE {
            @Override
            LDAPResult change(LDAPConnection connection, String dn) {
                return PasswordChangeRequiredIT.change(connection, dn, PASSWORD, NEW);
            }
        },
        BOUND {
            @Override
            LDAPResult change(LDAPConnection connection, String dn) throws LDAPException {
                connection.bind(dn, PASSWORD);
                return PasswordChangeRequiredIT.change(connection, null, null, NEW);
            }
        },
        MODIFY {
            @Override
            LDAPResult change(LDAPConnection connection, String dn) throws LDAPException {
                connection.bind(dn, PASSWORD);
                return connection.modify(dn, new Modification(ModificationType.DELETE, "userPassword", PASSWORD),
                        new Modification(ModificationType.ADD, "userPassword", NEW));
            }
        };

        abstract LDAPResult change(LDAPConnection connection, String dn) throws LDAPException;
    }

    /** What a change waits for once the old password is proved: first to be compared with the new one, then to be replaced by it. */
    @ParameterizedTest
    @ValueSource(strings = {"lock table users in access exclusive mode", "select pg_advisory_xact_lock(hashtext('gatehouse.directory'))"})
    void aPasswordThatAnAdministratorSetsAfterTheOldOneWasProvedStays(String lock) throws Exception {
        var like = "person" + NUMBER.incrementAndGet();
        accounts.person(like, ANOTHER);
        for (var way : Way.values()) {
            var username = flagged();
            var result = overtaken(lock, () -> {
                try (var connection = server.ldap()) {
                    return way.change(connection, dn(username));
                }
            }, "update users set password_hash = (select password_hash from users where username = '" + like + "'),"
                    + " password_changed_at = clock_timestamp(), password_change_required = true where username = '" + username + "'");
            assertThat(result.getResultCode()).as("%s: %s", way, result.getDiagnosticMessage()).isNotEqualTo(ResultCode.SUCCESS);
            assertThat(isRequired(username)).as("%s", way).isTrue();
            until(() -> binds(username, ANOTHER));
            assertThat(binds(username, NEW)).as("%s", way).isFalse();
        }
    }

    /** @param other what is done, and committed, while the change waits for that lock */
    private static LDAPResult overtaken(String lock, Callable<LDAPResult> change, String other) throws Exception {
        try (var thread = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = server.sql().inTransaction(handle -> {
                handle.execute(lock);
                var future = thread.submit(() -> outcome(change));
                until(() -> handle.createQuery("select exists (select from pg_locks where not granted)").mapTo(boolean.class).one());
                handle.execute(other);
                return future;
            });
            return waiting.get();
        }
    }
}
