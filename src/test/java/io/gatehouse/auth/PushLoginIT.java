package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.platform.tls.TlsMaterial;
import io.gatehouse.testing.ApprovalService;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import io.gatehouse.testing.Totp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logins over HTTP that somebody approves on a phone, on two nodes. */
class PushLoginIT {

    private static final String PASSWORD = "the harvard mark one";
    private static final int CROWD = 20;
    private static final String APPROVED = "{\"success\": true, \"action\": \"approve\", \"message\": \"Notification sent successfully\"}";

    private static ApprovalService service;
    private static GatehouseServer server;
    private static GatehouseServer other;
    private static ApiClient administrator;
    private static ApiClient anonymous;
    private static int people;

    @BeforeAll
    static void start() {
        service = ApprovalService.start();
        server = patient(null).start();
        other = patient(server.database()).with("gatehouse.master-key-file", masterKey(server)).start();
        administrator = ApiClient.administrator(server);
        anonymous = ApiClient.anonymous(server);
        enable(administrator, service.url());
    }

    private static GatehouseServer.Builder patient(TestPostgres.TestDatabase shared) {
        return new GatehouseServer.Builder().on(shared).with("gatehouse.login.free-attempts", 500).with("gatehouse.login.lock-after", 1000)
                .with("gatehouse.push.max-rejected", 3).with("gatehouse.push.max-unanswered", 4);
    }

    private static String masterKey(GatehouseServer node) {
        return node.dataDirectory().resolve("master.key").toString();
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
        service.close();
    }

