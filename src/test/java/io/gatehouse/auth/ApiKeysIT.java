package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiKeysIT {

    private static final String PASSWORD = "seven bridges of ...";
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static GatehouseServer server;
    private static GatehouseServer otherNode;
    private static ApiClient administrator;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        server = node(database);
        otherNode = node(database);
        administrator = ApiClient.administrator(server);
    }

    private static GatehouseServer node(TestPostgres.TestDatabase database) {
        return GatehouseServer.with("gatehouse.master-key", MASTER_KEY).with("gatehouse.trusted-proxies", "127.0.0.1")
                .with("gatehouse.requests.per-account", 1000).on(database).start();
    }

    @AfterAll
    static void stop() {
        otherNode.close();
        server.close();
    }

    @Test
    void areToldOnceAndNamedByTheirPrefix() {
        var alice = person("told");

        var created = alice.post("/api-keys", """
                {"description": "backup", "scopes": ["users:read", "cluster:write", "users:read"], "expiresAt": "2090-01-02T03:04:05+01:00",
                 "allowedNetworks": ["10.0.0.0/8", "2001:db8::1"], "rateLimit": 7}""");

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/api/v1/api-keys/" + created.at("id"));
        assertThat(created.header("Cache-Control")).isEqualTo("no-store");
        assertThat(created.textAt("key")).startsWith("gh_" + created.at("prefix") + "_");
        assertThat(created.object()).containsEntry("description", "backup").containsEntry("scopes", List.of("users:read", "cluster:write"))
                .containsEntry("expiresAt", "2090-01-02T02:04:05Z").containsEntry("allowedNetworks", List.of("10.0.0.0/8", "2001:db8::1/128"))
                .containsEntry("rateLimit", 7L).containsEntry("username", "told").containsEntry("serviceAccount", null)
                .containsEntry("createdBy", "told").containsEntry("lastUsedAt", null);
        var shown = alice.get("/api-keys/" + created.at("id"));
        assertThat(shown.object()).containsEntry("key", null).containsEntry("prefix", created.at("prefix"));
        assertThat(shown.header("ETag")).isEqualTo("\"1\"");
        assertThat(alice.get("/api-keys").items()).singleElement().satisfies(key -> assertThat(key).containsEntry("key", null));
        var secret = created.textAt("key").substring(12);
        assertThat(text("select string_agg(k::text, '') from api_keys k")).doesNotContain(secret);
        assertThat(text("select string_agg(e::text, '') from audit_events e")).contains("auth.api-key.created").doesNotContain(secret);
    }

    @Test
    void actForTheirOwnerWithinTheirScopes() {
        var alice = person("scoped");
        var reading = key(alice, "users:read");
        var writing = key(alice, "users:write");

        assertThat(reading.get("/me").at("username")).isEqualTo("scoped");
        assertThat(reading.get("/users/scoped").status()).isEqualTo(200);
        assertThat(writing.get("/users/scoped").status()).as("who may write may read").isEqualTo(200);
        assertThat(writing.get("/users").status()).as("what the owner may not").isEqualTo(403);
        var refused = reading.delete("/users/scoped/ssh-keys/x");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.textAt("detail")).contains("users:write");
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer error=\"insufficient_scope\", scope=\"users:write\"");
        assertThat(writing.delete("/users/scoped/ssh-keys/x").status()).isEqualTo(404);
        assertThat(reading.get("/sites").textAt("detail")).contains("cluster:read");
    }

    @Test
    void haveThePresentRightsOfTheirOwner() {
        var key = key(person("rising"), "users:read", "users:write");
        assertThat(key.get("/users").status()).isEqualTo(403);

        administrator.put("/groups/sysadmins/members/rising", null);
        assertThat(key.get("/users").status()).isEqualTo(200);

        administrator.delete("/groups/sysadmins/members/rising");
        assertThat(key.get("/users").status()).isEqualTo(403);
    }

    @Test
    void areVoidWhileTheirOwnerIsSuspendedAndForGoodWhenHeIsGone() {
        var key = created(person("fallen"), "users:read");
        for (var node : List.of(server, otherNode)) {
            assertThat(use(node, key).status()).isEqualTo(200);
        }

        administrator.post("/users/fallen/suspend", "{\"reason\": \"x\"}");
        for (var node : List.of(server, otherNode)) {
            assertThat(use(node, key).status()).isEqualTo(401);
            assertThat(use(node, key).header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        }
        administrator.post("/users/fallen/activate", null);
        assertThat(use(otherNode, key).status()).isEqualTo(200);

        administrator.delete("/users/fallen");
        assertThat(use(server, key).status()).isEqualTo(401);
        assertThat(use(otherNode, key).status()).isEqualTo(401);
        assertThat(administrator.get("/api-keys/" + key.at("id")).status()).isEqualTo(404);
    }

    @Test
    void areVoidOnEveryNodeWhenDeletedOrExpired() {
        var alice = person("revoking");
        var deleted = created(alice, "users:read");
        var expired = created(alice, "users:read");
        for (var node : List.of(server, otherNode)) {
            assertThat(use(node, deleted).status()).isEqualTo(200);
            assertThat(use(node, expired).status()).isEqualTo(200);
        }

        assertThat(alice.delete("/api-keys/" + deleted.at("id")).status()).isEqualTo(204);
        server.sql().useHandle(handle -> handle.execute("update api_keys set expires_at = now() where prefix = ?", expired.at("prefix")));

        for (var node : List.of(server, otherNode)) {
            assertThat(use(node, deleted).status()).isEqualTo(401);
            assertThat(use(node, expired).status()).isEqualTo(401);
        }
    }

    @Test
    void ofServiceAccountsAreMadeByAdministratorsAndDoWhatTheirScopesName() {
        administrator.post("/service-accounts", "{\"name\": \"terraform\"}");
        var wish = "{\"description\": \"x\", \"scopes\": [\"users:read\", \"groups:write\"], \"serviceAccount\": \"terraform\"}";
        assertThat(person("nobody-special").post("/api-keys", wish).status()).isEqualTo(403);
        var created = administrator.post("/api-keys", wish);
        assertThat(created.object()).containsEntry("serviceAccount", "terraform").containsEntry("username", null)
                .containsEntry("createdBy", GatehouseServer.ADMINISTRATOR);
        var key = ApiClient.withToken(server, created.textAt("key"));

        assertThat(key.get("/users").status()).isEqualTo(200);
        assertThat(key.get("/me").status()).as("it is no person").isEqualTo(403);
        assertThat(key.post("/groups", "{\"cn\": \"provisioned\"}").status()).isEqualTo(201);
        assertThat(key.post("/users", "{\"username\": \"provisioned\"}").status()).isEqualTo(403);
        assertThat(text("select e::text from audit_events e where action = 'identity.group.created' and target = 'group:provisioned'"))
                .contains("service-account").contains("terraform").contains(created.textAt("prefix"));

        administrator.delete("/service-accounts/terraform");
        assertThat(key.get("/users").status()).isEqualTo(401);
        assertThat(administrator.post("/api-keys", wish).at("field")).isEqualTo("serviceAccount");
    }

    @Test
    void cannotManageKeysSessionsAndPasswords() {
        var all = key(ApiClient.administrator(server), "users:write", "groups:write", "service-accounts:write", "cluster:write", "jobs:write",
                "settings:write", "audit:write");
        for (var route : List.of("GET /api-keys", "POST /api-keys", "GET /api-keys/x", "PATCH /api-keys/x", "DELETE /api-keys/x", "GET /me/sessions",
                "DELETE /me/sessions", "DELETE /me/sessions/x", "GET /users/x/sessions", "DELETE /users/x/sessions", "POST /auth/logout",
                "PUT /users/x/password")) {
            var parts = route.split(" ");
            var answer = all.send(parts[0], parts[1], parts[0].equals("GET") || parts[0].equals("DELETE") ? null : "{}");
            assertThat(answer.status()).as(route).isEqualTo(403);
            assertThat(answer.textAt("detail")).as(route).contains("No API key");
        }
    }

    @Test
    void areSeenByTheirOwnerAndByAdministratorsOnly() {
        var alice = person("secretive");
        var bob = person("curious");
        var key = created(alice, "users:read");
        var path = "/api-keys/" + key.at("id");

        assertThat(bob.get(path).status()).isEqualTo(404);
        assertThat(bob.patch(path, "{\"description\": \"mine\"}").status()).isEqualTo(404);
        assertThat(bob.delete(path).status()).isEqualTo(404);
        assertThat(bob.get("/api-keys").items()).isEmpty();
        assertThat(bob.get("/api-keys?username=secretive").items()).isEmpty();
        assertThat(administrator.get("/api-keys?username=secretive").items()).singleElement().satisfies(found ->
                assertThat(found).containsEntry("id", key.at("id")));
        assertThat(administrator.get("/api-keys?serviceAccount=nothing").items()).isEmpty();
        assertThat(administrator.get(path).status()).isEqualTo(200);
        assertThat(administrator.delete(path).status()).isEqualTo(204);
    }

    @Test
    void areChangedWithoutLosingWhatOthersChanged() {
        var alice = person("changing");
        var created = created(alice, "users:read");
        var path = "/api-keys/" + created.at("id");

        var changed = alice.patch(path, """
                {"description": "other", "scopes": ["groups:read"], "expiresAt": "2090-01-01T00:00:00Z", "allowedNetworks": ["192.0.2.0/24"], "rateLimit": 5}""");

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.object()).containsEntry("description", "other").containsEntry("scopes", List.of("groups:read"))
                .containsEntry("allowedNetworks", List.of("192.0.2.0/24")).containsEntry("rateLimit", 5L);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(use(server, created).status()).as("not from here any more").isEqualTo(401);
        var freed = alice.patch(path, "{\"expiresAt\": null, \"allowedNetworks\": null, \"rateLimit\": null, \"scopes\": [\"users:read\"]}");
        assertThat(freed.object()).containsEntry("expiresAt", null).containsEntry("allowedNetworks", List.of()).containsEntry("rateLimit", 600L);
        assertThat(use(server, created).status()).isEqualTo(200);
        assertThat(alice.patch(path, "{\"description\": null}").at("field")).isEqualTo("description");
        assertThat(alice.patch(path, "{\"prefix\": \"aaaaaaaa\"}").at("field")).isEqualTo("prefix");
    }

    @Test
    void areRefusedWithTheFieldThatBreaksARule() {
        var alice = person("careless");
        var valid = "\"description\": \"x\", \"scopes\": [\"users:read\"]";
        for (var wrong : List.of(
                "description {\"scopes\": [\"users:read\"]}", "description {\"scopes\": [\"users:read\"], \"description\": \" \"}",
                "scopes {\"description\": \"x\"}", "scopes {\"description\": \"x\", \"scopes\": []}", "scopes {\"description\": \"x\", \"scopes\": [\"users\"]}",
                "scopes {\"description\": \"x\", \"scopes\": [\"everything:write\"]}", "scopes {\"description\": \"x\", \"scopes\": \"users:read\"}",
                "expiresAt {" + valid + ", \"expiresAt\": \"2001-01-01T00:00:00Z\"}", "expiresAt {" + valid + ", \"expiresAt\": \"tomorrow\"}",
                "expiresAt {" + valid + ", \"expiresAt\": \"+1000000-01-01T00:00:00Z\"}", "expiresAt {" + valid + ", \"expiresAt\": 1}",
                "allowedNetworks {" + valid + ", \"allowedNetworks\": [\"10.0.0.1/8\"]}", "allowedNetworks {" + valid + ", \"allowedNetworks\": [\"here\"]}",
                "rateLimit {" + valid + ", \"rateLimit\": 0}", "rateLimit {" + valid + ", \"rateLimit\": 6001}", "rateLimit {" + valid + ", \"rateLimit\": 1.5}",
                "secret {" + valid + ", \"secret\": \"x\"}")) {
            var parts = wrong.split(" ", 2);
            var answer = alice.post("/api-keys", parts[1]);
            assertThat(answer.status()).as(wrong).isEqualTo(422);
            assertThat(answer.at("field")).as(wrong).isEqualTo(parts[0]);
        }
    }

    @Test
    void workFromTheirNetworksOnly() throws Exception {
        var created = person("travelling").post("/api-keys",
                "{\"description\": \"x\", \"scopes\": [\"users:read\"], \"allowedNetworks\": [\"198.51.100.0/24\", \"2001:db8::/32\"]}");

        assertThat(use(server, created).status()).isEqualTo(401);
        assertThat(from("198.51.100.77", created)).isEqualTo(200);
        assertThat(from("2001:db8::5", created)).isEqualTo(200);
        assertThat(from("198.51.101.1", created)).isEqualTo(401);
        assertThat(from("198.51.100.77, 203.0.113.1", created)).as("written by the client itself").isEqualTo(401);
    }

    @Test
    void leaveATraceWhenTheyAreRefusedAndNotMoreThanOneAMinuteForEachReason() throws Exception {
        var owner = person("refused");
        var far = owner.post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"], \"allowedNetworks\": [\"198.51.100.0/24\"]}");
        var rare = owner.post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"], \"rateLimit\": 1}");
        var over = owner.post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"], \"expiresAt\": \"2090-01-01T00:00:00Z\"}");
        server.sql().useHandle(handle -> handle.execute("update api_keys set expires_at = now() where prefix = ?", over.at("prefix")));
        for (int i = 0; i < 5; i++) {
            assertThat(from("203.0.113.9", far)).isEqualTo(401);
            from("203.0.113.9", rare);
            assertThat(use(server, over).status()).isEqualTo(401);
        }
        assertThat(ApiClient.withToken(server, far.textAt("key") + "x").get("/users/refused").status()).as("no such key leaves none").isEqualTo(401);

        assertThat(refusals(far, "auth.api-key.refused")).singleElement().satisfies(event -> assertThat(event.toString())
                .contains("reason=network", "name=refused", "key=" + far.textAt("prefix"), "address=203.0.113.9", "outcome=failure"));
        assertThat(refusals(rare, "auth.api-key.refused")).singleElement().satisfies(event -> assertThat(event.toString()).contains("reason=rate-limit"));
        assertThat(refusals(over, "auth.api-key.refused")).singleElement().satisfies(event -> assertThat(event.toString()).contains("reason=expired-or-suspended"));
    }

    @Test
    void leaveATraceWhenTheyLackTheRightAndSoDoSessions() throws Exception {
        var owner = person("reaching");
        var key = created(owner, "users:read");
        for (int i = 0; i < 3; i++) {
            assertThat(ApiClient.withToken(server, key.textAt("key")).get("/users").status()).isEqualTo(403);
            assertThat(owner.get("/users/root-of-all").status()).isEqualTo(403);
        }

        assertThat(refusals(key, "auth.request.forbidden")).singleElement().satisfies(event ->
                assertThat(event).containsEntry("target", "route:GET /api/v1/users").containsEntry("outcome", "failure"));
        assertThat(events("auth.request.forbidden", event -> actor(event).get("name").equals("reaching") && actor(event).get("key") == null))
                .singleElement().satisfies(event -> assertThat(event).containsEntry("target", "route:GET /api/v1/users/{username}"));
    }

    private static List<Map<String, Object>> refusals(Answer key, String action) throws InterruptedException {
        return events(action, event -> key.at("prefix").equals(actor(event).get("key")));
    }

    /** As soon as there are any: nobody waits for what is refused. */
    private static List<Map<String, Object>> events(String action, Predicate<Map<String, Object>> wanted) throws InterruptedException {
        for (int i = 0; ; i++) {
            var found = administrator.get("/audit?limit=1000&action=" + action).items().stream().filter(wanted).toList();
            if (!found.isEmpty() || i == 1000) {
                return found;
            }
            Thread.sleep(10);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> actor(Map<String, Object> event) {
        return (Map<String, Object>) event.get("actor");
    }

    @Test
    void tellWhenAndFromWhereTheyWereUsedLast() throws Exception {
        var alice = person("watched");
        var created = created(alice, "users:read");

        assertThat(from("203.0.113.5", created)).isEqualTo(200);
        assertThat(from("203.0.113.6", created)).isEqualTo(200);

        var shown = alice.get("/api-keys/" + created.at("id"));
        assertThat(shown.at("lastUsedAt")).isNotNull();
        assertThat(shown.at("lastUsedAddress")).as("noted once a minute").isEqualTo("203.0.113.5");
        assertThat(shown.header("ETag")).as("use is no change").isEqualTo("\"1\"");
        server.sql().useHandle(handle -> handle.execute("update api_keys set last_used_at = last_used_at - interval '2 minutes' where prefix = ?",
                created.at("prefix")));
        assertThat(from("203.0.113.6", created)).isEqualTo(200);
        assertThat(alice.get("/api-keys/" + created.at("id")).at("lastUsedAddress")).isEqualTo("203.0.113.6");
    }

    @Test
    void areUsedNoOftenerThanTheyMayHoweverManyTryAtOnceOnWhateverNode() throws Exception {
        int limit = 20;
        var created = person("busy").post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"], \"rateLimit\": " + limit + "}");
        var barrier = new CyclicBarrier(64);
        var calls = new ArrayList<Callable<Answer>>();
        for (int i = 0; i < 64; i++) {
            var node = i % 2 == 0 ? server : otherNode;
            calls.add(() -> {
                barrier.await();
                return use(node, created);
            });
        }
        var answers = new ArrayList<Answer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).extracting(Answer::status).containsOnly(200, 429);
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(limit);
        assertThat(answers).filteredOn(answer -> answer.status() == 429).allSatisfy(answer -> {
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
            assertThat(answer.at("type")).isEqualTo("urn:gatehouse:problem:too-many-attempts");
        });
        // The minute passes.
        server.sql().useHandle(handle -> handle.execute("""
                update api_key_usage set window_start = window_start - interval '1 minute'
                where key_id = cast(? as uuid)""", created.at("id")));
        assertThat(use(otherNode, created).status()).isEqualTo(200);
        int used = server.sql().withHandle(handle -> handle.createQuery("select used from api_key_usage where key_id = :id")
                .bind("id", UUID.fromString(created.textAt("id"))).mapTo(int.class).one());
        assertThat(used).isEqualTo(1);
    }

    @Test
    void areNotUsedUpByWhoeverKnowsTheirPrefixOnly() {
        var created = person("targeted").post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"], \"rateLimit\": 3}");
        for (int i = 0; i < 10; i++) {
            var forged = ApiKeyToken.generate(created.textAt("prefix")).text();
            assertThat(ApiClient.withToken(server, forged).get("/me").status()).isEqualTo(401);
        }
        assertThat(use(server, created).status()).isEqualTo(200);
    }

    @Test
    void areNotUsedUpByBeingLookedAtAgain() {
        var created = person("following").post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"], \"rateLimit\": 2}");
        var token = ApiKeyToken.parse(created.textAt("key")).orElseThrow();
        var keys = server.bean(ApiKeyAuthentication.class);
        for (int i = 0; i < 5; i++) {
            assertThat(keys.look(token, InetAddress.getLoopbackAddress())).isPresent();
        }

        assertThat(use(server, created).status()).isEqualTo(200);
        assertThat(use(server, created).status()).isEqualTo(200);
        assertThat(use(server, created).status()).isEqualTo(429);
        assertThat(keys.look(token, InetAddress.getLoopbackAddress())).as("an answer under way goes on").isPresent();
        administrator.delete("/api-keys/" + created.at("id"));
        assertThat(keys.look(token, InetAddress.getLoopbackAddress())).isEmpty();
    }

    @Test
    void areNotMadeWithoutEnd() {
        try (var strict = GatehouseServer.with("gatehouse.requests.per-account", 2).start()) {
            var root = ApiClient.administrator(strict);
            var wish = "{\"description\": \"x\", \"scopes\": [\"users:read\"]}";
            assertThat(root.post("/api-keys", wish).status()).isEqualTo(201);
            assertThat(root.post("/api-keys", wish).status()).isEqualTo(201);
            var refused = root.post("/api-keys", wish);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(3500, 3600);
        }
    }

    @Test
    void ofOneOwnerAreAHundredAtMost() {
        var alice = person("collecting");
        for (int i = 0; i < 100; i++) {
            created(alice, "users:read");
        }
        assertThat(alice.post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"users:read\"]}").status()).isEqualTo(409);
        assertThat(alice.get("/api-keys?limit=60").items()).hasSize(60);
    }

    private static String text(String query) {
        return server.sql().withHandle(handle -> handle.createQuery(query).mapTo(String.class).one());
    }

    private static ApiClient person(String username) {
        assertThat(administrator.post("/users", "{\"username\": \"" + username + "\", \"password\": \"" + PASSWORD + "\"}").status()).isEqualTo(201);
        return ApiClient.user(server, username, PASSWORD);
    }

    private static Answer created(ApiClient owner, String... scopes) {
        var answer = owner.post("/api-keys", "{\"description\": \"x\", \"scopes\": [\"" + String.join("\", \"", scopes) + "\"]}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static ApiClient key(ApiClient owner, String... scopes) {
        return ApiClient.withToken(server, created(owner, scopes).textAt("key"));
    }

    private static Answer use(GatehouseServer node, Answer key) {
        return ApiClient.withToken(node, key.textAt("key")).get("/me");
    }

    private static int from(String forwardedFor, Answer key) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/v1/me"))
                    .header("Authorization", "Bearer " + key.textAt("key")).header("X-Forwarded-For", forwardedFor).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
