package io.gatehouse.gateway.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.gatehouse.gateway.dns.FakeCloudflare;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Two nodes, a real ACME server that asks a name server of the test, and Cloudflare as it speaks. */
class AcmeIT {

    private static final long LIMIT_NANOS = 90_000_000_000L;
    private static final long POLL_NANOS = 50_000_000;
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @TempDir
    static Path folder;

    private static SampleCertificate identity;
    private static FakeCloudflare cloudflare;
    private static NameServer nameServer;
    private static Pebble pebble;
    private static ScriptedAuthority scripted;
    private static List<GatehouseServer> nodes;
    private static ApiClient administrator;
    private static int tests;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private String domain;
    private int site;

    @BeforeAll
    static void start() throws Exception {
        Pebble.isNeeded();
        identity = SampleCertificate.selfSigned(SampleCertificate.ec("secp256r1"), "localhost");
        var trusted = Files.writeString(folder.resolve("ca.pem"), identity.chainPem());
        cloudflare = new FakeCloudflare("example.org");
        nameServer = new NameServer(cloudflare::texts);
        pebble = new Pebble(folder, identity, nameServer.port());
        scripted = new ScriptedAuthority(identity);
        var database = TestPostgres.freshDatabase();
        nodes = IntStream.range(0, 2).mapToObj(i -> GatehouseServer.with("gatehouse.master-key", MASTER_KEY)
                .with("gatehouse.cloudflare.url", cloudflare.url())
                .with("gatehouse.acme.enabled", true)
                .with("gatehouse.acme.ca-file", trusted.toString())
                .with("gatehouse.acme.propagation", "0s")
                .with("datasources.default.maximum-pool-size", 4)
                .on(database).start()).toList();
        administrator = ApiClient.administrator(nodes.getFirst());
    }

    @AfterAll
    static void stop() throws Exception {
        if (nodes != null) {
            nodes.forEach(GatehouseServer::close);
            scripted.close();
            pebble.close();
            nameServer.close();
            cloudflare.close();
        }
    }

    @BeforeEach
    void prepare() {
        domain = "apps" + ++tests + ".example.org";
        site = number(administrator.post("/sites", "{\"name\": \"site%1$d\", \"internalDomain\": \"site%1$d.internal\"}".formatted(tests)));
        cloudflare.works();
        nameServer.tells(cloudflare::texts);
        log.start();
        root().addAppender(log);
    }