    private static void enable(ApiClient client, String url) {
        var answer = client.patch("/settings", """
                {"push_notification_url": "%s", "push_notification_enabled": "true"}""".formatted(url));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static String person() {
        return person(administrator);
    }

    private static String person(ApiClient by) {
        var username = "person" + ++people;
        var answer = by.post("/users", "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(username, PASSWORD));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return username;
    }

    private static String challenge(GatehouseServer node, String username) {
        var answer = ApiClient.anonymous(node).login(username, PASSWORD);
        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
        return answer.textAt("challenge");
    }

    private static Answer push(GatehouseServer node, String challenge) {
        return ApiClient.anonymous(node).post("/auth/login/second-factor", "{\"challenge\": \"%s\", \"factor\": \"push\"}".formatted(challenge));
    }

    private static CompletableFuture<Answer> pushing(GatehouseServer node, String challenge) {
        return CompletableFuture.supplyAsync(() -> push(node, challenge), Executors.newVirtualThreadPerTaskExecutor());
    }

    private static CompletableFuture<Answer> pushing(String username) {
        return pushing(server, challenge(server, username));
    }

    private static Answer code(String challenge, String code) {
        return anonymous.post("/auth/login/second-factor", "{\"challenge\": \"%s\", \"code\": \"%s\"}".formatted(challenge, code));
    }

    private static void refused(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.textAt("type")).isEqualTo("urn:gatehouse:problem:" + type);
        assertThat(answer.text()).doesNotContain("access_token");
    }

    private static List<Object> audited(String username) {
        return administrator.get("/audit?target=user:" + username).items().stream().map(event -> event.get("action")).toList();
    }

    @Test
    void aLoginWaitsForItsApproval() {
        var username = person();
        var first = anonymous.login(username, PASSWORD);
        assertThat(first.status()).isEqualTo(401);
        assertThat(first.object()).containsEntry("error", "mfa_required").containsEntry("factors", List.of("push")).doesNotContainKey("access_token");
        assertThat(service.count(username)).as("the first step asks nobody").isZero();

        var waiting = pushing(server, first.textAt("challenge"));
        var prompt = service.next(username);
        assertThat(prompt.title()).isEqualTo("Authentication Request");
        assertThat(prompt.body()).isEqualTo("Please review and respond to your pending authentication request from 127.0.0.1.");
        assertThat(prompt.field("apikey")).isNull();
        assertThat(prompt.field("client_id")).isNull();
        assertThat(waiting).isNotDone();
        prompt.approve();

        var done = waiting.join();
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        var client = ApiClient.withToken(server, done.textAt("access_token"));
        assertThat(client.get("/me/sessions").items()).extracting(session -> session.get("amr")).containsExactly(List.of("pwd", "mca", "mfa"));
        refused(push(server, first.textAt("challenge")), 401, "not-authenticated");
        assertThat(service.count(username)).isEqualTo(1);
        assertThat(service.faults()).isEmpty();
    }

    @Test
    void whoRejectsALoginEndsItAndIsHeard() {
        var username = person();
        var challenge = challenge(server, username);
        var waiting = pushing(server, challenge);
        service.next(username).reject();

        refused(waiting.join(), 401, "push-rejected");
        refused(push(server, challenge), 401, "not-authenticated");
        assertThat(audited(username)).contains("auth.push.rejected").doesNotContain("auth.login.succeeded");
        var event = administrator.get("/audit?action=auth.push.rejected&target=user:" + username).items().getFirst();
        assertThat(event).containsEntry("outcome", "failure").containsEntry("address", "127.0.0.1");
    }

    @Test
    void aChallengeOutlivesAPromptWithoutAnAnswer() {
        var username = person();
        var challenge = challenge(server, username);
        var waiting = pushing(server, challenge);
        service.next(username).expire();
        refused(waiting.join(), 401, "push-timed-out");
        assertThat(audited(username)).contains("auth.push.unanswered");

        var again = pushing(other, challenge);
        service.next(username).approve();
        assertThat(again.join().status()).isEqualTo(200);
    }

    @Test
    void anAuthenticatorIsAsGood() {
        var username = person();
        var session = pushing(username);
        service.next(username).approve();
        var client = ApiClient.withToken(server, session.join().textAt("access_token"));
        var secret = client.post("/me/totp", null).textAt("secret");
        var confirmed = client.post("/me/totp/confirm", "{\"code\": \"" + Totp.code(secret, -1) + "\"}");
        int asked = service.count(username);

        var first = anonymous.login(username, PASSWORD);
        assertThat(first.at("factors")).isEqualTo(List.of("push", "recovery_code", "totp"));
        assertThat(code(first.textAt("challenge"), Totp.code(secret, 0)).status()).isEqualTo(200);
        assertThat(code(challenge(server, username), ((List<?>) confirmed.at("recoveryCodes")).getFirst().toString()).status()).isEqualTo(200);
        assertThat(service.count(username)).as("a code asks nobody").isEqualTo(asked);

        var challenge = challenge(server, username);
        var waiting = pushing(server, challenge);
        service.next(username).expire();
        refused(waiting.join(), 401, "push-timed-out");
        assertThat(code(challenge, Totp.code(secret, 1)).status()).as("the same challenge").isEqualTo(200);

        var both = challenge(server, username);
        var late = pushing(server, both);
        var prompt = service.next(username);
        assertThat(code(both, ((List<?>) confirmed.at("recoveryCodes")).get(1).toString()).status()).as("while the phone rings").isEqualTo(200);
        prompt.approve();
        refused(late.join(), 401, "not-authenticated");
    }

    @ParameterizedTest
    @CsvSource({"no-devices", "user-not-found", "device-not-approved"})
    void whoHasNoDeviceIsToldWhereToRegisterOne(String errorCode) {
        var username = person();
        service.refuse(username, errorCode);

        var answer = pushing(username).join();

        refused(answer, 403, "push-no-device");
        assertThat(answer.textAt("detail")).contains(service.url());
        refused(pushing(username).join(), 403, "push-no-device");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "200 | {\"success\": true, \"action\": \"approve\"",
            "200 | {\"success\": true, \"action\": \"approve\"} {}",
            "200 | [{\"success\": true, \"action\": \"approve\"}]",
            "200 | {\"success\": \"true\", \"action\": \"approve\"}",
            "200 | {\"success\": false, \"action\": \"approve\"}",
            "200 | {\"action\": \"approve\"}",
            "200 | {\"success\": true}",
            "200 | {\"success\": true, \"action\": null}",
            "200 | {\"success\": true, \"action\": \"APPROVE\"}",
            "200 | {\"success\": true, \"action\": \"approve \"}",
            "200 | {\"success\": true, \"action\": [\"approve\"]}",
            "200 | {\"success\": true, \"nested\": {\"action\": \"approve\"}}",
            "200 | {\"success\": true, \"action\": \"reject\", \"action\": \"approve\"}",
            "200 | approve", "200 | ``", "200 | <html>approve</html>", "200 | null",
            "201 | {\"success\": true, \"action\": \"approve\"}", "202 | {\"success\": true, \"action\": \"approve\"}",
            "400 | {\"success\": true, \"action\": \"approve\"}", "500 | {\"success\": true, \"action\": \"approve\"}",
            "400 | {\"success\": false, \"error\": \"Title is required\", \"errorCode\": \"missing-title\"}",
            "403 | {\"success\": false, \"error\": \"API key required\", \"errorCode\": \"api-key-required\"}",
            "403 | {\"success\": false, \"error\": \"Invalid API key\", \"errorCode\": \"api-key-invalid\"}",
            "404 | <h1>Not Found</h1>", "405 | {\"success\": false}", "500 | {\"success\": false, \"errorCode\": \"server-error\"}",
            "502 | {\"success\": false, \"errorCode\": \"fcm-error\"}", "503 | ``"})
    void whatIsNoApprovalLetsNobodyIn(int status, String body) {
        var username = person();
        service.misbehave(username, exchange -> ApprovalService.answer(exchange, status, body));

        refused(pushing(username).join(), 503, "push-failed");
        assertThat(audited(username)).doesNotContain("auth.login.succeeded", "auth.push.rejected");
    }

