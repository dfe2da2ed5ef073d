package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.protocol.UnbindRequestProtocolOp;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.PLAINBindRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10RequestControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.ApprovalService;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import io.gatehouse.testing.Totp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Binds that somebody approves on a phone, on two nodes. */
class PushBindIT {

    private static final String PASSWORD = "the harvard mark one";
    private static final String WRONG = "Unknown name or wrong password.";
    private static final int CROWD = 20;
    private static final int MANY = 200;
    private static final long PATIENCE_SECONDS = 30;

    private static ApprovalService service;
    private static GatehouseServer server;
    private static GatehouseServer other;
    private static ApiClient administrator;
    private static int people;

    /** How a bind ended. */
    private record Ending(ResultCode code, String diagnostic) {
    }

    @BeforeAll
    static void start() {
        service = ApprovalService.start();
        server = patient(null).start();
        other = patient(server.database()).with("gatehouse.master-key-file", server.dataDirectory().resolve("master.key").toString()).start();
        administrator = ApiClient.administrator(server);
        enable(server);
    }

    private static GatehouseServer.Builder patient(TestPostgres.TestDatabase shared) {
        return new GatehouseServer.Builder().on(shared).with("gatehouse.login.free-attempts", 500).with("gatehouse.login.lock-after", 1000)
                .with("gatehouse.push.max-rejected", 3);
    }

    private static void enable(GatehouseServer node) {
        var answer = ApiClient.administrator(node).patch("/settings", """
                {"push_notification_url": "%s", "push_notification_enabled": "true"}""".formatted(service.url()));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
        service.close();
    }

    private static String person(GatehouseServer node, String password) {
        var username = "person" + ++people;
        new DirectoryAccounts(node).person(username, password);
        return username;
    }

    private static String person() {
        return person(server, PASSWORD);
    }

    private static String dn(GatehouseServer node, String username) {
        return "uid=" + username + ",ou=people," + node.baseDn();
    }

    private static Ending bind(GatehouseServer node, String username, String password) {
        var options = new LDAPConnectionOptions();
        options.setResponseTimeoutMillis(60_000);
        try (var connection = new LDAPConnection(options, "localhost", node.ldapPort(), dn(node, username), password)) {
            return new Ending(ResultCode.SUCCESS, null);
        } catch (LDAPException e) {
            return new Ending(e.getResultCode(), e.getDiagnosticMessage());
        }
    }

    private static CompletableFuture<Ending> binding(GatehouseServer node, String username, String password) {
        return CompletableFuture.supplyAsync(() -> bind(node, username, password), Executors.newVirtualThreadPerTaskExecutor());
    }

    private static CompletableFuture<Ending> binding(String username) {
        return binding(server, username, PASSWORD);
    }

    private static ResultCode end(CompletableFuture<Ending> binding) {
        return binding.join().code();
    }

