package io.gatehouse.gateway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes, and Cloudflare as it speaks. */
class DnsRecordsIT {

    private static final long LIMIT_NANOS = 30_000_000_000L;
    private static final long POLL_NANOS = 20_000_000;
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static FakeCloudflare cloudflare;
    private static List<GatehouseServer> nodes;
    private static ApiClient administrator;
    private static int tests;

    private String suffix;
    private int home;
    private int away;
    private int awayContainer;
    private int domain;

    @BeforeAll
    static void start() {
        cloudflare = new FakeCloudflare("example.org", "example.net");
        var database = TestPostgres.freshDatabase();
        nodes = IntStream.range(0, 2).mapToObj(i -> GatehouseServer.with("gatehouse.master-key", MASTER_KEY)
                .with("gatehouse.cloudflare.url", cloudflare.url()).on(database).start()).toList();
        administrator = ApiClient.administrator(nodes.getFirst());
    }

    @AfterAll
    static void stop() {
        nodes.forEach(GatehouseServer::close);
        cloudflare.close();
    }

    @BeforeEach
    void prepare() {
        int test = ++tests;
        suffix = ".apps" + test + ".example.org";
        cloudflare.works();
        home = site("home" + test, "192.0.2.1");
        away = site("away" + test, "192.0.2.2");
        awayContainer = container("web" + test, node(away, "pve-away" + test));
        domain = id(administrator.post("/external-domains", """
                {"domain": "%s", "siteId": %d, "cloudflareApiEmail": "%s", "cloudflareApiKey": "%s"}"""
                .formatted(suffix.substring(1), home, FakeCloudflare.EMAIL, FakeCloudflare.TOKEN)));
    }

    /** Nobody waits in the next test for what failed in this one. */
    @AfterEach
    void forget() {
        cloudflare.works();
        administrator.patch("/external-domains/" + domain, "{\"cloudflareApiEmail\": null, \"cloudflareApiKey\": null}");
        await(() -> administrator.get("/dns-records?externalDomainId=" + domain).items().isEmpty(), "records to be forgotten");
    }

    private static int id(Answer created) {
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return ((Long) created.at("id")).intValue();
    }

    private int site(String name, String externalIp) {
        return id(administrator.post("/sites", """
                {"name": "%1$s", "internalDomain": "%1$s.internal", "externalIp": "%2$s"}""".formatted(name, externalIp)));
    }

    private int node(int site, String name) {
        return id(administrator.post("/sites/" + site + "/nodes", "{\"name\": \"" + name + "\"}"));
    }

    private int container(String hostname, int node) {
        return id(administrator.post("/containers", "{\"hostname\": \"" + hostname + "\", \"nodeId\": " + node + "}"));
    }

    private String service(int container, String hostname) {
        int service = id(administrator.post("/containers/" + container + "/services", """
                {"type": "http", "containerPort": 80, "externalHostname": "%s", "externalDomainId": %d}""".formatted(hostname, domain)));
        return "/containers/" + container + "/services/" + service;
    }

    private Map<String, Object> record(String name) {
        return administrator.get("/dns-records?q=" + name).items().stream().filter(record -> record.get("name").equals(name)).findFirst().orElse(Map.of());
    }

    private void awaitState(String name, String state) {
        await(() -> state.equals(record(name).get("state")), "the record of " + name + " to be " + state);
    }

    private void awaitPublished(String name, String record) {
        await(() -> cloudflare.records(name).equals(List.of(record)), name + " to lead to " + record);
        awaitState(name, "published");
    }

    /** What failed is tried again after a pause; here it is over. */
    private void hurry() {
        nodes.getFirst().sql().useHandle(handle -> handle.execute("update dns_records set due_at = now()"));
        nodes.forEach(node -> node.bean(RecordPublisher.class).wake());
    }

