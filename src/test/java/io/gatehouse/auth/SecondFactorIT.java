package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.Totp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logins over HTTP with a second factor, on two nodes. */
class SecondFactorIT {

    private static final String PASSWORD = "the harvard mark one";
    private static final int CROWD = 50;

    private static GatehouseServer server;
    private static GatehouseServer other;
    private static ApiClient administrator;
    private static ApiClient anonymous;

    /** @param session the client that has set it up */
    private record Enrolled(String username, String secret, List<String> recoveryCodes, ApiClient session) {
    }

    @BeforeAll
    static void start() {
        server = patient().start();
        other = patient().on(server.database()).with("gatehouse.master-key-file", server.dataDirectory().resolve("master.key").toString()).start();
        administrator = ApiClient.administrator(server);
        anonymous = ApiClient.anonymous(server);
    }

    private static GatehouseServer.Builder patient() {
        return GatehouseServer.with("gatehouse.login.free-attempts", 500).with("gatehouse.login.lock-after", 1000)
                .with("gatehouse.requests.per-account", 1000);
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
    }

    private static void create(GatehouseServer node, String username) {
        var answer = ApiClient.administrator(node).post("/users", "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(username, PASSWORD));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private static Enrolled enrolled(GatehouseServer node, String username) {
        create(node, username);
        return enrol(node, username, PASSWORD);
    }

    @SuppressWarnings("unchecked")
    private static Enrolled enrol(GatehouseServer node, String username, String password) {
        var client = ApiClient.user(node, username, password);
        var secret = client.post("/me/totp", null).textAt("secret");
        var confirmed = client.post("/me/totp/confirm", code(Totp.code(secret, -1)));
        assertThat(confirmed.status()).as(confirmed.text()).isEqualTo(200);
        return new Enrolled(username, secret, (List<String>) confirmed.at("recoveryCodes"), client);
    }

    @Test
    void aCodeMayHaveBlanksAsAppsShowIt() {
        create(server, "spaced");
        var client = ApiClient.user(server, "spaced", PASSWORD);
        var secret = client.post("/me/totp", null).textAt("secret");
        assertThat(client.post("/me/totp/confirm", code(inGroups(Totp.code(secret, -1), " "))).status()).isEqualTo(200);

        assertThat(second(server, challenge("spaced"), inGroups(Totp.code(secret, 0), "\u00a0")).status()).isEqualTo(200);
    }

    private static String inGroups(String code, String blank) {
        return blank + code.substring(0, 3) + blank + code.substring(3);
    }

    private static String code(String code) {
        return "{\"code\": \"" + code + "\"}";
    }

    private static String challenge(String username) {
        var answer = anonymous.login(username, PASSWORD);
        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
        return answer.textAt("challenge");
    }

    private static Answer second(GatehouseServer node, String challenge, String code) {
        return ApiClient.anonymous(node).post("/auth/login/second-factor", "{\"challenge\": \"%s\", \"code\": \"%s\"}".formatted(challenge, code));
    }

    private static Answer second(String challenge, String code) {
        return second(server, challenge, code);
    }

    @Test
    void countsOnceItIsConfirmed() {
        create(server, "begins");
        var client = ApiClient.user(server, "begins", PASSWORD);
        var elsewhere = ApiClient.user(server, "begins", PASSWORD);

        var begun = client.post("/me/totp", null);

        assertThat(begun.status()).isEqualTo(200);
        assertThat(begun.header("Cache-Control")).isEqualTo("no-store");
        assertThat(begun.textAt("uri")).startsWith("otpauth://totp/Gatehouse:begins?secret=" + begun.textAt("secret"));
        assertThat(begun.textAt("qrPng")).startsWith("iVBOR");
        assertThat(client.get("/me/totp").object()).containsEntry("active", false);
        assertThat(anonymous.login("begins", PASSWORD).status()).as("not confirmed").isEqualTo(200);
        assertThat(client.post("/me/totp/confirm", code("000000")).at("field")).isEqualTo("code");
        assertThat(client.post("/me/totp/confirm", code(Totp.code(begun.textAt("secret"), 5))).status()).isEqualTo(422);

        var confirmed = client.post("/me/totp/confirm", code(Totp.code(begun.textAt("secret"), 0)));

        assertThat(confirmed.status()).as(confirmed.text()).isEqualTo(200);
        assertThat((List<?>) confirmed.at("recoveryCodes")).hasSize(10);
        assertThat(client.get("/me/totp").object()).containsEntry("active", true).containsEntry("recoveryCodesLeft", 10L);
        assertThat(elsewhere.get("/me").status()).as("another session").isEqualTo(401);
        assertThat(client.post("/me/totp", null).status()).isEqualTo(409);
        assertThat(client.post("/me/totp/confirm", code("000000")).status()).isEqualTo(404);
        assertThat(anonymous.login("begins", PASSWORD).status()).isEqualTo(401);
    }

    @Test
    void asksForACodeAndTellsHowTheSessionWasMade() {
        var person = enrolled(server, "twosteps");

        var first = anonymous.login("twosteps", PASSWORD);

        assertThat(first.status()).isEqualTo(401);
        assertThat(first.header("Cache-Control")).isEqualTo("no-store");
        assertThat(first.object()).containsEntry("error", "mfa_required").containsEntry("type", "urn:gatehouse:problem:mfa-required")
                .containsEntry("factors", List.of("recovery_code", "totp")).doesNotContainKey("access_token");
        assertThat(anonymous.login("twosteps", "wrong").object()).doesNotContainKey("challenge");

        var challenge = first.textAt("challenge");
        var code = Totp.code(person.secret(), 0);
        var done = second(challenge, code);

        assertThat(done.status()).as(done.text()).isEqualTo(200);
        var client = ApiClient.withToken(server, done.textAt("access_token"));
        assertThat(client.get("/me/sessions").items()).filteredOn(session -> session.get("current").equals(true))
                .extracting(session -> session.get("amr")).containsExactly(List.of("pwd", "otp", "mfa"));
        assertThat(person.session().get("/me/sessions").items()).filteredOn(session -> session.get("current").equals(true))
                .extracting(session -> session.get("amr")).containsExactly(List.of("pwd"));
        assertThat(second(challenge, Totp.code(person.secret(), 1)).status()).as("the challenge again").isEqualTo(401);
        assertThat(second(challenge("twosteps"), code).status()).as("the code again").isEqualTo(401);
        assertThat(second(other, challenge("twosteps"), code).status()).as("the code again, elsewhere").isEqualTo(401);
    }

    @Test
    void takesACodeOfANeighbouringStepAndNoOlderOneAfterIt() {
        var person = enrolled(server, "drifts");
        assertThat(second(challenge("drifts"), Totp.code(person.secret(), 3)).status()).isEqualTo(401);
        assertThat(second(challenge("drifts"), Totp.code(person.secret(), -3)).status()).isEqualTo(401);
        assertThat(second(challenge("drifts"), Totp.code(person.secret(), 1)).status()).isEqualTo(200);
        assertThat(second(challenge("drifts"), Totp.code(person.secret(), -1)).status()).as("older than one that was used").isEqualTo(401);
    }

    @Test
    void takesEachRecoveryCodeOnceHoweverItIsTyped() {
        var person = enrolled(server, "lostphone");
        var code = person.recoveryCodes().getFirst();

        var done = second(challenge("lostphone"), code.toUpperCase().replace('-', ' '));

        assertThat(done.status()).as(done.text()).isEqualTo(200);
        var client = ApiClient.withToken(server, done.textAt("access_token"));
        assertThat(client.get("/me/totp").at("recoveryCodesLeft")).isEqualTo(9L);
        assertThat(second(challenge("lostphone"), code).status()).isEqualTo(401);
        assertThat(second(challenge("lostphone"), "aaaa-aaaa-aaaa-aaaa").status()).isEqualTo(401);

        var renewed = client.post("/me/recovery-codes", null);
        assertThat(second(challenge("lostphone"), person.recoveryCodes().get(1)).status()).as("an old one").isEqualTo(401);
        assertThat(second(challenge("lostphone"), ((List<?>) renewed.at("recoveryCodes")).getFirst().toString()).status()).isEqualTo(200);
    }

    @Test
    void oneOfACrowdWithTheSameCodeIsLet() throws Exception {
        var person = enrolled(server, "crowd");
        var challenges = AtOnce.call(CROWD, i -> challenge("crowd"));
        var code = Totp.code(person.secret(), 1);

        var statuses = AtOnce.call(CROWD, i -> second(i % 2 == 0 ? server : other, challenges.get(i), code).status());

        assertThat(statuses).containsOnlyOnce(200);
        assertThat(statuses.stream().filter(status -> status == 401)).hasSize(CROWD - 1);
    }

    @Test
    void oneOfACrowdWithTheSameChallengeOrRecoveryCodeIsLet() throws Exception {
        var person = enrolled(server, "crowd2");
        var challenge = challenge("crowd2");

        var sameChallenge = AtOnce.call(10, i -> second(i % 2 == 0 ? server : other, challenge, person.recoveryCodes().get(i)).status());
        assertThat(sameChallenge).containsOnlyOnce(200);

        var fresh = ((List<?>) person.session().post("/me/recovery-codes", null).at("recoveryCodes")).getFirst().toString();
        var challenges = AtOnce.call(CROWD, i -> challenge("crowd2"));
        assertThat(AtOnce.call(CROWD, i -> second(i % 2 == 0 ? server : other, challenges.get(i), fresh).status())).containsOnlyOnce(200);
    }

    @Test
    void aRightPasswordForgivesNoWrongCodes() {
        try (var strict = GatehouseServer.with("gatehouse.login.free-attempts", 3).with("gatehouse.login.lock-after", 4)
                .with("gatehouse.login.delay", "0ms").with("gatehouse.login.max-delay", "0ms").start()) {
            var person = enrolled(strict, "guessed");
            var guesser = ApiClient.anonymous(strict);
            for (int i = 0; i < 4; i++) {
                var challenge = guesser.login("guessed", PASSWORD).textAt("challenge");
                assertThat(second(strict, challenge, "00000" + i).status()).isEqualTo(401);
            }
            assertThat(guesser.login("guessed", PASSWORD).status()).isEqualTo(429);
            assertThat(person.session().get("/me/audit").items()).extracting(event -> event.get("action"))
                    .contains("auth.second-factor.failed", "auth.login.locked");
        }
    }

    @Test
    void aChallengeEndsWithTimeFailuresSuspensionAndANewPassword() {
        var person = enrolled(server, "ends");
        var late = challenge("ends");
        server.sql().useHandle(handle -> handle.execute("update login_challenges set expires_at = now()"));
        assertThat(second(late, Totp.code(person.secret(), 0)).status()).isEqualTo(401);

        var guessed = challenge("ends");
        for (int i = 0; i < 5; i++) {
            assertThat(second(guessed, "000000").status()).isEqualTo(401);
        }
        assertThat(second(guessed, person.recoveryCodes().get(0)).status()).isEqualTo(401);

        var before = challenge("ends");
        administrator.post("/users/ends/suspend", "{\"reason\": \"x\"}");
        assertThat(second(before, person.recoveryCodes().get(1)).status()).isEqualTo(401);
        administrator.post("/users/ends/activate", null);
        var old = challenge("ends");
        assertThat(administrator.put("/users/ends/password", "{\"password\": \"quite another one\"}").status()).isEqualTo(204);
        assertThat(second(old, person.recoveryCodes().get(2)).status()).isEqualTo(401);
        assertThat(second("nonsense", person.recoveryCodes().get(2)).status()).isEqualTo(401);
    }

    @Test
    void goesWithPasswordAndCodeOnly() {
        var person = enrolled(server, "removes");
        var elsewhere = ApiClient.withToken(server, second(challenge("removes"), person.recoveryCodes().get(0)).textAt("access_token"));

        assertThat(removal(person, "wrong", person.recoveryCodes().get(1)).at("field")).isEqualTo("password");
        assertThat(removal(person, PASSWORD, "000000").at("field")).isEqualTo("code");
        assertThat(removal(person, PASSWORD, person.recoveryCodes().get(1)).status()).isEqualTo(204);

        assertThat(elsewhere.get("/me").status()).isEqualTo(401);
        assertThat(person.session().get("/me/totp").at("active")).isEqualTo(false);
        assertThat(anonymous.login("removes", PASSWORD).status()).isEqualTo(200);
    }

    private static Answer removal(Enrolled person, String password, String code) {
        return person.session().send("DELETE", "/me/totp", "{\"password\": \"%s\", \"code\": \"%s\"}".formatted(password, code));
    }

    @Test
    void anAdministratorResetsItAndEndsAllSessions() {
        var person = enrolled(server, "reset");

        assertThat(administrator.delete("/users/reset/second-factor").status()).isEqualTo(204);

        assertThat(person.session().get("/me").status()).isEqualTo(401);
        assertThat(anonymous.login("reset", PASSWORD).status()).isEqualTo(200);
        assertThat(administrator.delete("/users/reset/second-factor").status()).isEqualTo(404);
        assertThat(ApiClient.user(server, "reset", PASSWORD).get("/me/audit").items()).extracting(event -> event.get("action"))
                .contains("identity.second-factor.reset", "identity.second-factor.confirmed");
    }

    @Test
    void anAdministratorRemovesHisOwnOnlyAsEverybodyDoes() {
        var person = enrolled(server, "chief");
        administrator.put("/groups/sysadmins/members/chief", null);

        var refused = person.session().delete("/users/chief/second-factor");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.textAt("detail")).contains("/me/totp");
        assertThat(person.session().get("/me/totp").at("active")).isEqualTo(true);
    }