    private static void until(BooleanSupplier reached) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("reached in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static int openConnections(GatehouseServer node) {
        var metrics = node.send("GET", "/prometheus", null).body();
        var matcher = Pattern.compile("(?m)^gatehouse_ldap_connections_open\\S* (\\d+)").matcher(metrics);
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** @return the secret of the authenticator */
    private static String enrol(String username) {
        var challenge = ApiClient.anonymous(server).login(username, PASSWORD).textAt("challenge");
        var login = CompletableFuture.supplyAsync(() -> ApiClient.anonymous(server).post("/auth/login/second-factor",
                "{\"challenge\": \"" + challenge + "\", \"factor\": \"push\"}"));
        service.next(username).approve();
        var client = ApiClient.withToken(server, login.join().textAt("access_token"));
        var secret = client.post("/me/totp", null).textAt("secret");
        assertThat(client.post("/me/totp/confirm", "{\"code\": \"" + Totp.code(secret, -1) + "\"}").status()).isEqualTo(200);
        return secret;
    }

    @Test
    void aBindWaitsForItsApproval() {
        var username = person();
        var waiting = binding(username);
        var prompt = service.next(username);
        assertThat(prompt.title()).isEqualTo("SSH Authentication Request");
        assertThat(prompt.body()).isEqualTo("Please review and respond to your pending authentication request from 127.0.0.1.");
        assertThat(waiting).isNotDone();

        prompt.approve();

        assertThat(end(waiting)).isEqualTo(ResultCode.SUCCESS);
        assertThat(service.faults()).isEmpty();
    }

    @Test
    void eachBindNeedsAnApprovalOfItsOwn() {
        var username = person();
        for (int i = 0; i < 2; i++) {
            var waiting = binding(username);
            service.next(username).approve();
            assertThat(end(waiting)).isEqualTo(ResultCode.SUCCESS);
        }
        var refused = binding(username);
        service.next(username).reject();
        assertThat(end(refused)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(service.count(username)).isEqualTo(3);
    }

    @Test
    void whatIsNoApprovalIsRefusedWithItsReason() {
        var rejecting = person();
        var rejected = binding(rejecting);
        service.next(rejecting).reject();
        assertThat(rejected.join()).isEqualTo(new Ending(ResultCode.INVALID_CREDENTIALS, "The login was rejected on the device."));
        assertThat(administrator.get("/audit?target=user:" + rejecting + "&action=auth.push.rejected").items()).hasSize(1);

        var absent = person();
        var expired = binding(absent);
        service.next(absent).expire();
        assertThat(expired.join()).isEqualTo(new Ending(ResultCode.INVALID_CREDENTIALS, "The login was not approved on a device in time."));

        var phoneless = person();
        service.refuse(phoneless, "no-devices");
        assertThat(bind(server, phoneless, PASSWORD).diagnostic()).contains(service.url());
        assertThat(bind(server, phoneless, PASSWORD).code()).isEqualTo(ResultCode.INVALID_CREDENTIALS);

        var unlucky = person();
        service.misbehave(unlucky, exchange -> ApprovalService.answer(exchange, 500, "{\"success\": true, \"action\": \"approve\"}"));
        assertThat(bind(server, unlucky, PASSWORD).code()).isEqualTo(ResultCode.UNAVAILABLE);

        for (int i = 0; i < 2; i++) {
            var again = binding(rejecting);
            service.next(rejecting).reject();
            assertThat(end(again)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }
        assertThat(bind(other, rejecting, PASSWORD).code()).as("after three in vain").isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        assertThat(service.count(rejecting)).isEqualTo(3);
    }

    @Test
    void aWrongPasswordMakesNoPhoneRing() throws LDAPException {
        var username = person();
        assertThat(bind(server, username, "wrong")).isEqualTo(new Ending(ResultCode.INVALID_CREDENTIALS, WRONG));
        assertThat(bind(server, username, "wrong123456")).isEqualTo(new Ending(ResultCode.INVALID_CREDENTIALS, WRONG));
        assertThat(bind(server, username, PASSWORD + "123456")).isEqualTo(new Ending(ResultCode.INVALID_CREDENTIALS, WRONG));
        assertThat(bind(server, "nobody-like-this", PASSWORD)).isEqualTo(new Ending(ResultCode.INVALID_CREDENTIALS, WRONG));
        assertThat(bind(server, "nobody-like-this", PASSWORD + "123456")).isEqualTo(new Ending(ResultCode.INVALID_CREDENTIALS, WRONG));
        try (var connection = server.ldap()) {
            var result = catchBind(connection, new SimpleBindRequest(dn(server, username), "wrong", new DraftBeheraLDAPPasswordPolicy10RequestControl()));
            assertThat(result.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            assertThat(DraftBeheraLDAPPasswordPolicy10ResponseControl.get(new com.unboundid.ldap.sdk.BindResult(result))).isNull();
        }
        assertThat(service.count(username)).isZero();
        assertThat(service.count("nobody-like-this")).isZero();
    }

    private static LDAPException catchBind(LDAPConnection connection, SimpleBindRequest request) {
        try {
            throw new AssertionError(connection.bind(request));
        } catch (LDAPException e) {
            return e;
        }
    }

    @Test
    void aCodeBehindThePasswordAsksNobody() {
        var username = person();
        var secret = enrol(username);
        int asked = service.count(username);

        assertThat(bind(server, username, PASSWORD + Totp.code(secret, 0)).code()).isEqualTo(ResultCode.SUCCESS);
        assertThat(bind(server, username, PASSWORD + Totp.code(secret, 0)).code()).as("again").isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind(server, username, PASSWORD + "000000").code()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind(server, username, "wrong" + Totp.code(secret, 1)).code()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        assertThat(service.count(username)).isEqualTo(asked);

        var waiting = binding(username);
        service.next(username).approve();
        assertThat(end(waiting)).as("the password alone").isEqualTo(ResultCode.SUCCESS);
        assertThat(bind(server, username, PASSWORD + Totp.code(secret, 1)).code()).as("nothing was used up").isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void aPasswordMayEndInDigits() {
        var username = person(server, PASSWORD + "123456");
        var waiting = binding(server, username, PASSWORD + "123456");
        service.next(username).approve();
        assertThat(end(waiting)).isEqualTo(ResultCode.SUCCESS);
        assertThat(bind(server, username, PASSWORD).code()).isEqualTo(ResultCode.INVALID_CREDENTIALS);

        var enrolled = person();
        var secret = enrol(enrolled);
        assertThat(administrator.put("/users/" + enrolled + "/password", "{\"password\": \"" + PASSWORD + "654321\"}").status()).isEqualTo(204);
        var alone = binding(server, enrolled, PASSWORD + "654321");
        service.next(enrolled).approve();
        assertThat(end(alone)).isEqualTo(ResultCode.SUCCESS);
        assertThat(bind(server, enrolled, PASSWORD + "654321" + Totp.code(secret, 0)).code()).isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void programsAreNeverAsked() throws Exception {
        var username = person();
        enrol(username);
        int asked = service.count(username);
        var challenge = ApiClient.anonymous(server).login(username, PASSWORD).textAt("challenge");
        var login = CompletableFuture.supplyAsync(() -> ApiClient.anonymous(server).post("/auth/login/second-factor",
                "{\"challenge\": \"" + challenge + "\", \"factor\": \"push\"}"));
        service.next(username).approve();
        var appPassword = ApiClient.withToken(server, login.join().textAt("access_token")).post("/me/app-passwords", "{\"name\": \"phone\"}").textAt("password");

        assertThat(bind(server, username, appPassword).code()).isEqualTo(ResultCode.SUCCESS);
        var account = new DirectoryAccounts(server).service("push-service");
        try (var bound = new LDAPConnection("localhost", server.ldapPort(), account.dn(), account.password())) {
            assertThat(bound.search(dn(server, username), SearchScope.BASE, "(uid=*)").getEntryCount()).isEqualTo(1);
        }
        assertThat(service.count(username)).isEqualTo(asked + 1);
    }

    @Test
    void everyWayToBindWaits() throws Exception {
        var username = person();
        try (var secure = new LDAPConnection(server.trustingCa(), "localhost", server.ldapsPort());
             var plain = server.ldap()) {
            var overTls = CompletableFuture.supplyAsync(() -> result(() -> secure.bind(dn(server, username), PASSWORD)));
            service.next(username).approve();
            assertThat(overTls.join()).isEqualTo(ResultCode.SUCCESS);
            assertThat(secure.search(dn(server, username), SearchScope.BASE, "(uid=*)").getEntryCount()).as("the connection goes on").isEqualTo(1);

            var sasl = CompletableFuture.supplyAsync(() -> result(() -> plain.bind(new PLAINBindRequest("u:" + username, PASSWORD))));
            service.next(username).approve();
            assertThat(sasl.join()).isEqualTo(ResultCode.SUCCESS);
            assertThat(plain.search(dn(server, username), SearchScope.BASE, "(uid=*)").getEntryCount()).isEqualTo(1);
        }
    }

    private interface Ldap {
        Object call() throws LDAPException;
    }

    private static ResultCode result(Ldap operation) {
        try {
            operation.call();
            return ResultCode.SUCCESS;
        } catch (LDAPException e) {
            return e.getResultCode();
        }
    }

    @Test
    void anOldPasswordAloneChangesNothing() throws Exception {
        var username = person();
        try (var unbound = server.ldap()) {
            var rejected = CompletableFuture.supplyAsync(() -> changed(unbound, username));
            service.next(username).reject();
            assertThat(rejected.join()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            var approved = CompletableFuture.supplyAsync(() -> changed(unbound, username));
            service.next(username).approve();
            assertThat(approved.join()).isEqualTo(ResultCode.SUCCESS);
        }
        try (var bound = server.ldap()) {
            var waiting = CompletableFuture.supplyAsync(() -> result(() -> bound.bind(dn(server, username), "quite another one")));
            service.next(username).approve();
            assertThat(waiting.join()).isEqualTo(ResultCode.SUCCESS);
            int asked = service.count(username);
            assertThat(bound.processExtendedOperation(new PasswordModifyExtendedRequest(dn(server, username), "quite another one", PASSWORD)).getResultCode())
                    .as("on a connection that was approved").isEqualTo(ResultCode.SUCCESS);
            assertThat(service.count(username)).isEqualTo(asked);
        }
    }

    private static ResultCode changed(LDAPConnection connection, String username) {
        try {
            return connection.processExtendedOperation(new PasswordModifyExtendedRequest(dn(server, username), PASSWORD, "quite another one")).getResultCode();
        } catch (LDAPException e) {
            return e.getResultCode();
        }
    }

    @Test
    void oneOfACrowdIsAskedForOnAllNodesAndOverBothProtocols() throws Exception {
        var username = person();
        until(() -> result(() -> assertFound(other, username)) == ResultCode.SUCCESS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var endings = new ExecutorCompletionService<Ending>(threads);
            for (int i = 0; i < CROWD; i++) {
                var node = i % 2 == 0 ? server : other;
                endings.submit(() -> bind(node, username, PASSWORD));
            }
            for (int i = 1; i < CROWD; i++) {
                assertThat(endings.take().get().code()).isEqualTo(ResultCode.BUSY);
            }
            var challenge = ApiClient.anonymous(other).login(username, PASSWORD).textAt("challenge");
            assertThat(ApiClient.anonymous(other).post("/auth/login/second-factor",
                    "{\"challenge\": \"" + challenge + "\", \"factor\": \"push\"}").status()).isEqualTo(409);
            service.next(username).approve();
            assertThat(endings.take().get().code()).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(service.count(username)).isEqualTo(1);
    }

    private static Object assertFound(GatehouseServer node, String username) throws LDAPException {
        try (var connection = new LDAPConnection("localhost", node.ldapPort())) {
            var account = observer();
            connection.bind(account.dn(), account.password());
            return connection.searchForEntry("ou=people," + node.baseDn(), SearchScope.SUB, "(uid=" + username + ")") == null
                    ? fail() : username;
        }
    }

    private static Object fail() throws LDAPException {
        throw new LDAPException(ResultCode.NO_SUCH_OBJECT);
    }

    private static DirectoryAccounts.ServiceAccount observer;

    private static synchronized DirectoryAccounts.ServiceAccount observer() {
        if (observer == null) {
            observer = new DirectoryAccounts(server).service("push-observer");
        }
        return observer;
    }

    @Test
    void manyWaitWithoutHoldingUpTheRest() throws Exception {
        var account = observer();
        var quick = person();
        var secret = enrol(quick);
        var names = new ArrayList<String>();
        for (int i = 0; i < MANY; i++) {
            names.add(person());
        }
        var waiting = names.stream().map(name -> binding(server, name, PASSWORD)).toList();
        var prompts = names.stream().map(service::next).toList();

        try (var bystander = new Bystander(server.ldapPort(), server.ldapsPort(), server.baseDn(), account, quick, server.trustingCa())) {
            for (int i = 0; i < 20; i++) {
                bystander.isServed();
            }
        }
        assertThat(AtOnce.call(20, i -> bind(server, quick, "wrong").code())).containsOnly(ResultCode.INVALID_CREDENTIALS);
        assertThat(bind(server, quick, PASSWORD + Totp.code(secret, 0)).code()).isEqualTo(ResultCode.SUCCESS);
        assertThat(administrator.get("/me").status()).isEqualTo(200);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        prompts.forEach(ApprovalService.Prompt::approve);
        assertThat(waiting.stream().map(PushBindIT::end)).containsOnly(ResultCode.SUCCESS);
    }

    @Test
    void aClientThatGoesIsWaitedForNoMore() throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            var username = person();
            int before = openConnections(server);
            var tls = server.trustingCa();
            try (var plain = RawConnection.plain(server.ldapPort()); var secure = RawConnection.tls(server.ldapsPort(), tls)) {
                var connection = reset ? plain : secure;
                connection.send(LdapRequests.bind(1, dn(server, username), PASSWORD));
                service.next(username);
                until(() -> openConnections(server) == before + 2);
                if (reset) {
                    connection.resetOnClose();
                }
            }
            until(() -> openConnections(server) <= before);
        }
    }

    @Test
    void anUnbindEndsTheWait() throws Exception {
        var username = person();
        try (var connection = RawConnection.plain(server.ldapPort())) {
            connection.send(LdapRequests.bind(1, dn(server, username), PASSWORD));
            service.next(username);
            connection.send(LdapRequests.message(2, new UnbindRequestProtocolOp()));

            assertThat(connection.outcome(1)).isEqualTo(new Outcome.Answered(ResultCode.OPERATIONS_ERROR_INT_VALUE));
            assertThat(connection.ending()).isEqualTo(new Outcome.Closed());
        }
    }

    @Test
    void whateverTheClientSendsEndsTheWaitAndIsAnsweredThen() throws Exception {
        for (var next : List.of(LdapRequests.abandon(2, 1), LdapRequests.rootDse(2))) {
            var username = person();
            try (var connection = RawConnection.tls(server.ldapsPort(), server.trustingCa())) {
                connection.send(LdapRequests.bind(1, dn(server, username), PASSWORD));
                var prompt = service.next(username);
                connection.send(next);
                assertThat(connection.outcome(1)).isEqualTo(new Outcome.Answered(ResultCode.OPERATIONS_ERROR_INT_VALUE));

                prompt.approve();
                connection.send(LdapRequests.extended(3, LdapRequests.WHO_AM_I));
                var answer = connection.read().orElseThrow();
                while (answer.messageId() != 3) {
                    answer = connection.read().orElseThrow();
                }
                assertThat(answer.value() == null ? "" : new String(answer.value())).as("nobody is bound").isEmpty();
            }
            until(() -> {
                var again = bindOnce(username);
                return again != ResultCode.BUSY;
            });
        }
    }

    /** Approves whatever comes. */
    private static ResultCode bindOnce(String username) {
        var waiting = binding(username);
        int asked = service.count(username);
        until(() -> waiting.isDone() || service.count(username) > asked || service.count(username) > 1);
        if (!waiting.isDone()) {
            service.next(username).approve();
        }
        return end(waiting);
    }

    @Test
    void aRequestBehindABindThatWouldWaitEndsItAtOnce() throws Exception {
        var username = person();
        try (var connection = RawConnection.plain(server.ldapPort())) {
            connection.send(HostileBer.concatenated(LdapRequests.bind(1, dn(server, username), PASSWORD), LdapRequests.rootDse(2)));
            assertThat(connection.outcome(1)).isEqualTo(new Outcome.Answered(ResultCode.OPERATIONS_ERROR_INT_VALUE));
            assertThat(connection.outcome(2)).isEqualTo(new Outcome.Answered(ResultCode.SUCCESS_INT_VALUE));
        }
        service.next(username).expire();
    }

    @Test
    void whoWaitsIsNotIdle() throws Exception {
        try (var hasty = patient(null).with("gatehouse.ldap.unbound-idle-timeout", "1s").with("gatehouse.ldap.message-timeout", "1s").start()) {
            var username = person(hasty, PASSWORD);
            enable(hasty);
            var waiting = binding(hasty, username, PASSWORD);
            var prompt = service.next(username);
            try (var idle = RawConnection.plain(hasty.ldapPort())) {
                assertThat(idle.ending()).isInstanceOf(Outcome.Disconnected.class);
            }
            assertThat(waiting).isNotDone();
            prompt.approve();
            assertThat(end(waiting)).isEqualTo(ResultCode.SUCCESS);
        }
    }

    @Test
    void whatHappensToTheAccountMeanwhileCounts() {
        var suspended = person();
        var waiting = binding(suspended);
        var prompt = service.next(suspended);
        assertThat(administrator.post("/users/" + suspended + "/suspend", "{\"reason\": \"x\"}").status()).isEqualTo(200);
        prompt.approve();
        assertThat(end(waiting)).isEqualTo(ResultCode.INVALID_CREDENTIALS);

        var changed = person();
        var second = binding(changed);
        var next = service.next(changed);
        assertThat(administrator.put("/users/" + changed + "/password", "{\"password\": \"quite another one\"}").status()).isEqualTo(204);
        next.approve();
        assertThat(end(second)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }

    @Test
    void rejectionsCountAsFailures() {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 2).with("gatehouse.login.lock-after", 3)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").start()) {
            var username = person(strict, PASSWORD);
            enable(strict);
            for (int i = 0; i < 3; i++) {
                var waiting = binding(strict, username, PASSWORD);
                service.next(username).reject();
                assertThat(end(waiting)).isEqualTo(ResultCode.INVALID_CREDENTIALS);
            }
            assertThat(bind(strict, username, PASSWORD)).isEqualTo(new Ending(ResultCode.INVALID_CREDENTIALS, WRONG));
            assertThat(service.count(username)).isEqualTo(3);
        }
    }

    @Test
    void aServerThatStopsWaitsForNobody() throws IOException {
        var username = "person" + ++people;
        CompletableFuture<Ending> waiting;
        try (var ending = patient(null).start()) {
            new DirectoryAccounts(ending).person(username, PASSWORD);
            enable(ending);
            waiting = binding(ending, username, PASSWORD);
            service.next(username);
        }
        assertThat(end(waiting)).isNotEqualTo(ResultCode.SUCCESS);
    }
}
