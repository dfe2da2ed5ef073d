package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.RecurringTasks;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SessionsIT {

    private static final String PASSWORD = "seven bridges of ...";
    private static final String OTHER_PASSWORD = "eight bridges of ...";

    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final int CALLERS = 50;

    private static GatehouseServer server;
    private static GatehouseServer otherNode;
    private static ApiClient administrator;
    private static ApiClient anonymous;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        server = node(database);
        otherNode = node(database);
        administrator = ApiClient.administrator(server);
        anonymous = ApiClient.anonymous(server);
    }

    private static GatehouseServer node(TestPostgres.TestDatabase database) {
        return GatehouseServer.with("gatehouse.master-key", MASTER_KEY).with("gatehouse.trusted-proxies", "127.0.0.1")
                .with("gatehouse.session-idle", "1h").on(database).start();
    }

    @AfterAll
    static void stop() {
        otherNode.close();
        server.close();
    }

    @Test
    void areAHundredOfAUserAtMost() {
        var first = login("crowded");
        for (int i = 1; i < Sessions.MOST; i++) {
            anonymous.login("crowded", PASSWORD);
        }
        assertThat(ApiClient.withToken(server, first.textAt("access_token")).get("/me").status()).isEqualTo(200);

        var last = anonymous.login("crowded", PASSWORD);

        assertThat(ApiClient.withToken(server, first.textAt("access_token")).get("/me").status()).isEqualTo(401);
        assertThat(ApiClient.withToken(server, last.textAt("access_token")).get("/me/sessions").items()).hasSize(Sessions.MOST);
    }

    @Test
    void goOnByRefreshTokensThatWorkOnce() {
        var first = login("refreshing");
        var second = refresh(first);

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.object()).containsEntry("username", "refreshing").containsEntry("expires_in", 900L);
        assertThat(second.at("refresh_token")).isNotEqualTo(first.at("refresh_token"));
        assertThat(me(second)).isEqualTo(200);
        assertThat(refresh(second).status()).isEqualTo(200);
    }

    @Test
    void endWithAllTheirTokensWhenASpentOneIsUsedAgain() {
        var stolen = login("robbed");
        var other = anonymous.login("robbed", PASSWORD);
        var legitimate = refresh(stolen);

        assertThat(refresh(stolen).status()).isEqualTo(401);

        assertThat(me(stolen)).isEqualTo(401);
        assertThat(me(legitimate)).isEqualTo(401);
        assertThat(refresh(legitimate).status()).isEqualTo(401);
        assertThat(me(other)).as("another session of the same user").isEqualTo(200);
        assertThat(administrator.get("/audit").items()).anySatisfy(event -> assertThat(event)
                .containsEntry("action", "auth.refresh-token.reused").containsEntry("target", "user:robbed").containsEntry("outcome", "failure"));
    }

    @Test
    void giveOneSuccessorToARefreshTokenHoweverManyUseItAtOnce() throws Exception {
        for (int round = 0; round < 3; round++) {
            var tokens = login("hasty" + round);
            var nodes = List.of(server, otherNode);

            var answers = atOnce(i -> ApiClient.anonymous(nodes.get(i % 2)).post("/auth/refresh", "{\"refresh_token\": \"" + tokens.at("refresh_token") + "\"}"));

            assertThat(answers).extracting(Answer::status).containsOnly(200, 401).containsOnlyOnce(200);
            var winner = answers.stream().filter(answer -> answer.status() == 200).findFirst().orElseThrow();
            assertThat(me(tokens)).as("the others were reuse").isEqualTo(401);
            assertThat(me(winner)).isEqualTo(401);
            assertThat(refresh(winner).status()).isEqualTo(401);
        }
    }

    @Test
    void areOverForEverybodyWhenRevokedWhileTheyAreUsed() throws Exception {
        var tokens = login("revoked");
        var other = anonymous.login("revoked", PASSWORD);
        var nodes = List.of(server, otherNode);

        var answers = atOnce(i -> i == 25
                ? ApiClient.withToken(server, other.textAt("access_token")).delete("/me/sessions?except=current")
                : i == 7
                        ? ApiClient.anonymous(nodes.get(i % 2)).post("/auth/refresh", "{\"refresh_token\": \"" + tokens.at("refresh_token") + "\"}")
                        : ApiClient.withToken(nodes.get(i % 2), tokens.textAt("access_token")).get("/me"));

        assertThat(answers).extracting(Answer::status).isSubsetOf(200, 204, 401);
        for (var node : nodes) {
            assertThat(ApiClient.withToken(node, tokens.textAt("access_token")).get("/me").status()).isEqualTo(401);
            assertThat(ApiClient.withToken(node, other.textAt("access_token")).get("/me").status()).isEqualTo(200);
        }
    }

    @Test
    void endWithANewPassword() {
        var tokens = login("changing");

        assertThat(administrator.put("/users/changing/password", "{\"password\": \"" + OTHER_PASSWORD + "\"}").status()).isEqualTo(204);

        assertThat(me(tokens)).isEqualTo(401);
        assertThat(refresh(tokens).status()).isEqualTo(401);
        assertThat(anonymous.login("changing", PASSWORD).status()).isEqualTo(401);
        assertThat(anonymous.login("changing", OTHER_PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void endWithASuspensionAndDoNotComeBackWithTheUser() {
        var tokens = login("wayward");

        administrator.post("/users/wayward/suspend", "{\"reason\": \"x\"}");
        assertThat(me(tokens)).isEqualTo(401);

        administrator.post("/users/wayward/activate", null);
        assertThat(me(tokens)).isEqualTo(401);
        assertThat(refresh(tokens).status()).isEqualTo(401);
    }

    @Test
    void endWithTheirUserAndAreNotInheritedByTheNextOfThatName() {
        var tokens = login("mortal");

        administrator.delete("/users/mortal");
        assertThat(me(tokens)).isEqualTo(401);

        login("mortal");
        assertThat(me(tokens)).isEqualTo(401);
        assertThat(refresh(tokens).status()).isEqualTo(401);
    }

    @Test
    void endWhenTheyAreTooOld() {
        var tokens = login("old");

        server.sql().useHandle(handle -> handle.execute("""
                update sessions set expires_at = now() - interval '1 second'
                where uid_number = (select uid_number from users where username = 'old')"""));

        assertThat(me(tokens)).isEqualTo(401);
        assertThat(refresh(tokens).status()).isEqualTo(401);
        assertThat(anonymous.login("old", PASSWORD).status()).isEqualTo(200);
        int left = server.sql().withHandle(handle -> handle.createQuery("""
                select count(*) from sessions join users using (uid_number) where username = 'old'""").mapTo(int.class).one());
        assertThat(left).isEqualTo(1);
    }

    @Test
    void giveTheRightsOfTheMomentNotOfTheLogin() {
        var tokens = login("climber");
        var climber = ApiClient.withToken(server, tokens.textAt("access_token"));
        assertThat(climber.get("/users").status()).isEqualTo(403);

        administrator.put("/groups/sysadmins/members/climber", null);
        assertThat(climber.get("/users").status()).isEqualTo(200);

        administrator.delete("/groups/sysadmins/members/climber");
        assertThat(climber.get("/users").status()).isEqualTo(403);
    }

    @Test
    void areNotInTheDatabaseInAFormThatOpensThem() {
        var tokens = login("stored");

        var hashes = server.sql().withHandle(handle -> handle
                .createQuery("select encode(token_hash, 'escape') from refresh_tokens").mapTo(String.class).list());

        assertThat(hashes).isNotEmpty().allSatisfy(hash -> assertThat(hash).doesNotContain(tokens.textAt("refresh_token")));
        var key = server.sql().withHandle(handle -> handle
                .createQuery("select public_jwk::text || encode(private_key, 'escape') from signing_keys").mapTo(String.class).one());
        assertThat(key).contains("\"P-256\"").doesNotContain("\"d\"");
    }

    @Test
    void areRefusedForWhatIsNoRefreshToken() {
        assertThat(anonymous.post("/auth/refresh", "{\"refresh_token\": \"nonsense\"}").status()).isEqualTo(401);
        assertThat(anonymous.post("/auth/refresh", "{}").at("field")).isEqualTo("refresh_token");
        assertThat(anonymous.post("/auth/refresh", "{\"grant_type\": \"password\", \"refresh_token\": \"x\"}").at("field")).isEqualTo("grant_type");
    }

    @Test
    void areListedWithWhereAndWhenTheyWereSeen() throws Exception {
        login("listing");
        var tokens = loginFrom("listing", "203.0.113.9", "terminal/1.0");
        var caller = ApiClient.withToken(server, tokens.textAt("access_token"));

        var sessions = caller.get("/me/sessions").items();

        assertThat(sessions).hasSize(2).extracting(session -> session.get("current")).containsExactly(false, true);
        assertThat(sessions.getLast()).containsEntry("address", "203.0.113.9").containsEntry("lastAddress", "203.0.113.9")
                .containsEntry("userAgent", "terminal/1.0").containsKeys("createdAt", "lastSeenAt", "expiresAt").doesNotContainKey("uidNumber");
        assertThat(caller.get("/users/listing/sessions").items()).isEqualTo(sessions);
        assertThat(administrator.get("/users/listing/sessions?sort=-createdAt&limit=1").items()).singleElement().satisfies(session ->
                assertThat(session).containsEntry("id", sessions.getLast().get("id")).containsEntry("current", false));
    }

    @Test
    void areNotedAsSeenOnceAMinute() {
        var tokens = login("noted");
        server.sql().useHandle(handle -> handle.execute("""
                update sessions set last_seen_at = now() - interval '61 seconds', last_address = 'elsewhere'
                where uid_number = (select uid_number from users where username = 'noted')"""));

        assertThat(me(tokens)).isEqualTo(200);
        var noted = administrator.get("/users/noted/sessions").items().getFirst();
        assertThat(noted).containsEntry("lastAddress", "127.0.0.1");
        assertThat(me(tokens)).isEqualTo(200);
        assertThat(administrator.get("/users/noted/sessions").items().getFirst()).isEqualTo(noted);
    }

    @Test
    void endWhenTheyAreNotUsedForLong() {
        var tokens = login("idle");
        assertThat(refresh(tokens).status()).isEqualTo(200);
        rest("idle", "59 minutes");
        assertThat(me(tokens)).as("and its use begins the time anew").isEqualTo(200);
        rest("idle", "59 minutes");
        assertThat(me(tokens)).isEqualTo(200);

        var other = anonymous.login("idle", PASSWORD);
        rest("idle", "61 minutes");
        assertThat(me(other)).isEqualTo(401);
        assertThat(refresh(other).status()).isEqualTo(401);
        assertThat(administrator.get("/users/idle/sessions").items()).isEmpty();
    }

    @Test
    void areRemovedWithTheirTokensWhenDead() {
        login("dead");
        var alive = anonymous.login("dead", PASSWORD);
        server.sql().useHandle(handle -> handle.execute("""
                update sessions set last_seen_at = now() - interval '2 hours' where id = (
                    select id from sessions where uid_number = (select uid_number from users where username = 'dead') order by created_at limit 1)"""));
        assertThat(count("select count(*) from refresh_tokens t join sessions s on s.id = t.session_id join users using (uid_number) where username = 'dead'"))
                .isEqualTo(2);

        server.bean(RecurringTasks.class).run(server.bean(DeadSessions.class));

        assertThat(count("select count(*) from refresh_tokens t join sessions s on s.id = t.session_id join users using (uid_number) where username = 'dead'"))
                .isEqualTo(1);
        assertThat(me(alive)).isEqualTo(200);
    }

    @Test
    void areEndedOneByOneOrAllButTheOneThatAsks() {
        var first = login("tidy");
        var second = anonymous.login("tidy", PASSWORD);
        var third = anonymous.login("tidy", PASSWORD);
        var caller = ApiClient.withToken(server, third.textAt("access_token"));
        var ids = caller.get("/me/sessions").items().stream().map(session -> session.get("id")).toList();

        assertThat(caller.delete("/me/sessions/" + ids.getFirst()).status()).isEqualTo(204);
        assertThat(me(first)).isEqualTo(401);
        assertThat(me(second)).isEqualTo(200);
        assertThat(caller.delete("/me/sessions/" + ids.getFirst()).status()).isEqualTo(404);
        assertThat(caller.delete("/me/sessions/nonsense").status()).isEqualTo(404);
        assertThat(caller.delete("/me/sessions?except=others").at("field")).isEqualTo("except");

        assertThat(caller.delete("/me/sessions?except=current").status()).isEqualTo(204);
        assertThat(me(second)).isEqualTo(401);
        assertThat(me(third)).isEqualTo(200);

        assertThat(caller.delete("/me/sessions").status()).isEqualTo(204);
        assertThat(me(third)).isEqualTo(401);
    }

    @Test
    void ofOthersAreEndedByAdministratorsOnly() {
        var hers = login("hers");
        var his = login("his");
        var caller = ApiClient.withToken(server, his.textAt("access_token"));
        var id = administrator.get("/users/hers/sessions").items().getFirst().get("id");

        assertThat(caller.get("/users/hers/sessions").status()).isEqualTo(403);
        assertThat(caller.delete("/users/hers/sessions").status()).isEqualTo(403);
        assertThat(caller.delete("/users/hers/sessions/" + id).status()).isEqualTo(403);
        assertThat(caller.delete("/me/sessions/" + id).status()).isEqualTo(404);
        assertThat(caller.delete("/users/his/sessions/" + id).status()).isEqualTo(404);
        assertThat(me(hers)).isEqualTo(200);

        assertThat(administrator.delete("/users/hers/sessions/" + id).status()).isEqualTo(204);
        assertThat(me(hers)).isEqualTo(401);
        assertThat(administrator.delete("/users/his/sessions").status()).isEqualTo(204);
        assertThat(me(his)).isEqualTo(401);
        assertThat(administrator.get("/users/nobody-at-all/sessions").status()).isEqualTo(404);
    }

    @Test
    void endWithALogout() {
        var tokens = login("leaving");
        var other = anonymous.login("leaving", PASSWORD);
        assertThat(anonymous.post("/auth/logout", null).status()).isEqualTo(401);

        assertThat(ApiClient.withToken(otherNode, tokens.textAt("access_token")).post("/auth/logout", null).status()).isEqualTo(204);

        assertThat(me(tokens)).isEqualTo(401);
        assertThat(refresh(tokens).status()).isEqualTo(401);
        assertThat(me(other)).isEqualTo(200);
    }

    @Test
    void endOnEveryNodeAtOnce() {
        for (var end : List.<Consumer<String>>of(
                name -> administrator.post("/users/" + name + "/suspend", "{\"reason\": \"x\"}"),
                name -> administrator.put("/users/" + name + "/password", "{\"password\": \"" + OTHER_PASSWORD + "\"}"),
                name -> administrator.delete("/users/" + name + "/sessions"),
                name -> administrator.delete("/users/" + name))) {
            var tokens = login("everywhere");
            var elsewhere = ApiClient.withToken(otherNode, tokens.textAt("access_token"));
            assertThat(elsewhere.get("/me").status()).isEqualTo(200);

            end.accept("everywhere");

            assertThat(elsewhere.get("/me").status()).isEqualTo(401);
            assertThat(ApiClient.anonymous(otherNode).post("/auth/refresh", "{\"refresh_token\": \"" + tokens.at("refresh_token") + "\"}").status()).isEqualTo(401);
            administrator.delete("/users/everywhere");
        }
    }

    @Test
    void giveNoRightThatWasTakenAwayOnAnotherNode() {
        var tokens = login("demoted");
        administrator.put("/groups/sysadmins/members/demoted", null);
        var elsewhere = ApiClient.withToken(otherNode, tokens.textAt("access_token"));
        assertThat(elsewhere.get("/users").status()).isEqualTo(200);

        administrator.delete("/groups/sysadmins/members/demoted");

        assertThat(elsewhere.get("/users").status()).isEqualTo(403);
    }

    private static void rest(String username, String interval) {
        server.sql().useHandle(handle -> handle.execute("""
                update sessions set last_seen_at = now() - cast(? as interval)
                where uid_number = (select uid_number from users where username = ?)""", interval, username));
    }

    private static int count(String query) {
        return server.sql().withHandle(handle -> handle.createQuery(query).mapTo(int.class).one());
    }

    private static Answer loginFrom(String username, String address, String userAgent) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return new Answer(http.send(HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/v1/auth/login"))
                    .header("X-Forwarded-For", address).header("User-Agent", userAgent).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"username\": \"" + username + "\", \"password\": \"" + PASSWORD + "\"}"))
                    .build(), HttpResponse.BodyHandlers.ofString()));
        }
    }

    private static List<Answer> atOnce(IntFunction<Answer> call) throws Exception {
        return AtOnce.call(CALLERS, call);
    }

    private static Answer login(String username) {
        administrator.post("/users", """
                {"username": "%s", "password": "%s"}""".formatted(username, PASSWORD));
        var answer = anonymous.login(username, PASSWORD);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    private static Answer refresh(Answer tokens) {
        return anonymous.post("/auth/refresh", """
                {"grant_type": "refresh_token", "refresh_token": "%s"}""".formatted(tokens.at("refresh_token")));
    }

    private static int me(Answer tokens) {
        return ApiClient.withToken(server, tokens.textAt("access_token")).get("/me").status();
    }
}