    @Test
    void aLoginThatIsUnderWayEndsWithASuspensionThoughThatIsLifted() {
        var person = enrolled(server, "flipped");
        var challenge = challenge("flipped");

        administrator.post("/users/flipped/suspend", "{\"reason\": \"x\"}");
        administrator.post("/users/flipped/activate", null);

        assertThat(second(server, challenge, person.recoveryCodes().getFirst()).status()).isEqualTo(401);
        assertThat(second(server, challenge("flipped"), person.recoveryCodes().getFirst()).status()).isEqualTo(200);
    }

    @Test
    void administratorsWhoMustHaveOneCanOnlySetItUp() {
        try (var strict = GatehouseServer.start()) {
            create(strict, "boss");
            ApiClient.administrator(strict).put("/groups/sysadmins/members/boss", null);
            create(strict, "worker");
            var boss = ApiClient.user(strict, "boss", PASSWORD);
            var key = boss.post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"]}").textAt("key");
            assertThat(boss.put("/settings/second_factor_required_for_administrators", "{\"value\": \"true\"}").status()).isEqualTo(200);

            var refused = boss.get("/users");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.textAt("detail")).contains("POST /api/v1/me/totp");
            assertThat(boss.delete("/settings/second_factor_required_for_administrators").status()).isEqualTo(403);
            assertThat(ApiClient.withToken(strict, key).get("/users").status()).isEqualTo(403);
            assertThat(ApiClient.user(strict, "worker", PASSWORD).get("/me/sessions").status()).isEqualTo(200);
            assertThat(boss.get("/me").status()).isEqualTo(200);