    private static void await(BooleanSupplier event, String what) {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!event.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waits for %s", what).isLessThan(end);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Test
    void aServiceAtAnotherSiteHasARecordOfItsOwnForAsLongAsItIsThere() {
        var service = service(awayContainer, "shop");

        awaitPublished("shop" + suffix, "A 192.0.2.2");
        assertThat(record("shop" + suffix))
                .containsEntry("address", "192.0.2.2").containsEntry("published", "192.0.2.2").containsEntry("error", null)
                .containsEntry("externalDomainId", (long) domain);

        administrator.patch(service, "{\"externalHostname\": \"store\"}");
        awaitPublished("store" + suffix, "A 192.0.2.2");
        await(() -> cloudflare.size(suffix) == 1, "the old name to go");

        assertThat(administrator.patch("/sites/" + away, "{\"externalIp\": \"192.0.2.3\"}").status()).isEqualTo(200);
        awaitPublished("store" + suffix, "A 192.0.2.3");

        administrator.delete(service);
        await(() -> cloudflare.size(suffix) == 0, "the record to go");
        await(() -> record("store" + suffix).isEmpty(), "the record to be forgotten");
        assertThat(administrator.get("/audit?action=gateway.dns-record.changed").items()).isNotEmpty();
    }

    @Test
    void theDefaultSiteOfADomainNeedsNone() {
        service(container("home" + tests, node(home, "pve-home" + tests)), "www");
        service(awayContainer, "shop");
        awaitPublished("shop" + suffix, "A 192.0.2.2");

        assertThat(cloudflare.size(suffix)).isEqualTo(1);
        assertThat(record("www" + suffix)).isEmpty();

        administrator.patch("/external-domains/" + domain, "{\"siteId\": " + away + "}");
        awaitPublished("www" + suffix, "A 192.0.2.1");
        await(() -> cloudflare.records("shop" + suffix).isEmpty(), "the record to go, which is needed no more");
    }

    @Test
    void aGlobalKeyOpensAsWell() {
        administrator.patch("/external-domains/" + domain, "{\"cloudflareApiKey\": \"" + FakeCloudflare.GLOBAL_KEY + "\"}");
        service(awayContainer, "shop");

        awaitPublished("shop" + suffix, "A 192.0.2.2");
    }

    @Test
    void whatFailsIsToldAndTriedAgainAndStandsInNobodysWay() {
        administrator.patch("/external-domains/" + domain, "{\"cloudflareApiKey\": \"wrong-and-secret\"}");
        service(awayContainer, "shop");

        awaitState("shop" + suffix, "failing");
        var failing = record("shop" + suffix);
        assertThat((String) failing.get("error")).contains("9109").doesNotContain("wrong-and-secret");
        assertThat(failing).containsEntry("published", null);
        assertThat(administrator.get("/dns-records?state=failing").items()).hasSize(1);

        // Other credentials are tried at once.
        administrator.patch("/external-domains/" + domain, "{\"cloudflareApiKey\": \"" + FakeCloudflare.TOKEN + "\"}");
        awaitPublished("shop" + suffix, "A 192.0.2.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "<html>sorry</html>", "", "{}", "[]", "null", "{\"success\": true}", "{\"success\": true, \"result\": 7}",
            "{\"success\": true, \"result\": [{\"id\": \"../../x\", \"name\": \"example.org\"}]}"})
    void nonsenseIsAFailureThatPasses(String nonsense) {
        cloudflare.answers(200, nonsense);
        service(awayContainer, "shop");
        awaitState("shop" + suffix, "failing");

        cloudflare.works();
        hurry();

        awaitPublished("shop" + suffix, "A 192.0.2.2");
    }

    @Test
    void floodsRedirectsAndRefusalsAreFailuresThatPass() {
        cloudflare.answers(200, "[" + "1,".repeat(2_000_000) + "1]");
        service(awayContainer, "shop");
        awaitState("shop" + suffix, "failing");

        cloudflare.answers(302, "", "Location", cloudflare.url() + "/zones");
        hurry();
        await(() -> ((String) record("shop" + suffix).get("error")).contains("302"), "a redirect to fail");

        cloudflare.answers(429, "{}", "Retry-After", "1800");
        hurry();
        await(() -> ((String) record("shop" + suffix).get("error")).contains("429"), "the limit to be told");
        assertThat(Instant.parse((String) record("shop" + suffix).get("dueAt")))
                .isAfter(Instant.now().plusSeconds(1000));

        cloudflare.works();
        hurry();
        awaitPublished("shop" + suffix, "A 192.0.2.2");
    }

    @Test
    void aServiceIsThereAtOnceThoughNothingIsAnswered() {
        cloudflare.hangs();
        service(awayContainer, "shop");

        assertThat(service(awayContainer, "shop2")).isNotNull();
        assertThat(administrator.delete("/containers/" + awayContainer).status()).as("also while a record is seen to").isEqualTo(204);
    }

    @Test
    void recordsOfSomebodyElseAreLeftAlone() {
        cloudflare.has("CNAME", "shop" + suffix, "elsewhere.example.com");
        cloudflare.has("A", "blog" + suffix, "192.0.2.2");
        cloudflare.has("TXT", "wiki" + suffix, "v=spf1 -all");
        var shop = service(awayContainer, "shop");
        var blog = service(awayContainer, "blog");
        service(awayContainer, "wiki");

        awaitState("shop" + suffix, "failing");
        assertThat((String) record("shop" + suffix).get("error")).contains("CNAME");
        awaitState("blog" + suffix, "published");
        awaitState("wiki" + suffix, "published");
        administrator.delete(shop);
        administrator.delete(blog);
        await(() -> record("shop" + suffix).isEmpty() && record("blog" + suffix).isEmpty(), "both to be forgotten");

        assertThat(cloudflare.records("shop" + suffix)).containsExactly("CNAME elsewhere.example.com");
        assertThat(cloudflare.records("blog" + suffix)).containsExactly("A 192.0.2.2");
        assertThat(cloudflare.records("wiki" + suffix)).containsExactly("A 192.0.2.2", "TXT v=spf1 -all");
    }

    @Test
    void whatWasMadeIsFoundAgainIfItsTransactionWasLost() {
        service(awayContainer, "shop");
        awaitPublished("shop" + suffix, "A 192.0.2.2");

        nodes.getFirst().sql().useHandle(handle -> handle.execute("update dns_records set published = null"));
        hurry();

        awaitState("shop" + suffix, "published");
        assertThat(cloudflare.size(suffix)).isEqualTo(1);
        assertThat(cloudflare.creations(suffix)).isEqualTo(1);
    }

    @Test
    void manyServicesAtOnceHaveEachOneRecordFromTwoNodes() throws Exception {
        var answers = AtOnce.call(20, i -> ApiClient.administrator(nodes.get(i % 2)).post("/containers/" + awayContainer + "/services", """
                {"type": "http", "containerPort": 80, "externalHostname": "app%d", "externalDomainId": %d}""".formatted(i, domain)));

        assertThat(answers).extracting(Answer::status).containsOnly(201);
        IntStream.range(0, 20).forEach(i -> awaitPublished("app" + i + suffix, "A 192.0.2.2"));
        assertThat(cloudflare.creations(suffix)).isEqualTo(20);
    }

    @Test
    void aDomainStaysUntilItsRecordsAreGone() {
        var service = service(awayContainer, "shop");
        awaitPublished("shop" + suffix, "A 192.0.2.2");
        cloudflare.answers(500, "");
        administrator.delete(service);
        awaitState("shop" + suffix, "failing");

        var refused = administrator.delete("/external-domains/" + domain);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.textAt("detail")).contains("Cloudflare");

        administrator.patch("/external-domains/" + domain, "{\"cloudflareApiEmail\": null, \"cloudflareApiKey\": null}");
        await(() -> record("shop" + suffix).isEmpty(), "the record to be forgotten, since nobody can remove it");
        assertThat(administrator.delete("/external-domains/" + domain).status()).isEqualTo(204);
    }
}
