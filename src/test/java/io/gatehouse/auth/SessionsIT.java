package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SessionsIT {

    private static final String PASSWORD = "seven bridges of ...";
    private static final String OTHER_PASSWORD = "eight bridges of ...";

    private static GatehouseServer server;
    private static ApiClient administrator;
    private static ApiClient anonymous;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
        anonymous = ApiClient.anonymous(server);
    }

    @AfterAll
    static void stop() {
        server.close();
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
        assertThat(administrator.get("/audit-events").items()).anySatisfy(event -> assertThat(event)
                .containsEntry("action", "auth.refresh-token.reused").containsEntry("target", "user:robbed").containsEntry("outcome", "failure"));
    }

    @Test
    void giveOneSuccessorToARefreshTokenHoweverManyUseItAtOnce() throws Exception {
        var tokens = login("hasty");
        Callable<Integer> use = () -> refresh(tokens).status();

        var statuses = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var status : threads.invokeAll(Collections.nCopies(20, use))) {
                statuses.add(status.get());
            }
        }

        assertThat(statuses).containsOnly(200, 401).containsOnlyOnce(200);
        assertThat(me(tokens)).isEqualTo(401);
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