    /** Nobody waits in the next test for what failed in this one. */
    @AfterEach
    void forget() {
        root().detachAppender(log);
        cloudflare.works();
        for (var item : administrator.get("/external-domains?limit=100").items()) {
            administrator.patch("/external-domains/" + item.get("id"), "{\"acmeDirectory\": null}");
        }
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static int number(Answer created) {
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return ((Long) created.at("id")).intValue();
    }

    private int domain(String directory) {
        return domain(domain, directory, FakeCloudflare.TOKEN);
    }

    private int domain(String name, String directory, String token) {
        return number(administrator.post("/external-domains", """
                {"domain": "%s", "siteId": %d, "acmeEmail": "ops@example.org", "acmeDirectory": "%s", "cloudflareApiEmail": "%s", "cloudflareApiKey": "%s"}"""
                .formatted(name, site, directory, FakeCloudflare.EMAIL, token)));
    }

    private static Map<String, Object> certificate(int id) {
        var answer = administrator.get("/external-domains/" + id + "/certificate");
        return answer.status() == 200 ? answer.object() : Map.of();
    }

    private static Map<String, Object> awaitState(int id, String state) {
        await(() -> state.equals(certificate(id).get("state")), "the certificate of domain " + id + " to be " + state);
        return certificate(id);
    }

    private static void await(BooleanSupplier event, String what) {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!event.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waits for %s", what).isLessThan(end);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** What is to be done later is to be done now. */
    private static void hurry(int id) {
        nodes.getFirst().sql().useHandle(handle -> handle.execute("update certificate_renewals set due_at = now() where external_domain_id = ?", id));
        nodes.forEach(node -> node.bean(CertificateRenewer.class).wake());
    }

    private String delivered(Object id) {
        return nodes.getLast().bean(DomainCertificates.class).delivered(site, (String) id);
    }

    private static String challengeOf(String domain) {
        return "_acme-challenge." + domain;
    }

    @Test
    void aDomainWithAnAuthorityAndCredentialsGetsACertificate() {
        int id = domain(pebble.directory());

        var issued = awaitState(id, "valid");

        assertThat(issued).containsEntry("source", "acme").containsEntry("wildcard", true).containsEntry("error", null);
        assertThat((String) issued.get("issuer")).contains("Pebble");
        assertThat(issued.get("names").toString()).contains(domain, "*." + domain);
        var pem = delivered(issued.get("id"));
        var parsed = CertifiedKey.parse(pem, pem, domain, Instant.now());
        assertThat(parsed.id()).isEqualTo(issued.get("id"));
        assertThat(parsed.chain()).as("with its intermediate").hasSizeGreaterThan(1);
        assertThat(Instant.parse((String) issued.get("dueAt"))).as("a third before the end")
                .isBetween(parsed.notBefore().plusSeconds(1), parsed.notAfter().minusSeconds(1));
        await(() -> cloudflare.size(challengeOf(domain)) == 0, "the records of the challenge to go");
        assertThat(cloudflare.creations(challengeOf(domain))).as("one for the domain and one for the names below it").isEqualTo(2);
        assertThat(administrator.get("/audit?action=gateway.certificate.issued&target=external-domain:" + domain).items()).hasSize(1);
    }

    @Test
    void aCertificateIsRenewedWithANewKey() {
        int id = domain(pebble.directory());
        var first = awaitState(id, "valid").get("id");
        var before = delivered(first);

        hurry(id);
        await(() -> !first.equals(certificate(id).get("id")), "another certificate");

        var after = delivered(certificate(id).get("id"));
        assertThat(after.substring(after.indexOf("-----BEGIN PRIVATE"))).isNotEqualTo(before.substring(before.indexOf("-----BEGIN PRIVATE")));
    }

    @Test
    void ofTwoNodesOneDoesIt() {
        var ids = IntStream.range(0, 5).map(i -> domain("d" + i + "." + domain, pebble.directory(), FakeCloudflare.TOKEN)).boxed().toList();
        nodes.forEach(node -> node.bean(CertificateRenewer.class).wake());

        ids.forEach(id -> awaitState(id, "valid"));

        assertThat(cloudflare.creations("." + domain)).as("two records an order, and an order a domain").isEqualTo(2 * ids.size());
        assertThat(administrator.get("/audit?action=gateway.certificate.issued&limit=100").items())
                .filteredOn(event -> event.get("target").toString().endsWith("." + domain)).hasSize(ids.size());
    }

    @Test
    void aClaimOfANodeThatDiedHasAnEnd() {
        int id = domain("https://localhost:1/dir");
        awaitState(id, "failing");
        nodes.getFirst().sql().useHandle(handle -> handle.execute("""
                update certificate_renewals set claim = gen_random_uuid(), claimed_until = now() + interval '1 hour', due_at = now(), attempts = 0
                where external_domain_id = ?""", id));
        administrator.patch("/external-domains/" + id, "{\"acmeDirectory\": \"" + pebble.directory() + "\"}");
        nodes.forEach(node -> node.bean(CertificateRenewer.class).wake());
        var claimed = nodes.getFirst().sql().inTransaction(handle -> nodes.getFirst().bean(RenewalRows.class).claim(handle, Duration.ofMinutes(1)));
        assertThat(claimed).as("somebody is at it").isEmpty();

        nodes.getFirst().sql().useHandle(handle -> handle.execute("update certificate_renewals set claimed_until = now() where external_domain_id = ?", id));
        nodes.forEach(node -> node.bean(CertificateRenewer.class).wake());

        awaitState(id, "valid");
    }

    @Test
    void anAuthorityThatIsNotThereIsToldAndAnotherOneIsTriedAtOnce() {
        int id = domain("https://localhost:1/dir");

        var failing = awaitState(id, "failing");
        assertThat((String) failing.get("error")).contains("cannot be reached");
        assertThat(failing).containsEntry("id", null).containsEntry("source", null);
        assertThat(Instant.parse((String) failing.get("dueAt"))).isAfter(Instant.parse((String) failing.get("attemptedAt")).plusSeconds(30));
        nodes.forEach(node -> node.bean(CertificateRenewer.class).wake());
        await(() -> nodes.stream().anyMatch(node -> metrics(node).contains("gatehouse_certificates_failing 1")), "the failure to be counted");

        administrator.patch("/external-domains/" + id, "{\"acmeDirectory\": \"" + pebble.directory() + "\"}");
        awaitState(id, "valid");
    }

    private static String metrics(GatehouseServer node) {
        return node.send("GET", "/prometheus", null, null).body();
    }

    @Test
    void whatCloudflareRefusesIsToldWithoutItsSecret() {
        int id = domain(domain, pebble.directory(), "wrong-and-secret");

        var failing = awaitState(id, "failing");
        assertThat((String) failing.get("error")).contains("9109").doesNotContain("wrong-and-secret");

        administrator.patch("/external-domains/" + id, "{\"cloudflareApiKey\": \"" + FakeCloudflare.TOKEN + "\"}");
        awaitState(id, "valid");
    }

    @Test
    void whatTheAuthorityDoesNotSeeIsToldAndLeavesNothingBehind() {
        nameServer.tells(name -> List.of());
        int id = domain(pebble.directory());

        assertThat((String) awaitState(id, "failing").get("error")).contains("does not see whose the domain is");
        await(() -> cloudflare.size(challengeOf(domain)) == 0, "the records of the challenge to go");

        nameServer.tells(cloudflare::texts);
        hurry(id);
        awaitState(id, "valid");
    }

    @Test
    void recordsThatStayedBehindGoWithTheNextAttempt() {
        cloudflare.has("TXT", challengeOf(domain), "\"of-somebody-else\"");
        int id = domain(pebble.directory());

        awaitState(id, "valid");

        await(() -> cloudflare.texts(challengeOf(domain)).equals(List.of("of-somebody-else")), "ours to go, and no other");
    }

    @Test
    void aLimitIsKeptTo() {
        scripted.answers(429, "application/problem+json", """
                {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "too many certificates already issued", "status": 429}""", "Retry-After", "7200");
        int id = domain(scripted.directory());

        var failing = awaitState(id, "failing");

        assertThat((String) failing.get("error")).contains("limit", "too many certificates already issued");
        assertThat(Instant.parse((String) failing.get("dueAt"))).isAfter(Instant.now().plusSeconds(7000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>sorry</html>", "", "{}", "[]", "null", "{\"status\": \"valid\"", "{\"status\": 7, \"orders\": []}", "\u0000\u0001"})
    void nonsenseIsAFailureThatPasses(String nonsense) {
        for (int status : new int[] {200, 201, 500}) {
            scripted.answers(status, "application/json", nonsense);
            int id = domain("s" + status + "." + domain, scripted.directory(), FakeCloudflare.TOKEN);

            assertThat((String) awaitState(id, "failing").get("error")).contains("certificate authority").hasSizeLessThan(600);
        }
    }

    @Test
    void thePresentOneStaysInServiceWhileTheNextOneFails() {
        int id = domain(pebble.directory());
        var present = awaitState(id, "valid").get("id");

        cloudflare.answers(500, "");
        hurry(id);
        var failing = awaitState(id, "failing");

        assertThat(failing).containsEntry("id", present).containsEntry("source", "acme");
        assertThat(delivered(present)).contains("BEGIN PRIVATE KEY");
        cloudflare.works();
        hurry(id);
        await(() -> !present.equals(certificate(id).get("id")), "another certificate");
        assertThat(certificate(id)).containsEntry("state", "valid").containsEntry("error", null);
    }

    @Test
    void oneThatWasUploadedIsLeftAloneUntilItIsRemoved() {
        int id = domain("https://localhost:1/dir");
        awaitState(id, "failing");
        var sample = SampleCertificate.forNames(domain, "*." + domain);
        var path = "/external-domains/" + id + "/certificate";
        administrator.put(path, JSONObjectUtils.toJSONString(Map.of("chain", sample.chainPem(), "key", sample.keyPem())));
        administrator.patch("/external-domains/" + id, "{\"acmeDirectory\": \"" + pebble.directory() + "\"}");
        nodes.forEach(node -> node.bean(CertificateRenewer.class).wake());

        assertThat(certificate(id)).containsEntry("state", "valid").containsEntry("source", "uploaded").containsEntry("dueAt", null);
        assertThat(administrator.delete(path).status()).isEqualTo(204);
        assertThat(awaitState(id, "valid")).containsEntry("source", "acme");
    }

    @Test
    void whatIsRemovedIsObtainedAnew() {
        int id = domain(pebble.directory());
        var first = awaitState(id, "valid").get("id");

        administrator.delete("/external-domains/" + id + "/certificate");

        assertThat(awaitState(id, "valid").get("id")).isNotEqualTo(first);
    }

    @Test
    void whoeverWaitsHoldsNothingThatOthersNeed() throws Exception {
        try (var silent = new ScriptedAuthority(identity)) {
            silent.hangs();
            var ids = IntStream.range(0, 10).map(i -> domain("h" + i + "." + domain, silent.directory(), FakeCloudflare.TOKEN)).boxed().toList();
            await(() -> silent.waiting() == 8, "all places of both nodes to be taken");

            await(() -> nodes.getFirst().sql().withHandle(handle -> handle.createQuery("""
                            select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'""")
                    .mapTo(long.class).one()) == 0, "no transaction to be open");
            assertThat(administrator.post("/sites", "{\"name\": \"meanwhile\", \"internalDomain\": \"meanwhile.internal\"}").status()).isEqualTo(201);
            assertThat(administrator.patch("/external-domains/" + ids.getFirst(), "{\"acmeEmail\": null}").status()).isEqualTo(200);
            assertThat(administrator.delete("/external-domains/" + ids.get(1)).status()).isEqualTo(204);
            assertThat(silent.waiting()).as("still").isEqualTo(8);
        }
    }

    @Test
    void secretsAreNowhereInTheClear() {
        int id = domain(pebble.directory());
        var pem = delivered(awaitState(id, "valid").get("id"));
        var secret = List.of(pem.substring(pem.indexOf("-----BEGIN PRIVATE")).lines().filter(line -> !line.startsWith("-")).toList().getFirst());
        var everything = nodes.getFirst().sql().withHandle(handle -> handle.createQuery("""
                select (select string_agg(c::text || encode(c.private_key, 'escape'), '') from domain_certificates c)
                    || (select string_agg(a::text || encode(a.private_key, 'escape'), '') from acme_accounts a)
                    || (select string_agg(e::text, '') from audit_events e)""").mapTo(String.class).one());
        var renewal = new Renewal(id, domain, pebble.directory(), "ops@example.org", 0, new UUID(0, 0));
        KeyPair account = nodes.getLast().sql().withHandle(handle -> nodes.getLast().bean(AcmeAccounts.class).key(handle, renewal));

        assertThat(everything).contains(domain).doesNotContain("PRIVATE").doesNotContain(secret)
                .doesNotContain(HexFormat.of().formatHex(account.getPrivate().getEncoded()));
        assertThat(log.list).isNotEmpty().extracting(ILoggingEvent::getFormattedMessage).allSatisfy(line -> assertThat(line)
                .doesNotContain("PRIVATE", FakeCloudflare.TOKEN, Base64.getEncoder().encodeToString(account.getPrivate().getEncoded())).doesNotContain(secret));
        assertThat(administrator.get("/external-domains/" + id + "/certificate").text()).doesNotContain("PRIVATE").doesNotContain(secret);
    }
}