            var secret = boss.post("/me/totp", null).textAt("secret");
            assertThat(boss.post("/me/totp/confirm", code(Totp.code(secret, 0))).status()).isEqualTo(200);
            assertThat(boss.get("/users").status()).isEqualTo(200);
            assertThat(ApiClient.withToken(strict, key).get("/users").status()).isEqualTo(200);
        }
    }

    @Test
    void nothingOfItIsStoredInClearOrTold() {
        var person = enrolled(server, "secretive");
        second(challenge("secretive"), Totp.code(person.secret(), 0));

        var stored = server.sql().withHandle(handle -> handle.createQuery("select encode(secret, 'escape') from totp_factors").mapTo(String.class).list().toString()
                + handle.createQuery("select encode(code_hash, 'escape') from recovery_codes").mapTo(String.class).list()
                + handle.createQuery("select detail::text from audit_events").mapTo(String.class).list());

        assertThat(stored).doesNotContain(person.secret()).doesNotContain(person.recoveryCodes());
    }

    @Test
    void peopleChangeWhatTheyKeepThemselvesAndSeeWhatHappenedToThem() {
        create(server, "selfmade");
        create(server, "stranger");
        var self = ApiClient.user(server, "selfmade", PASSWORD);

        assertThat(self.patch("/me", "{\"givenName\": \"Ada\", \"sn\": \"Lovelace\", \"loginShell\": \"/bin/sh\", \"gecos\": \"x\"}").object())
                .containsAllEntriesOf(Map.of("givenName", "Ada", "cn", "selfmade", "loginShell", "/bin/sh"));
        assertThat(self.patch("/me", "{\"mail\": \"a@example.org\"}").status()).isEqualTo(403);
        assertThat(self.patch("/me", "{\"homeDirectory\": \"/root\"}").at("field")).isEqualTo("homeDirectory");
        assertThat(self.patch("/me", "{\"isAdministrator\": true}").status()).isEqualTo(422);
        assertThat(self.patch("/me", "{\"sn\": \"x\"}", "\"1\"").status()).isEqualTo(412);

        // What was refused gets into the log a moment later.
        var events = self.get("/me/audit").items().stream().filter(event -> !event.get("action").equals("auth.request.forbidden")).toList();
        assertThat(events).extracting(event -> event.get("action"))
                .containsExactly("identity.user.modified", "auth.login.succeeded", "identity.user.created");
        assertThat(events).extracting(event -> event.get("address")).containsExactly("127.0.0.1", "127.0.0.1", null);
        assertThat(self.get("/me/audit").text()).doesNotContain("stranger");
    }
}
