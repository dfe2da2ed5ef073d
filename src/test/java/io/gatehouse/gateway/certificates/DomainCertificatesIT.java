package io.gatehouse.gateway.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainCertificatesIT {

    private static GatehouseServer server;
    private static ApiClient administrator;
    private static int tests;

    private String domain;
    private int id;
    private String path;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void oneDomain() {
        domain = "apps" + ++tests + ".example.org";
        id = number(administrator.post("/external-domains", "{\"domain\": \"" + domain + "\"}"));
        path = "/external-domains/" + id + "/certificate";
    }

    private static int number(Answer created) {
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return ((Long) created.at("id")).intValue();
    }

    private Answer upload(String chain, String key) {
        return upload(path, chain, key);
    }

    private static Answer upload(String path, String chain, String key) {
        var wish = new HashMap<String, Object>();
        wish.put("chain", chain);
        wish.put("key", key);
        return administrator.put(path, JSONObjectUtils.toJSONString(wish));
    }

    private static long events(String action, String target) {
        return administrator.get("/audit?action=" + action + "&target=" + target).items().size();
    }

    private String rows() {
        return server.sql().withHandle(handle -> handle.createQuery("""
                select coalesce(string_agg(c::text || encode(c.private_key, 'escape'), ''), '') from domain_certificates c
                where external_domain_id = :id""").bind("id", id).mapTo(String.class).one());
    }

    @Test
    void areUploadedShownWithoutTheirKeyAndRemoved() {
        assertThat(administrator.get(path).status()).isEqualTo(404);
        var sample = SampleCertificate.forNames(domain, "*." + domain);

        var uploaded = upload(sample.chainPem(), sample.keyPem());

        assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(200);
        assertThat(uploaded.object()).containsEntry("id", sample.id()).containsEntry("state", "valid").containsEntry("source", "uploaded")
                .containsEntry("wildcard", true).containsEntry("issuer", "CN=An authority").containsEntry("error", null).containsEntry("dueAt", null)
                .containsEntry("externalDomainId", (long) id);
        assertThat(uploaded.text()).contains("[\"" + domain + "\",\"*." + domain + "\"]").doesNotContain("PRIVATE");
        assertThat(administrator.get(path).text()).isEqualTo(uploaded.text());
        assertThat(events("gateway.certificate.uploaded", "external-domain:" + domain)).isEqualTo(1);

        assertThat(administrator.delete(path).status()).isEqualTo(204);
        assertThat(administrator.get(path).status()).isEqualTo(404);
        assertThat(administrator.delete(path).status()).isEqualTo(404);
        assertThat(events("gateway.certificate.removed", "external-domain:" + domain)).isEqualTo(1);
    }

    @Test
    void theNextOneTakesThePlace() {
        var first = SampleCertificate.forNames(domain, "*." + domain);
        var second = SampleCertificate.forNames(domain);
        upload(first.chainPem(), first.keyPem());

        assertThat(upload(second.chainPem(), second.keyPem()).object()).containsEntry("id", second.id()).containsEntry("wildcard", false);
    }

    @ParameterizedTest
    @CsvSource({"chain,", "chain, x", "key,", "key, hush", "key, other"})
    void whatIsRefusedNamesItsFieldAndChangesNothing(String field, String value) {
        var present = SampleCertificate.forNames(domain);
        upload(present.chainPem(), present.keyPem());
        var next = SampleCertificate.forNames(domain);
        var wrong = "other".equals(value) ? SampleCertificate.forNames(domain).keyPem() : value;

        var refused = field.equals("key") ? upload(next.chainPem(), wrong) : upload(wrong, next.keyPem());

        assertThat(refused.status()).as(refused.text()).isEqualTo(422);
        assertThat(refused.at("field")).isEqualTo(field);
        assertThat(refused.text()).doesNotContain("hush", "BEGIN", next.keyPem().substring(40, 60));
        assertThat(administrator.get(path).object()).containsEntry("id", present.id());
    }

    @Test
    void aKeyIsNowhereInTheClear() {
        var sample = SampleCertificate.forNames(domain);
        upload(sample.chainPem(), sample.keyPem());
        var secret = sample.keyPem().lines().filter(line -> !line.startsWith("-")).toList();

        assertThat(rows()).contains(sample.id()).doesNotContain("PRIVATE").doesNotContain(secret);
        var everything = administrator.get(path).text() + administrator.get("/audit").text() + administrator.get("/external-domains/" + id).text();
        assertThat(everything).doesNotContain("PRIVATE").doesNotContain(secret);
    }

    @Test
    void aKeyThatWasMovedToAnotherDomainCannotBeReadThere() {
        var sample = SampleCertificate.forNames(domain);
        upload(sample.chainPem(), sample.keyPem());
        int site = number(administrator.post("/sites", "{\"name\": \"thief\", \"internalDomain\": \"thief.internal\"}"));
        int thief = number(administrator.post("/external-domains", "{\"domain\": \"thief.example\", \"siteId\": " + site + "}"));
        server.sql().useHandle(handle -> handle.execute("""
                insert into domain_certificates (external_domain_id, id, names, issuer, not_before, not_after, chain, private_key)
                select ?, id, names, issuer, not_before, not_after, chain, private_key from domain_certificates where external_domain_id = ?""", thief, id));

        assertThatThrownBy(() -> server.bean(DomainCertificates.class).delivered(site, sample.id())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSiteGetsThoseOfTheDomainsItAnswersFor() {
        var sample = SampleCertificate.forNames(domain);
        upload(sample.chainPem(), sample.keyPem());
        int home = number(administrator.post("/sites", "{\"name\": \"home\", \"internalDomain\": \"home.internal\"}"));
        int other = number(administrator.post("/sites", "{\"name\": \"other\", \"internalDomain\": \"other.internal\"}"));
        var atHome = agent(home);
        var elsewhere = agent(other);
        assertThat(atHome.get("/sites/" + home + "/certificates/" + sample.id()).status()).isEqualTo(404);

        administrator.patch("/external-domains/" + id, "{\"siteId\": " + home + "}");
        var delivered = atHome.get("/sites/" + home + "/certificates/" + sample.id());
        assertThat(delivered.text()).isEqualTo(sample.chainPem() + sample.keyPem());
        assertThat(delivered.header("Cache-Control")).isEqualTo("no-store");
        assertThat(delivered.header("Content-Type")).isEqualTo("application/x-pem-file");
        assertThat(elsewhere.get("/sites/" + other + "/certificates/" + sample.id()).status()).isEqualTo(404);
        assertThat(elsewhere.get("/sites/" + home + "/certificates/" + sample.id()).status()).isEqualTo(403);
        assertThat(administrator.get("/sites/" + home + "/certificates/" + sample.id()).status()).isEqualTo(403);

        int node = number(administrator.post("/sites/" + other + "/nodes", "{\"name\": \"pve-other\"}"));
        int container = number(administrator.post("/containers", "{\"hostname\": \"web-other\", \"nodeId\": " + node + "}"));
        administrator.post("/containers/" + container + "/services", """
                {"type": "http", "containerPort": 80, "externalHostname": "shop", "externalDomainId": %d}""".formatted(id));
        assertThat(elsewhere.get("/sites/" + other + "/certificates/" + sample.id()).text()).contains("BEGIN PRIVATE KEY");
    }

    @Test
    void theSnapshotOfASiteFollowsThem() throws Exception {
        int home = number(administrator.post("/sites", "{\"name\": \"follows\", \"internalDomain\": \"follows.internal\"}"));
        administrator.patch("/external-domains/" + id, "{\"siteId\": " + home + ", \"authServer\": \"https://sign-in.example.org\"}");
        var sample = SampleCertificate.forNames(domain);

        upload(sample.chainPem(), sample.keyPem());
        awaitSnapshot(home, text -> text.contains("\"certificate\":{\"id\":\"" + sample.id() + "\",\"notAfter\":\"")
                && text.contains("\"authServer\":\"https://sign-in.example.org\""));
        server.sql().useHandle(handle -> {
            handle.execute("update domain_certificates set not_after = now() where external_domain_id = ?", id);
            server.bean(CertificateRows.class).expire(handle);
        });
        awaitSnapshot(home, text -> !text.contains(sample.id()));
        assertThat(administrator.get("/sites/" + home + "/snapshot").text()).doesNotContain("PRIVATE");
    }

    private static void awaitSnapshot(int site, Predicate<String> state) throws InterruptedException {
        for (int i = 0; i < 200 && !state.test(administrator.get("/sites/" + site + "/snapshot").text()); i++) {
            Thread.sleep(50);
        }
        assertThat(administrator.get("/sites/" + site + "/snapshot").text()).matches(state);
    }

    private static ApiClient agent(int site) {
        return ApiClient.withToken(server, administrator.post("/sites/" + site + "/agent-keys", "{\"name\": \"agent\"}").textAt("key"));
    }

    @Test
    void oneWhoseEndHasComeIsInServiceNoMore() {
        int site = number(administrator.post("/sites", "{\"name\": \"late\", \"internalDomain\": \"late.internal\"}"));
        administrator.patch("/external-domains/" + id, "{\"siteId\": " + site + "}");
        var sample = SampleCertificate.forNames(domain);
        upload(sample.chainPem(), sample.keyPem());
        server.sql().useHandle(handle -> handle.execute("update domain_certificates set not_after = now() where external_domain_id = ?", id));

        assertThat(administrator.get(path).at("state")).isEqualTo("expired");
        server.sql().useHandle(handle -> assertThat(server.bean(CertificateRows.class).expire(handle)).isSubsetOf(domain));

        assertThatThrownBy(() -> server.bean(DomainCertificates.class).delivered(site, sample.id())).isInstanceOf(Problem.class);
        assertThat(administrator.get(path).at("state")).isEqualTo("expired");
    }

    @Test
    void aDomainWithAnotherNameNeedsAnotherOne() {
        var sample = SampleCertificate.forNames(domain);
        upload(sample.chainPem(), sample.keyPem());

        administrator.patch("/external-domains/" + id, "{\"acmeEmail\": \"ops@example.org\"}");
        assertThat(administrator.get(path).status()).isEqualTo(200);
        administrator.patch("/external-domains/" + id, "{\"domain\": \"other" + tests + ".example.org\"}");

        assertThat(administrator.get(path).status()).isEqualTo(404);
    }

    @Test
    void goWithTheirDomain() {
        var sample = SampleCertificate.forNames(domain);
        upload(sample.chainPem(), sample.keyPem());

        assertThat(administrator.delete("/external-domains/" + id).status()).isEqualTo(204);
        assertThat(rows()).isEmpty();
        assertThat(upload(sample.chainPem(), sample.keyPem()).status()).isEqualTo(404);
    }

    @Test
    void ofManyAtOnceOneStays() throws Exception {
        var samples = IntStream.range(0, 8).mapToObj(i -> SampleCertificate.forNames(domain)).toList();

        var answers = AtOnce.call(samples.size(), i -> upload(samples.get(i).chainPem(), samples.get(i).keyPem()));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(samples).extracting(SampleCertificate::id).contains(administrator.get(path).textAt("id"));
        assertThat(events("gateway.certificate.uploaded", "external-domain:" + domain)).isEqualTo(samples.size());
    }

    @Test
    void areOfAdministratorsOnly() {
        administrator.post("/users", "{\"username\": \"alice\", \"password\": \"seven bridges of ...\"}");
        var alice = ApiClient.user(server, "alice", "seven bridges of ...");

        assertThat(alice.get(path).status()).isEqualTo(403);
        assertThat(alice.put(path, JSONObjectUtils.toJSONString(Map.of("chain", "x", "key", "y"))).status()).isEqualTo(403);
        assertThat(alice.delete(path).status()).isEqualTo(403);
    }
}
