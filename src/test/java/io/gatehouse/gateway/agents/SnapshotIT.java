package io.gatehouse.gateway.agents;

import static io.gatehouse.gateway.agents.TestSite.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.gateway.SiteStates;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is told to agents of sites, and when. */
class SnapshotIT {

    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static GatehouseServer server;
    private static GatehouseServer other;
    private static ApiClient administrator;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        server = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
        other = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
        administrator = ApiClient.administrator(server);
    }

    @AfterAll
    static void stop() {
        other.close();
        server.close();
    }

    @Test
    void isTheSameOnAllNodesAndNamedByItsHash() throws Exception {
        var site = new TestSite(server);
        var web = site.container("same1");
        site.http(web, "a", 8080);
        var agent = site.agent();
        eventually(() -> agent.get(path(site, "snapshot")).text().contains("same1") && agent.get(path(site, "snapshot")).text().contains("8080"));
        var first = agent.get(path(site, "snapshot"));
        var onOther = ApiClient.withToken(other, site.key("second"));
        eventually(() -> onOther.get(path(site, "snapshot")).status() == 200);
        eventually(() -> onOther.get(path(site, "snapshot")).text().equals(first.text()));
        var second = onOther.get(path(site, "snapshot"));

        assertThat(second.text()).isEqualTo(first.text());
        assertThat(first.header("ETag")).isEqualTo(second.header("ETag"))
                .isEqualTo('"' + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(first.text().getBytes())) + '"');
        assertThat(first.text()).contains("\"externalName\":\"a.d", "\"type\":\"http\"");
    }

    @Test
    void isNotSentAgainToWhomHasIt() {
        var site = new TestSite(server);
        var agent = site.agent();
        var tag = agent.get(path(site, "snapshot")).header("ETag");

        var again = agent.send("GET", path(site, "snapshot"), null, Map.of("If-None-Match", tag));

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("ETag")).isEqualTo(tag);
        assertThat(again.text()).isEmpty();
    }

    @Test
    void aBundleIsCompressedOnItsWayForThoseWhoTakeIt() throws Exception {
        var site = new TestSite(server);
        site.container("packed1");
        var key = site.key("packed");
        var plain = bytes(site, key, "identity");
        var packed = bytes(site, key, "br, gzip;q=0.8");

        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.headers().firstValue("ETag")).contains("W/" + plain.headers().firstValue("ETag").orElseThrow());
        assertThat(packed.body().length).isLessThan(plain.body().length / 2);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes()).isEqualTo(plain.body());
        for (var encoding : List.of("gzip;q=0", "br, gzip; q=0.000", "gzipped")) {
            assertThat(bytes(site, key, encoding).headers().firstValue("Content-Encoding")).as(encoding).isEmpty();
        }
    }

    private static HttpResponse<byte[]> bytes(TestSite site, String key, String encoding) throws Exception {
        settled(ApiClient.withToken(server, key), path(site, "bundle"));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/v1" + path(site, "bundle"))).header("Authorization", "Bearer " + key)
                    .header("Accept-Encoding", encoding).build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    @Test
    void whoWaitsIsAnsweredWhenSomethingChangesOnWhateverNode() throws Exception {
        var site = new TestSite(server);
        var key = site.key("waits");
        var present = settled(ApiClient.withToken(other, key), path(site, "bundle"));

        var answer = waiting(ApiClient.withToken(other, key), path(site, "bundle"), present.header("ETag"));
        awaitWaiting(other, 1);
        site.http(site.container("news1"), "news", 8080);

        var first = answer.get(20, TimeUnit.SECONDS);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(first.header("ETag")).isNotEqualTo(present.header("ETag"));
    }

    @Test
    void manyWhoWaitAreAnsweredAlikeByOneRendering() throws Exception {
        var site = new TestSite(server);
        var key = site.key("crowd");
        var tag = settled(ApiClient.withToken(server, key), path(site, "bundle")).header("ETag");

        var answers = CompletableFuture.supplyAsync(() -> {
            try {
                return AtOnce.call(50, number -> waiting(ApiClient.withToken(server, key), path(site, "bundle"), tag).join());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        awaitWaiting(server, 50);
        site.container("crowd1");

        var all = answers.get(30, TimeUnit.SECONDS);
        assertThat(all).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(all.stream().map(answer -> answer.header("ETag")).distinct()).hasSize(1);
    }

    @Test
    void whatConcernsAnotherSiteWakesNobody() throws Exception {
        var site = new TestSite(server);
        var elsewhere = new TestSite(server);
        var agent = site.agent();
        var tag = settled(agent, path(site, "snapshot")).header("ETag");

        var answer = CompletableFuture.supplyAsync(() -> agent.send("GET", path(site, "snapshot"), null,
                Map.of("If-None-Match", tag, "Prefer", "respond-async, Wait=2")));
        awaitWaiting(server, 1);
        elsewhere.container("elsewhere1");

        var end = answer.get(20, TimeUnit.SECONDS);
        assertThat(end.status()).isEqualTo(304);
        assertThat(end.header("Preference-Applied")).isEqualTo("wait=2");
    }

    @Test
    void whoWaitsWithAKeyThatIsDeletedIsToldSoAtOnceOnEveryNode() throws Exception {
        var site = new TestSite(server);
        var made = done(administrator.post(path(site, "agent-keys"), "{\"name\": \"lost\"}"), 201);
        var agent = ApiClient.withToken(other, made.textAt("key"));
        var tag = settled(agent, path(site, "snapshot")).header("ETag");

        var answer = waiting(agent, path(site, "snapshot"), tag);
        awaitWaiting(other, 1);
        done(administrator.delete(path(site, "agent-keys/" + made.textAt("id"))), 204);

        assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
        assertThat(agent.get(path(site, "snapshot")).status()).isEqualTo(401);
        assertThat(ApiClient.withToken(server, made.textAt("key")).get(path(site, "snapshot")).status()).isEqualTo(401);
    }

    @Test
    void aSiteThatIsDeletedTakesItsKeysAlong() {
        var id = done(administrator.post("/sites", "{\"name\": \"gone\", \"internalDomain\": \"gone.internal\"}"), 201).at("id").toString();
        var key = done(administrator.post("/sites/" + id + "/agent-keys", "{\"name\": \"gone\"}"), 201).textAt("key");
        var agent = ApiClient.withToken(server, key);
        assertThat(agent.get("/sites/" + id + "/snapshot").status()).isEqualTo(200);

        done(administrator.delete("/sites/" + id), 204);

        assertThat(agent.get("/sites/" + id + "/snapshot").status()).isEqualTo(401);
        eventually(() -> administrator.get("/sites/" + id + "/snapshot").status() == 404);
    }

    @Test
    void anAgentMayNothingButAskForItsOwnSite() {
        var site = new TestSite(server);
        var agent = site.agent();
        var strange = new TestSite(server);

        assertThat(agent.get(path(site, "snapshot")).status()).isEqualTo(200);
        assertThat(agent.get(path(strange, "snapshot")).status()).isEqualTo(403);
        assertThat(agent.get("/sites/999999/snapshot").status()).isEqualTo(403);
        assertThat(agent.get("/sites/0" + site.id() + "/snapshot").status()).isEqualTo(403);
        assertThat(agent.get("/sites").status()).isEqualTo(403);
        assertThat(agent.get("/me").status()).isEqualTo(403);
        assertThat(agent.get("/agents").status()).isEqualTo(403);
        assertThat(agent.post(path(site, "agent-keys"), "{\"name\": \"mine\"}").status()).isEqualTo(403);
    }

    @Test
    void aKeyIsGoodFromItsNetworksUntilItsEnd() {
        var site = new TestSite(server);
        var elsewhere = done(administrator.post(path(site, "agent-keys"), "{\"name\": \"net\", \"allowedNetworks\": [\"192.0.2.0/24\"]}"), 201);
        var old = done(administrator.post(path(site, "agent-keys"), "{\"name\": \"old\", \"expiresAt\": \"2999-12-31T23:59:59Z\"}"), 201);
        assertThat(ApiClient.withToken(server, old.textAt("key")).get(path(site, "snapshot")).status()).isEqualTo(200);

        server.sql().useHandle(handle -> handle.execute("update agent_keys set expires_at = now() where id = cast(? as uuid)", old.textAt("id")));

        assertThat(ApiClient.withToken(server, elsewhere.textAt("key")).get(path(site, "snapshot")).status()).isEqualTo(401);
        eventually(() -> ApiClient.withToken(server, old.textAt("key")).get(path(site, "snapshot")).status() == 401);
    }

    @Test
    void keysAreListedWithoutTheirSecretAndWritten() {
        var site = new TestSite(server);
        var key = done(administrator.post(path(site, "agent-keys"), "{\"name\": \"gateway 1\"}"), 201);

        var list = administrator.get(path(site, "agent-keys"));

        assertThat(list.items()).singleElement().satisfies(item -> assertThat(item).containsEntry("name", "gateway 1").containsEntry("key", null));
        assertThat(list.text()).doesNotContain(key.textAt("key"));
        assertThat(done(administrator.post(path(site, "agent-keys"), "{\"name\": \"gateway 1\"}"), 409).textAt("field")).isEqualTo("name");
        assertThat(done(administrator.post(path(site, "agent-keys"), "{\"name\": \"a\\nb\"}"), 422).textAt("field")).isEqualTo("name");
        assertThat(done(administrator.post(path(site, "agent-keys"), "{}"), 422).textAt("field")).isEqualTo("name");
        assertThat(administrator.get("/audit?action=gateway.agent-key.created").text()).contains("agent-key:gateway 1")
                .doesNotContain(key.textAt("key"));
    }

    @Test
    void rowsThatChangePlacesChangeBothSites() {
        var from = new TestSite(server);
        var to = new TestSite(server);
        var states = server.bean(SiteStates.class);
        var container = from.container("moves1");
        eventually(() -> hosts(states, from).contains("moves1"));

        server.sql().useHandle(handle -> handle.execute(
                "update containers set ipv4_address = null, node_id = (select id from nodes where site_id = ?) where id = ?",
                Integer.valueOf(to.id()), Integer.valueOf(container)));

        eventually(() -> hosts(states, to).contains("moves1") && !hosts(states, from).contains("moves1"));
    }

    private static String hosts(SiteStates states, TestSite site) {
        return states.of(Integer.parseInt(site.id())).orElseThrow().snapshot().containers().toString();
    }

    private static CompletableFuture<Answer> waiting(ApiClient agent, String path, String tag) {
        return CompletableFuture.supplyAsync(() -> agent.send("GET", path, null, Map.of("If-None-Match", tag, "Prefer", "wait=30")),
                task -> Thread.ofVirtual().start(task));
    }

    /** What is told when everything that was done before has been followed. */
    private static Answer settled(ApiClient agent, String path) {
        eventually(() -> agent.get(path).status() == 200);
        var last = new Answer[] {agent.get(path)};
        eventually(() -> {
            var present = agent.get(path);
            boolean same = present.header("ETag").equals(last[0].header("ETag")) && present.text().contains("example.org");
            last[0] = present;
            return same;
        });
        return last[0];
    }

    private static void awaitWaiting(GatehouseServer node, int count) {
        eventually(() -> node.bean(HeldRequests.class).waiting() >= count);
    }

    private static String path(TestSite site, String what) {
        return "/sites/" + site.id() + "/" + what;
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