    @Test
    void anErrorOfTheServiceMayComeAfterThePhoneRang() {
        var username = person();
        service.misbehave(username, exchange -> ApprovalService.answer(exchange, 500, "{\"success\": false, \"errorCode\": \"server-error\"}"));

        refused(pushing(username).join(), 503, "push-failed");
        refused(pushing(username).join(), 409, "push-pending");
        assertThat(service.count(username)).as("an answer to the first prompt could be taken for one to the second").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308"})
    void redirectsAreNotFollowed(int status) {
        var username = person();
        service.misbehave(username, exchange -> {
            exchange.getResponseHeaders().set("Location", service.url() + "/elsewhere/send-notification");
            ApprovalService.answer(exchange, status, APPROVED);
        });

        refused(pushing(username).join(), 503, "push-failed");
        assertThat(service.count(username)).isEqualTo(1);
    }

    @Test
    void anEndlessApprovalIsNone() {
        var username = person();
        service.misbehave(username, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(APPROVED.getBytes(StandardCharsets.UTF_8));
            var blanks = " ".repeat(8 * 1024).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 64; i++) {
                exchange.getResponseBody().write(blanks);
            }
        });
        refused(pushing(username).join(), 503, "push-failed");

        var deep = person();
        service.misbehave(deep, exchange -> ApprovalService.answer(exchange, 200,
                "{\"success\": true, \"action\": \"approve\", \"x\": " + "[".repeat(30_000) + "]".repeat(30_000) + "}"));
        refused(pushing(deep).join(), 503, "push-failed");
    }

    @Test
    void aConnectionThatBreaksLetsNobodyIn() {
        var username = person();
        service.misbehave(username, exchange -> {
            exchange.sendResponseHeaders(200, APPROVED.length());
            exchange.getResponseBody().write(APPROVED.getBytes(StandardCharsets.UTF_8), 0, 20);
            exchange.getResponseBody().flush();
        });
        refused(pushing(username).join(), 503, "push-failed");
    }

    @Test
    void theServersOwnPatienceEnds() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
             var impatient = patient(null).with("gatehouse.push.timeout", "700ms").with("gatehouse.push.connect-timeout", "500ms").start()) {
            var client = ApiClient.administrator(impatient);
            enable(client, "http://127.0.0.1:" + silent.getLocalPort());
            var accepted = person(client);
            refused(push(impatient, challenge(impatient, accepted)), 401, "push-timed-out");
            refused(push(impatient, challenge(impatient, accepted)), 409, "push-pending");

            enable(client, service.url());
            var drip = person(client);
            service.misbehave(drip, exchange -> {
                exchange.sendResponseHeaders(200, APPROVED.length());
                for (var part : APPROVED.getBytes(StandardCharsets.UTF_8)) {
                    exchange.getResponseBody().write(part);
                    exchange.getResponseBody().flush();
                    pause();
                }
            });
            refused(push(impatient, challenge(impatient, drip)), 401, "push-timed-out");

            var late = person(client);
            var challenge = challenge(impatient, late);
            refused(push(impatient, challenge), 401, "push-timed-out");
            service.next(late).approve();
            refused(push(impatient, challenge), 409, "push-pending");
            assertThat(service.count(late)).as("an answer to the first prompt could be taken for one to the second").isEqualTo(1);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aServiceThatIsNotThereLetsNobodyIn() throws IOException {
        int port;
        try (var closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        try (var node = patient(null).start()) {
            var client = ApiClient.administrator(node);
            var username = person(client);
            for (var url : List.of("http://127.0.0.1:" + port, "http://no-such-host.invalid")) {
                enable(client, url);
                refused(push(node, challenge(node, username)), 503, "push-failed");
            }
            assertThat(client.get("/me").status()).as("a session goes on").isEqualTo(200);
        }
    }

    @Test
    void certificatesAreVerified() throws Exception {
        var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        https.setHttpsConfigurator(new HttpsConfigurator(server.bean(TlsMaterial.class).context()));
        try (var secure = ApprovalService.of(https);
             var trusting = patient(null).with("gatehouse.push.ca-file", server.caFile().toString()).start();
             var distrusting = patient(null).start()) {
            var url = "https://127.0.0.1:" + secure.port() + "/";
            enable(ApiClient.administrator(trusting), url);
            enable(ApiClient.administrator(distrusting), url);

            var username = person(ApiClient.administrator(distrusting));
            refused(push(distrusting, challenge(distrusting, username)), 503, "push-failed");
            assertThat(secure.count(username)).isZero();

            var trusted = person(ApiClient.administrator(trusting));
            var waiting = pushing(trusting, challenge(trusting, trusted));
            secure.next(trusted).approve();
            assertThat(waiting.join().status()).isEqualTo(200);
        }
    }

    @Test
    void oneOfACrowdIsAskedForOnAllNodes() throws Exception {
        var username = person();
        var challenges = AtOnce.call(CROWD, i -> challenge(i % 2 == 0 ? server : other, username));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ExecutorCompletionService<Answer>(threads);
            for (int i = 0; i < CROWD; i++) {
                var node = i % 2 == 0 ? server : other;
                var challenge = challenges.get(i);
                answers.submit(() -> push(node, challenge));
            }
            var refusals = new ArrayList<Answer>();
            for (int i = 1; i < CROWD; i++) {
                refusals.add(answers.take().get());
            }
            assertThat(refusals).allSatisfy(refusal -> {
                refused(refusal, 409, "push-pending");
                assertThat(Integer.parseInt(refusal.header("Retry-After"))).isBetween(1, 35);
            });
            service.next(username).approve();
            assertThat(answers.take().get().status()).isEqualTo(200);
        }
        assertThat(service.count(username)).isEqualTo(1);
        assertThat(administrator.get("/users/" + username + "/sessions").items()).hasSize(1);
    }

    @Test
    void aPromptOfANodeThatDiedIsForgottenWithTime() {
        var username = person();
        server.sql().useHandle(handle -> handle.execute("""
                insert into push_prompts (uid_number, prompt, open_until, counted_from)
                select uid_number, gen_random_uuid(), now() + interval '20 seconds', now() from users where username = ?""", username));
        refused(pushing(username).join(), 409, "push-pending");

        server.sql().useHandle(handle -> handle.execute("update push_prompts set open_until = now() where uid_number = (select uid_number from users where username = ?)", username));
        var waiting = pushing(username);
        service.next(username).approve();
        assertThat(waiting.join().status()).isEqualTo(200);
    }

    @Test
    void anAnswerThatComesAfterTheNextPromptLetsNobodyIn() {
        var username = person();
        var waiting = pushing(username);
        var prompt = service.next(username);
        server.sql().useHandle(handle -> handle.execute(
                "update push_prompts set prompt = gen_random_uuid() where uid_number = (select uid_number from users where username = ?)", username));
        prompt.approve();

        refused(waiting.join(), 401, "push-timed-out");
    }

    @Test
    void whoIsAskedInVainTooOftenIsAskedNoMoreForAWhile() {
        var username = person();
        for (int i = 0; i < 3; i++) {
            var waiting = pushing(username);
            service.next(username).reject();
            refused(waiting.join(), 401, "push-rejected");
        }
        for (var node : List.of(server, other)) {
            var locked = push(node, challenge(node, username));
            refused(locked, 429, "too-many-attempts");
            assertThat(Integer.parseInt(locked.header("Retry-After"))).isBetween(1, 900);
        }
        assertThat(service.count(username)).isEqualTo(3);
        assertThat(audited(username)).containsOnlyOnce("auth.push.locked");

        var slow = person();
        for (int i = 0; i < 4; i++) {
            var waiting = pushing(slow);
            service.next(slow).expire();
            refused(waiting.join(), 401, "push-timed-out");
        }
        refused(pushing(slow).join(), 429, "too-many-attempts");
        server.sql().useHandle(handle -> handle.execute("update push_prompts set counted_from = now() - interval '16 minutes'"));
        var waiting = pushing(slow);
        service.next(slow).approve();
        assertThat(waiting.join().status()).as("when the window has passed").isEqualTo(200);
    }

    @Test
    void rejectionsCountAsFailedLogins() {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 2).with("gatehouse.login.lock-after", 3)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").start()) {
            var client = ApiClient.administrator(strict);
            var username = person(client);
            enable(client, service.url());
            for (int i = 0; i < 3; i++) {
                var waiting = pushing(strict, challenge(strict, username));
                service.next(username).reject();
                refused(waiting.join(), 401, "push-rejected");
            }
            assertThat(ApiClient.anonymous(strict).login(username, PASSWORD).status()).isEqualTo(429);
            assertThat(client.get("/audit?action=auth.login.locked&target=user:" + username).items()).hasSize(1);
        }
    }

    @Test
    void aWrongPasswordAsksNobodyAndAnApprovalForgivesIt() {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 2).with("gatehouse.login.lock-after", 3)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").start()) {
            var client = ApiClient.administrator(strict);
            var username = person(client);
            enable(client, service.url());
            var guesser = ApiClient.anonymous(strict);
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 2; i++) {
                    assertThat(guesser.login(username, "wrong").object()).doesNotContainKey("challenge");
                }
                assertThat(service.count(username)).isEqualTo(round);
                var waiting = pushing(strict, challenge(strict, username));
                service.next(username).approve();
                assertThat(waiting.join().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aRightPasswordWithoutAnApprovalForgivesNothing() {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 2).with("gatehouse.login.lock-after", 3)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").start()) {
            var client = ApiClient.administrator(strict);
            var username = person(client);
            enable(client, service.url());
            var guesser = ApiClient.anonymous(strict);
            for (int i = 0; i < 3; i++) {
                assertThat(guesser.login(username, "wrong").status()).isEqualTo(401);
                if (i < 2) {
                    challenge(strict, username);
                }
            }
            assertThat(guesser.login(username, PASSWORD).status()).isEqualTo(429);
        }
    }

    @Test
    void whatHappensToTheAccountMeanwhileCounts() {
        var suspended = person();
        var waiting = pushing(suspended);
        var prompt = service.next(suspended);
        administrator.post("/users/" + suspended + "/suspend", "{\"reason\": \"x\"}");
        prompt.approve();
        refused(waiting.join(), 401, "not-authenticated");

        var changed = person();
        var second = pushing(changed);
        var next = service.next(changed);
        assertThat(administrator.put("/users/" + changed + "/password", "{\"password\": \"quite another one\"}").status()).isEqualTo(204);
        next.approve();
        refused(second.join(), 401, "not-authenticated");
    }

    @Test
    void theServiceIsToldWhoAsksWhereItWantsToKnow() {
        var username = person();
        assertThat(administrator.patch("/settings", """
                {"push_notification_api_key": "a-very-secret-key", "push_notification_client_id": "gatehouse.example.org"}""").text())
                .doesNotContain("a-very-secret-key");
        try {
            var waiting = pushing(username);
            var prompt = service.next(username);
            assertThat(prompt.field("apikey")).isEqualTo("a-very-secret-key");
            assertThat(prompt.field("client_id")).isEqualTo("gatehouse.example.org");
            prompt.approve();
            assertThat(waiting.join().status()).isEqualTo(200);
        } finally {
            administrator.patch("/settings", "{\"push_notification_api_key\": null, \"push_notification_client_id\": null}");
        }
        var stored = server.sql().withHandle(handle -> handle.createQuery("select detail::text from audit_events").mapTo(String.class).list());
        assertThat(stored.toString()).doesNotContain("a-very-secret-key");
    }

    @Test
    void badSecondStepsAreRefused() {
        var challenge = challenge(server, person());
        for (var body : List.of("{\"challenge\": \"%s\", \"factor\": \"sms\"}", "{\"challenge\": \"%s\", \"factor\": \"PUSH\"}")) {
            assertThat(anonymous.post("/auth/login/second-factor", body.formatted(challenge)).at("field")).isEqualTo("factor");
        }
        assertThat(anonymous.post("/auth/login/second-factor", """
                {"challenge": "%s", "factor": "push", "code": "123456"}""".formatted(challenge)).at("field")).isEqualTo("code");
        assertThat(anonymous.post("/auth/login/second-factor", """
                {"challenge": "%s", "factor": "totp"}""".formatted(challenge)).at("field")).isEqualTo("code");
        refused(push(server, "nonsense"), 401, "not-authenticated");
        try (var without = GatehouseServer.start()) {
            assertThat(push(without, "nonsense").at("field")).as("where it is not enabled").isEqualTo("factor");
        }
    }

    @Test
    void theServedConfigurationOfSssdWaitsForApprovals() {
        administrator.post("/service-accounts", "{\"name\": \"sssd\"}");
        var path = "/sssd.conf?serviceAccount=sssd";
        assertThat(administrator.get(path).text().lines()).contains("ldap_opt_timeout = 40", "cache_credentials = false");
        try (var without = GatehouseServer.start()) {
            var client = ApiClient.administrator(without);
            client.post("/service-accounts", "{\"name\": \"sssd\"}");
            assertThat(client.get(path).text().lines()).contains("ldap_opt_timeout = 4", "cache_credentials = true");
        }
    }

    @Test
    void manyWaitWithoutHoldingUpTheRest() throws Exception {
        var names = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            names.add(person());
        }
        var challenges = AtOnce.call(10, names.size(), i -> challenge(server, names.get(i)));
        var waiting = challenges.stream().map(challenge -> pushing(server, challenge)).toList();
        var prompts = names.stream().map(service::next).toList();

        assertThat(AtOnce.call(20, i -> administrator.get("/users?limit=1").status())).containsOnly(200);
        assertThat(administrator.get("/me").status()).isEqualTo(200);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        prompts.forEach(ApprovalService.Prompt::approve);
        assertThat(waiting.stream().map(CompletableFuture::join)).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
    }
}
