package io.gatehouse.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedResult;
import io.gatehouse.join.Hosts.Host;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A container's account over LDAP: what it sees, and how it is cut off, on the node of the change and on another. */
class MachineAccountIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static GatehouseServer here;
    private static GatehouseServer there;
    private static ApiClient administrator;
    private static Hosts hosts;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        here = GatehouseServer.with("gatehouse.master-key", key).with("gatehouse.public-url", "https://gatehouse.example.org").on(database).start();
        there = GatehouseServer.with("gatehouse.master-key", key).on(database).start();
        administrator = ApiClient.administrator(here);
        hosts = new Hosts(here);
    }

    @AfterAll
    static void stop() {
        there.close();
        here.close();
    }

    @Test
    void theEntryIsADeviceWithTheContainersAddress() throws LDAPException {
        var host = hosts.joined("device");
        var address = administrator.get("/containers/" + host.id()).textAt("ipv4Address");

        try (var connection = here.ldapAsAdministrator()) {
            var entry = connection.getEntry(Hosts.dn(here, "device"), "*", "+");
            assertThat(entry.getAttributeValues("objectClass")).containsExactlyInAnyOrder("top", "device", "ipHost");
            assertThat(entry.getAttributeValues("ipHostNumber")).containsExactly(address);
            assertThat(entry.getAttributeValue("cn")).isEqualTo("device");
            assertThat(entry.hasAttribute("userPassword")).isFalse();
            assertThat(Long.parseLong(entry.getAttributeValue("entryUSN"))).isPositive();
        }
    }

    @Test
    void whoHasNotJoinedHasNoEntry() throws LDAPException {
        hosts.container("not-yet");

        try (var connection = here.ldapAsAdministrator()) {
            assertThat(connection.getEntry(Hosts.dn(here, "not-yet"))).isNull();
        }
    }

    @Test
    void itSeesPeopleAndItsOwnEntryButNoOtherAccount() throws LDAPException {
        hosts.joined("neighbour");
        administrator.post("/service-accounts", "{\"name\": \"reader\"}");

        try (var connection = Hosts.bind(here, hosts.joined("onlooker"))) {
            assertThat(whoAmI(connection)).isEqualTo("dn:" + Hosts.dn(here, "onlooker"));
            assertThat(found(connection, "(uid=" + GatehouseServer.ADMINISTRATOR + ")")).hasSize(1);
            assertThat(found(connection, "(objectClass=posixGroup)")).isNotEmpty();
            assertThat(found(connection, "(objectClass=sudoRole)")).isNotEmpty();
            assertThat(found(connection, "(objectClass=pwdPolicy)")).hasSize(1);
            assertThat(found(connection, "(objectClass=device)")).filteredOn(dn -> dn.contains("ou=hosts")).containsExactly(Hosts.dn(here, "onlooker"));
            assertThat(found(connection, "(objectClass=applicationProcess)")).isEmpty();
        }
    }

    @Test
    void peopleSeeNoHosts() throws LDAPException {
        hosts.joined("unseen");
        hosts.user("lovelace");

        try (var connection = here.ldapAs("lovelace", Hosts.PASSWORD)) {
            assertThat(found(connection, "(cn=unseen)")).isEmpty();
        }
    }

    @Test
    void itChangesNothing() throws LDAPException {
        var host = hosts.joined("quiet");
        try (var connection = Hosts.bind(here, host)) {
            var own = catchThrowableOfType(LDAPException.class, () -> connection.modify("dn: " + Hosts.dn(here, "quiet"), "changetype: modify",
                    "replace: description", "description: mine"));
            assertThat(own.getResultCode()).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            assertThat(connection.processExtendedOperation(new PasswordModifyExtendedRequest(null, host.password(), "a password of its own")).getResultCode())
                    .isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        }
        Hosts.bind(here, host).close();
    }

    @Test
    void aWrongPasswordIsRefusedAndTold() {
        var host = hosts.joined("guessed");

        for (var wrong : List.of("host-2222-2222-2222-2222-2222-2222-2222", host.password() + " ", "x")) {
            var refusal = catchThrowableOfType(LDAPException.class, () -> Hosts.bind(here, new Host(host.id(), "guessed", wrong)).close());
            assertThat(refusal.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }

        await(() -> administrator.get("/audit?target=container:guessed&action=ldap.bind.failed").items().size() == 3);
    }

    @Test
    void guessingDoesNotLockTheContainerOut() throws LDAPException {
        var host = hosts.joined("locked");
        for (int i = 0; i < 3; i++) {
            catchThrowableOfType(LDAPException.class, () -> Hosts.bind(here, new Host(host.id(), "locked", "wrong")).close());
        }

        Hosts.bind(here, host).close();
    }

    static Stream<Arguments> endings() {
        return Stream.of(
                ending("the account is deleted", host -> administrator.delete("/containers/" + host.id() + "/machine-account")),
                ending("the account is rotated", host -> administrator.post("/containers/" + host.id() + "/machine-account/rotate", null)),
                ending("the container is deleted", host -> administrator.delete("/containers/" + host.id())),
                ending("it joins again", host -> hosts.join(host.id(), host.hostname())),
                ending("it is deleted by plain SQL", host -> here.sql().useTransaction(handle ->
                        handle.execute("delete from containers where id = ?", host.id()))),
                ending("all accounts go", host -> here.sql().useTransaction(handle -> handle.execute("delete from machine_accounts"))));
    }

    private static Arguments ending(String name, Consumer<Host> ending) {
        return Arguments.argumentSet(name, ending);
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whoIsCutOffIsSoOnAllNodesWithOpenConnectionsToo(Consumer<Host> ending) throws LDAPException {
        var host = hosts.joined("cut-off-" + System.nanoTime() % 1_000_000_000);
        await(() -> binds(there, host));
        try (var near = Hosts.bind(here, host); var far = Hosts.bind(there, host)) {
            assertThat(found(near, "(uid=*)")).isNotEmpty();
            assertThat(found(far, "(uid=*)")).isNotEmpty();

            ending.accept(host);

            await(() -> isCutOff(near));
            await(() -> isCutOff(far));
            assertThat(binds(here, host)).isFalse();
            assertThat(binds(there, host)).isFalse();
        }
    }

    @Test
    void aRotatedAccountGoesOnWithItsNewPassword() throws LDAPException {
        var host = hosts.joined("rotated");

        var rotated = administrator.post("/containers/" + host.id() + "/machine-account/rotate", null);

        assertThat(rotated.header("Cache-Control")).isEqualTo("no-store");
        assertThat(rotated.textAt("dn")).isEqualTo(Hosts.dn(here, "rotated"));
        new LDAPConnection("localhost", here.ldapPort(), rotated.textAt("dn"), rotated.textAt("password")).close();
    }

    @Test
    void aRenamedContainerIsFoundByItsNewNameAndStillBindsByTheOldOne() throws LDAPException {
        var host = hosts.joined("maiden");
        var uuid = uuid("maiden");

        assertThat(administrator.patch("/containers/" + host.id(), "{\"hostname\": \"married\"}").status()).isEqualTo(200);

        assertThat(uuid("married")).isEqualTo(uuid);
        assertThat(uuid("maiden")).isNull();
        for (var name : List.of("married", "maiden")) {
            try (var connection = Hosts.bind(here, new Host(host.id(), name, host.password()))) {
                assertThat(whoAmI(connection)).isEqualTo("dn:" + Hosts.dn(here, "married"));
            }
        }
    }

    @Test
    void theOldNameOfARenamedContainerBelongsToWhoeverHasItNow() throws LDAPException {
        var former = hosts.joined("handed-on");
        administrator.patch("/containers/" + former.id(), "{\"hostname\": \"handed-off\"}");
        var present = hosts.joined("handed-on");

        assertThat(binds(here, former)).isFalse();
        try (var connection = Hosts.bind(here, present)) {
            assertThat(whoAmI(connection)).isEqualTo("dn:" + Hosts.dn(here, "handed-on"));
        }
        administrator.delete("/containers/" + present.id());
        Hosts.bind(here, former).close();
    }

    @Test
    void namesThatAreExchangedGoWithTheirContainers() throws LDAPException {
        var one = hosts.joined("left");
        var other = hosts.joined("right");

        here.sql().useTransaction(handle -> {
            handle.execute("update containers set hostname = 'middle' where id = ?", one.id());
            handle.execute("update containers set hostname = 'left' where id = ?", other.id());
            handle.execute("update containers set hostname = 'right' where id = ?", one.id());
        });

        await(() -> binds(here, new Host(one.id(), "right", one.password())) && binds(here, new Host(other.id(), "left", other.password())));
        assertThat(binds(here, one)).isFalse();
        assertThat(binds(here, other)).isFalse();
    }

    @Test
    void aChangedAddressIsShown() throws LDAPException {
        var host = hosts.joined("moved");
        var address = administrator.get("/containers/" + host.id()).textAt("ipv4Address").replaceAll("[0-9]+$", "77");

        assertThat(administrator.patch("/containers/" + host.id(), "{\"ipv4Address\": \"" + address + "\"}").status()).isEqualTo(200);

        try (var connection = here.ldapAsAdministrator()) {
            assertThat(connection.getEntry(Hosts.dn(here, "moved")).getAttributeValue("ipHostNumber")).isEqualTo(address);
        }
    }

    @Test
    void anotherNodeFindsTheSameAfterItsStart() throws LDAPException {
        var host = hosts.joined("lasting");
        administrator.patch("/containers/" + host.id(), "{\"hostname\": \"outlasting\"}");

        try (var late = GatehouseServer.with("gatehouse.master-key", Base64.getEncoder().encodeToString(new byte[32])).on(here.database()).start()) {
            assertThat(binds(late, host)).isTrue();
            assertThat(binds(late, new Host(host.id(), "outlasting", host.password()))).isTrue();
        }
    }

    @Test
    void ownersGoAndContainersAreRenamedAtTheSameTime() throws Exception {
        hosts.user("busy");
        var host = hosts.join(hosts.container("busy0", "busy"), "busy0");

        var statuses = AtOnce.call(8, 40, i -> i % 2 == 0
                ? administrator.patch("/containers/" + host.id(), "{\"hostname\": \"busy" + i + "\"}").status()
                : administrator.delete("/users/busy").status());

        assertThat(statuses).containsOnly(200, 409);
    }

    private static String uuid(String hostname) throws LDAPException {
        try (var connection = here.ldapAsAdministrator()) {
            var entry = connection.getEntry(Hosts.dn(here, hostname), "entryUUID");
            return entry == null ? null : entry.getAttributeValue("entryUUID");
        }
    }

    private static List<String> found(LDAPConnection connection, String filter) throws LDAPException {
        return connection.search(here.baseDn(), SearchScope.SUB, filter, "1.1").getSearchEntries().stream()
                .map(Entry::getDN).toList();
    }

    private static String whoAmI(LDAPConnection connection) throws LDAPException {
        return ((WhoAmIExtendedResult) connection.processExtendedOperation(new WhoAmIExtendedRequest())).getAuthorizationID();
    }

    private static boolean binds(GatehouseServer server, Host host) {
        try (var connection = Hosts.bind(server, host)) {
            return connection.isConnected();
        } catch (LDAPException refused) {
            return false;
        }
    }

    private static boolean isCutOff(LDAPConnection connection) {
        try {
            found(connection, "(uid=*)");
            return false;
        } catch (LDAPException refused) {
            assertThat(refused.getResultCode()).isIn(ResultCode.STRONG_AUTH_REQUIRED, ResultCode.SERVER_DOWN);
            return true;
        }
    }

    private static void await(BooleanSupplier condition) {
        var deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
