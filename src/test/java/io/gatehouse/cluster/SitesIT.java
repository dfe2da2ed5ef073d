package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SitesIT {

    private static final String LAB = """
            {"name": "lab", "internalDomain": "Lab.Internal", "dhcpRange": "10.40.0.100, 10.40.0.199", "subnetMask": "255.255.255.0",
             "gateway": "10.40.0.1", "dnsForwarders": "9.9.9.9,1.1.1.1", "externalIp": "203.0.113.7"}""";

    private static GatehouseServer server;
    private static ApiClient administrator;

    private Answer lab;
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
    void oneSite() {
        server.sql().useTransaction(handle -> {
            handle.execute("delete from external_domains");
            handle.execute("delete from nodes");
            handle.execute("delete from sites");
        });
        lab = administrator.post("/sites", LAB);
        assertThat(lab.status()).as(lab.text()).isEqualTo(201);
        path = "/sites/" + lab.at("id");
    }

    @Test
    void areCreatedInTheirCanonicalForm() {
        assertThat(lab.header("Location")).isEqualTo("/api/v1" + path);
        assertThat(lab.header("ETag")).isEqualTo("\"" + lab.at("revision") + "\"");
        assertThat(lab.object()).containsKeys("createdAt", "updatedAt").containsEntry("internalDomain", "lab.internal")
                .containsEntry("dhcpRange", "10.40.0.100-10.40.0.199").containsEntry("dnsForwarders", "9.9.9.9, 1.1.1.1")
                .containsEntry("subnetMask", "255.255.255.0").containsEntry("gateway", "10.40.0.1").containsEntry("externalIp", "203.0.113.7");
        assertThat(administrator.get(path).text()).isEqualTo(lab.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "name | null", "name | \"\"", "name | \" lab\"", "name | \"a\\nb\"", "name | \"a\\u0000b\"", "name | \"a\\u202eb\"", "name | \"\\ud83d\"", "name | 7", "name | []",
            "internalDomain | null", "internalDomain | \"a..b\"", "internalDomain | \"10.0.0.1\"", "internalDomain | \"x'; drop table sites; --\"",
            "dhcpRange | \"10.40.0.100\"", "dhcpRange | \"10.40.0.199-10.40.0.100\"", "dhcpRange | \"10.40.0.100-10.40.1.100\"",
            "dhcpRange | \"10.40.0.100-10.40.0.255\"", "dhcpRange | \"10.40.0.0-10.40.0.100\"", "dhcpRange | \"10.40.0.1-10.40.0.100\"",
            "dhcpRange | \"10.41.0.100-10.41.0.199\"", "dhcpRange | \"fd00::1-fd00::2\"",
            "subnetMask | \"255.0.255.0\"", "subnetMask | \"/24\"", "subnetMask | null",
            "gateway | \"10.40.0.0\"", "gateway | \"10.40.0.255\"", "gateway | \"fd00::1\"", "gateway | \"127.0.0.1\"", "gateway | \"10.40.0.1/24\"",
            "dnsForwarders | \"\"", "dnsForwarders | \"1.1.1.1,1.1.1.1\"", "dnsForwarders | \"dns.example\"",
            "externalIp | \"203.0.113.0/24\"", "externalIp | \"0.0.0.0\"", "externalIp | true", "id | 1", "revision | 1", "nodes | []"})
    void refuseWhatBreaksARule(String field, String value) {
        for (var method : List.of("PATCH", "POST")) {
            var json = method.equals("PATCH") ? "{\"" + field + "\": " + value + "}" : with(field, value);

            var answer = administrator.send(method, method.equals("PATCH") ? path : "/sites", json);

            assertThat(answer.status()).as(method + " " + answer.text()).isEqualTo(422);
            assertThat(answer.at("field")).as(method).isEqualTo(field);
            assertThat(answer.textAt("detail")).isNotBlank();
            assertThat(answer.textAt("type")).isEqualTo("urn:gatehouse:problem:invalid-value");
        }
        assertThat(administrator.get(path).text()).isEqualTo(lab.text());
        assertThat(administrator.get("/sites").items()).hasSize(1);
    }

    @Test
    void tellTheOffendingValueButNotAllOfIt() {
        var answer = administrator.patch(path, "{\"name\": \"" + "x".repeat(100_000) + "\"}");

        assertThat(answer.at("field")).isEqualTo("name");
        assertThat(answer.textAt("value")).startsWith("xxx").hasSizeLessThan(300);
    }

    @Test
    void keepWhatAPatchDoesNotNameAndClearWhatItSaysIsNull() {
        var renamed = administrator.patch(path, "{\"name\": \"Zürich \\\"2\\\" <b>☃\"}");
        assertThat(renamed.status()).as(renamed.text()).isEqualTo(200);
        var cleared = administrator.patch(path, "{\"dhcpRange\": null, \"gateway\": null, \"subnetMask\": null, \"dnsForwarders\": null, \"externalIp\": null}");

        assertThat(renamed.object()).containsEntry("name", "Zürich \"2\" <b>☃").containsEntry("dhcpRange", "10.40.0.100-10.40.0.199");
        assertThat(cleared.object()).containsEntry("name", "Zürich \"2\" <b>☃").containsEntry("internalDomain", "lab.internal").containsEntry("dhcpRange", null)
                .containsEntry("gateway", null).containsEntry("subnetMask", null).containsEntry("dnsForwarders", null).containsEntry("externalIp", null);
        assertThat(cleared.at("createdAt")).isEqualTo(lab.at("createdAt"));
        assertThat(administrator.get(path).text()).isEqualTo(cleared.text());
    }

    @Test
    void areTheSameAfterAChangeThatChangesNothing() {
        long events = events();

        var same = administrator.patch(path, "{\"dhcpRange\": \"10.40.0.100,10.40.0.199\", \"internalDomain\": \"LAB.internal\"}");
        var nothing = administrator.patch(path, "{}");

        assertThat(same.text()).isEqualTo(lab.text());
        assertThat(nothing.text()).isEqualTo(lab.text());
        assertThat(events()).isEqualTo(events);
    }

    @Test
    void recordWhatChanged() {
        administrator.patch(path, "{\"externalIp\": null, \"name\": \"attic\"}");

        var event = lastEvent();
        assertThat(event).containsEntry("action", "cluster.site.modified").containsEntry("target", "site:lab").containsEntry("actor", GatehouseServer.ADMINISTRATOR);
        assertThat(event.get("changes")).isEqualTo("{\"name\": {\"after\": \"attic\", \"before\": \"lab\"}, \"externalIp\": {\"after\": null, \"before\": \"203.0.113.7\"}}");

        administrator.delete(path);
        assertThat(lastEvent()).containsEntry("action", "cluster.site.deleted").containsEntry("target", "site:attic");
    }

    @Test
    void haveANameAndARangeOfTheirOwn() {
        var sameName = administrator.post("/sites", "{\"name\": \"lab\", \"internalDomain\": \"x.internal\"}");
        assertThat(sameName.status()).isEqualTo(409);
        assertThat(sameName.at("field")).isEqualTo("name");

        var sameRange = administrator.post("/sites", "{\"name\": \"x\", \"internalDomain\": \"x\", \"subnetMask\": \"255.255.0.0\", \"dhcpRange\": \"10.40.0.199-10.40.3.1\"}");
        assertThat(sameRange.status()).isEqualTo(409);
        assertThat(sameRange.at("field")).isEqualTo("dhcpRange");

        var gatewayInRange = administrator.post("/sites", "{\"name\": \"x\", \"internalDomain\": \"x\", \"subnetMask\": \"255.255.255.0\", \"gateway\": \"10.40.0.150\"}");
        assertThat(gatewayInRange.status()).isEqualTo(409);
        var rangeOverGateway = administrator.post("/sites", "{\"name\": \"x\", \"internalDomain\": \"x\", \"subnetMask\": \"255.255.255.0\", \"dhcpRange\": \"10.40.0.1-10.40.0.9\"}");
        assertThat(rangeOverGateway.status()).isEqualTo(409);
        assertThat(rangeOverGateway.at("field")).isEqualTo("dhcpRange");

        var beside = administrator.post("/sites", "{\"name\": \"x\", \"internalDomain\": \"x\", \"subnetMask\": \"255.255.255.0\", \"gateway\": \"10.40.0.1\", \"dhcpRange\": \"10.40.0.200-10.40.0.254\"}");
        assertThat(beside.status()).as(beside.text()).isEqualTo(201);
    }

    @Test
    void keepTheirNetworkAroundTheirNodes() {
        node("pve1", "10.40.0.5");
        node("pve2", "10.40.0.6");

        held(administrator.patch(path, "{\"gateway\": \"10.99.0.1\", \"dhcpRange\": null}"), "node:pve1", "node:pve2");
        held(administrator.patch(path, "{\"gateway\": \"10.40.0.5\"}"), "node:pve1");
        held(administrator.patch(path, "{\"dhcpRange\": \"10.40.0.6-10.40.0.99\"}"), "node:pve2");
        held(administrator.patch(path, "{\"subnetMask\": \"255.255.255.252\", \"dhcpRange\": null}"), "node:pve1", "node:pve2");
        assertThat(administrator.get(path).text()).isEqualTo(lab.text());

        assertThat(administrator.patch(path, "{\"subnetMask\": \"255.255.254.0\"}").status()).isEqualTo(200);
    }

    @Test
    void stayWhileTheyHaveNodesOrDomains() {
        node("pve1", "10.40.0.5");
        administrator.post("/external-domains", "{\"domain\": \"example.com\", \"siteId\": " + lab.at("id") + "}");

        held(administrator.delete(path), "node:pve1", "external-domain:example.com");

        server.sql().useHandle(handle -> handle.execute("delete from nodes"));
        held(administrator.delete(path), "external-domain:example.com");
        administrator.patch("/external-domains/" + administrator.get("/external-domains").items().getFirst().get("id"), "{\"siteId\": null}");
        assertThat(administrator.delete(path).status()).isEqualTo(204);
        assertThat(administrator.get(path).status()).isEqualTo(404);
        assertThat(administrator.delete(path).status()).isEqualTo(404);
    }

    @Test
    void areChangedOnlyInTheStateThatWasMeant() {
        var stale = lab.header("ETag");
        var fresh = administrator.patch(path, "{\"externalIp\": null}", stale).header("ETag");

        assertThat(fresh).isNotEqualTo(stale);
        assertThat(administrator.patch(path, "{\"name\": \"x\"}", stale).status()).isEqualTo(412);
        assertThat(administrator.delete(path, stale).status()).isEqualTo(412);
        assertThat(administrator.get(path).at("name")).isEqualTo("lab");
        assertThat(administrator.delete(path, fresh).status()).isEqualTo(204);
    }

    @Test
    void areListedFilteredSortedAndSearched() {
        administrator.post("/sites", "{\"name\": \"attic\", \"internalDomain\": \"z.internal\"}");
        administrator.post("/sites", "{\"name\": \"50% off_line\", \"internalDomain\": \"m.internal\"}");

        assertThat(names("/sites")).containsExactly("50% off_line", "attic", "lab");
        assertThat(names("/sites?sort=-internalDomain")).containsExactly("attic", "50% off_line", "lab");
        assertThat(names("/sites?sort=id")).containsExactly("lab", "attic", "50% off_line");
        assertThat(names("/sites?name=attic")).containsExactly("attic");
        assertThat(names("/sites?name=ATTIC")).isEmpty();
        assertThat(administrator.get("/sites?name=%00").at("field")).isEqualTo("name");
        assertThat(names("/sites?q=Z.INTER")).containsExactly("attic");
        assertThat(names("/sites?q=%25")).containsExactly("50% off_line");
        assertThat(names("/sites?q=lab'--")).isEmpty();
        assertThat(administrator.get("/sites?sort=gateway").at("field")).isEqualTo("sort");
        assertThat(administrator.get("/sites?colour=red").at("field")).isEqualTo("colour");
    }

    @Test
    void areReadPartByPartWhileOthersCome() {
        for (int i = 0; i < 10; i++) {
            administrator.post("/sites", "{\"name\": \"m" + i + "\", \"internalDomain\": \"x\"}");
        }
        var seen = new ArrayList<String>();
        String cursor = "";
        for (int part = 0; cursor != null; part++) {
            var page = administrator.get("/sites?limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.items().forEach(site -> seen.add((String) site.get("name")));
            cursor = page.textAt("next");
            administrator.post("/sites", "{\"name\": \"a" + part + "\", \"internalDomain\": \"x\"}");
        }

        assertThat(new HashSet<>(seen)).hasSameSizeAs(seen).contains("lab", "m0", "m5", "m9");
    }

    private static String with(String field, String value) {
        var site = "\"name\": \"other\", \"internalDomain\": \"other.internal\", \"dhcpRange\": \"10.40.0.200-10.40.0.210\", "
                + "\"subnetMask\": \"255.255.255.0\", \"gateway\": \"10.40.0.2\", \"dnsForwarders\": \"1.1.1.1\", \"externalIp\": \"203.0.113.8\"";
        var member = "\"" + field + "\": " + value;
        return "{" + (site.contains("\"" + field + "\"") ? site.replaceFirst("\"" + field + "\": \"[^\"]*\"", member.replace("\\", "\\\\").replace("$", "\\$"))
                : site + ", " + member) + "}";
    }

    private void node(String name, String address) {
        var answer = administrator.post(path + "/nodes", "{\"name\": \"" + name + "\", \"ipv4Address\": \"" + address + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private static void held(Answer answer, String... holders) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(409);
        assertThat(answer.at("heldBy")).isEqualTo(List.of(holders));
    }

    private static List<Object> names(String path) {
        var answer = administrator.get(path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.items().stream().map(site -> site.get("name")).toList();
    }

    private static long events() {
        return server.sql().withHandle(handle -> handle.createQuery("select count(*) from audit_events").mapTo(long.class).one());
    }

    private static Map<String, Object> lastEvent() {
        return server.sql().withHandle(handle -> handle
                .createQuery("select actor, action, target, detail ->> 'changes' as changes from audit_events order by id desc limit 1").mapToMap().one());
    }
}
