package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainersIT {

    private static GatehouseServer server;
    private static TestLayout layout;
    private static ApiClient administrator;
    private static ApiClient alice;
    private static ApiClient bob;
    private static int lab;
    private static int pve1;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        layout = new TestLayout(server);
        administrator = ApiClient.administrator(server);
        alice = layout.user("alice");
        bob = layout.user("bob");
        lab = layout.site("lab", "10.1.0", 100, 199);
        pve1 = layout.node(lab, "pve1", "10.1.0.5");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer create(ApiClient caller, String json, Object... values) {
        return caller.post("/containers", json.formatted(values));
    }

    private static String path(Answer container) {
        return "/containers/" + container.at("id");
    }

    @Test
    void areCreatedWithTheirAddresses() {
        var created = create(alice, """
                {"hostname": "Web1", "nodeId": %d, "template": "debian-13"}""", pve1);

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/api/v1" + path(created));
        assertThat(created.header("ETag")).matches("\"[0-9]+\"");
        assertThat(created.object())
                .containsEntry("hostname", "web1").containsEntry("username", "alice").containsEntry("status", "pending")
                .containsEntry("template", "debian-13").containsEntry("siteId", (long) lab).containsEntry("nodeId", (long) pve1)
                .containsEntry("containerId", null).containsEntry("aiContainer", "N").containsEntry("creationJobId", null);
        assertThat(created.textAt("macAddress")).matches("[0-9a-f][26ae](:[0-9a-f]{2}){5}");
        assertThat(created.textAt("ipv4Address")).matches("10\\.1\\.0\\.1[0-9]{2}");
        assertThat(alice.get(path(created)).object()).isEqualTo(created.object());
    }

    @Test
    void takeEverythingFromAnAdministrator() {
        int job = layout.insert("insert into jobs (name) values ('create') returning id");
        var created = create(administrator, """
                {"hostname": "full", "username": "bob", "status": "running", "nodeId": %d, "containerId": 4711,
                 "macAddress": "BC-24-11-00-00-FE", "ipv4Address": "10.1.0.77", "aiContainer": "Y", "creationJobId": %d}""", pve1, job);

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.object())
                .containsEntry("username", "bob").containsEntry("status", "running").containsEntry("containerId", 4711L)
                .containsEntry("macAddress", "bc:24:11:00:00:fe").containsEntry("ipv4Address", "10.1.0.77")
                .containsEntry("aiContainer", "Y").containsEntry("creationJobId", (long) job);
        assertThat(bob.get(path(created)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "hostname      | `-web`",
            "hostname      | `web.one`",
            "hostname      | `` ",
            "username      | `nobody-at-all`",
            "status        | `stopped`",
            "template      | `two\\nlines`",
            "containerId   | 99",
            "containerId   | 1000000000",
            "macAddress    | `01:00:5e:00:00:01`",
            "macAddress    | `00:00:00:00:00:00`",
            "macAddress    | `02:00:5e:00:00`",
            "ipv4Address   | `10.2.0.5`",
            "ipv4Address   | `10.1.0.0`",
            "ipv4Address   | `10.1.0.255`",
            "ipv4Address   | `10.1.0.1`",
            "ipv4Address   | `010.1.0.9`",
            "ipv4Address   | `fd00::1`",
            "aiContainer   | `yes`",
            "creationJobId | 999999",
            "nodeId        | 999999"})
    void refuseValuesThatBreakARule(String field, String value) {
        var wish = new LinkedHashMap<String, String>();
        wish.put("hostname", "\"refused\"");
        wish.put("nodeId", Integer.toString(pve1));
        wish.put(field, value.matches("[0-9]+") ? value : "\"" + value.strip() + "\"");
        var refusal = create(administrator, "{" + String.join(", ", wish.entrySet().stream()
                .map(member -> "\"" + member.getKey() + "\": " + member.getValue()).toList()) + "}");

        assertThat(refusal.status()).as(refusal.text()).isEqualTo(422);
        assertThat(refusal.at("field")).isEqualTo(field);
        assertThat(refusal.object()).containsKey("value");
    }

    @Test
    void refuseWhatSomebodyElseHas() {
        var first = create(administrator, """
                {"hostname": "taken", "nodeId": %d, "containerId": 500, "ipv4Address": "10.1.0.78"}""", pve1);
        assertThat(first.status()).as(first.text()).isEqualTo(201);

        for (var clash : Map.of("hostname", "\"TAKEN\"", "containerId", "500", "macAddress", "\"" + first.at("macAddress") + "\"",
                "ipv4Address", "\"10.1.0.78\"").entrySet()) {
            var refusal = create(administrator, """
                    {"nodeId": %d, %s "%s": %s}""", pve1, clash.getKey().equals("hostname") ? "" : "\"hostname\": \"other\",",
                    clash.getKey(), clash.getValue());
            assertThat(refusal.status()).as(refusal.text()).isEqualTo(409);
            assertThat(refusal.at("field")).isEqualTo(clash.getKey());
        }
        var node = create(administrator, """
                {"hostname": "other", "nodeId": %d, "ipv4Address": "10.1.0.5"}""", pve1);
        assertThat(node.status()).isEqualTo(409);
        assertThat(node.at("field")).isEqualTo("ipv4Address");
    }

    @Test
    void arePlacedOnTheNodeWithTheFewest() {
        int site = layout.site("placed", "10.3.0", 10, 99);
        int one = layout.node(site, "placed1", "10.3.0.2");
        int two = layout.node(site, "placed2", "10.3.0.3");
        create(administrator, """
                {"hostname": "placed-a", "nodeId": %d}""", one);

        var answers = List.of("placed-b", "placed-c", "placed-d").stream().map(name -> create(alice, """
                {"hostname": "%s", "siteId": %d}""", name, site)).toList();

        assertThat(answers).extracting(answer -> answer.at("nodeId")).containsExactly((long) two, (long) one, (long) two);
        assertThat(create(alice, """
                {"hostname": "nowhere", "siteId": %d, "nodeId": %d}""", site, one).at("field")).isEqualTo("siteId");
        assertThat(create(alice, """
                {"hostname": "nowhere"}""").at("field")).isEqualTo("nodeId");
        assertThat(create(alice, """
                {"hostname": "nowhere", "siteId": 99999}""").status()).isEqualTo(422);
        var empty = create(alice, """
                {"hostname": "nowhere", "siteId": %d}""", layout.site("empty", "10.4.0", 10, 20));
        assertThat(empty.status()).isEqualTo(409);
        assertThat(empty.at("field")).isEqualTo("siteId");
    }

    @Test
    void takeTheLowestFreeAddressUntilTheRangeIsFull() {
        int site = layout.site("small", "10.5.0", 10, 12);
        int node = layout.node(site, "small1", "10.5.0.2");
        create(administrator, """
                {"hostname": "small-a", "nodeId": %d, "ipv4Address": "10.5.0.11"}""", node);
        var first = create(alice, """
                {"hostname": "small-b", "nodeId": %d}""", node);
        var second = create(alice, """
                {"hostname": "small-c", "nodeId": %d}""", node);
        var none = create(alice, """
                {"hostname": "small-d", "nodeId": %d}""", node);

        assertThat(first.at("ipv4Address")).isEqualTo("10.5.0.10");
        assertThat(second.at("ipv4Address")).isEqualTo("10.5.0.12");
        assertThat(none.status()).isEqualTo(409);
        assertThat(none.at("field")).isEqualTo("ipv4Address");
        assertThat(none.textAt("detail")).contains("10.5.0.10-10.5.0.12").contains("small");

        alice.delete(path(first));
        assertThat(create(alice, """
                {"hostname": "small-d", "nodeId": %d}""", node).at("ipv4Address")).isEqualTo("10.5.0.10");
    }

    @Test
    void haveNoAddressWhereThereIsNoRangeAndGetOneWhenAskedLater() {
        int site = layout.siteWithoutNetwork("bare");
        int node = layout.node(site, "bare1", null);
        var created = create(alice, """
                {"hostname": "bare-a", "nodeId": %d}""", node);
        assertThat(created.object()).containsEntry("ipv4Address", null);
        var refused = administrator.delete("/nodes/" + node);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("heldBy")).isEqualTo(List.of("container:bare-a"));

        layout.execute("""
                update sites set subnet_mask = '255.255.255.0', gateway = '10.6.0.1', dhcp_range = inetrange('10.6.0.50', '10.6.0.60', '[]')
                where name = 'bare'""");
        assertThat(administrator.patch(path(created), "{\"ipv4Address\": null}").at("ipv4Address")).isEqualTo("10.6.0.50");
    }

    @Test
    void keepOutOfOthersWay() {
        var own = create(alice, """
                {"hostname": "alices", "nodeId": %d}""", pve1);

        assertThat(bob.get(path(own)).status()).isEqualTo(404);
        assertThat(bob.patch(path(own), "{\"template\": \"x\"}").status()).isEqualTo(404);
        assertThat(bob.delete(path(own)).status()).isEqualTo(404);
        assertThat(bob.get(path(own)).text()).doesNotContain("alice");
        assertThat(bob.get("/containers").items()).extracting(item -> item.get("username")).doesNotContain("alice");
        assertThat(bob.get("/containers?username=alice").items()).isEmpty();
        assertThat(administrator.get("/containers?username=alice").items()).extracting(item -> item.get("hostname")).contains("alices");
        assertThat(ApiClient.anonymous(server).get(path(own)).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "status | \"running\"", "containerId | 101", "macAddress | \"02:00:00:00:00:01\"", "ipv4Address | \"10.1.0.79\"",
            "creationJobId | 1", "username | \"bob\""})
    void letUsersNotSetWhatIsForAdministrators(String field, String value) {
        var refused = create(alice, """
                {"hostname": "presumptuous", "nodeId": %d, "%s": %s}""", pve1, field, value);
        assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        assertThat(refused.at("field")).isEqualTo(field);

        var own = create(alice, """
                {"hostname": "modest-%s", "nodeId": %d}""", field.toLowerCase(), pve1);
        var patch = alice.patch(path(own), "{\"" + field + "\": " + value + "}");
        assertThat(patch.status()).isEqualTo(403);
        assertThat(patch.at("field")).isEqualTo(field);
        assertThat(alice.get(path(own)).header("ETag")).isEqualTo(own.header("ETag"));
    }

    @Test
    void areChangedByTheirOwnersExceptForTheirPlace() {
        var own = create(alice, """
                {"hostname": "mine", "nodeId": %d}""", pve1);

        var changed = alice.patch(path(own), "{\"hostname\": \"mine-2\", \"template\": \"debian-12\", \"aiContainer\": \"Y\", \"username\": \"alice\"}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.object()).containsEntry("hostname", "mine-2").containsEntry("template", "debian-12").containsEntry("aiContainer", "Y")
                .containsEntry("macAddress", own.at("macAddress")).containsEntry("ipv4Address", own.at("ipv4Address"));
        assertThat(alice.patch(path(own), "{\"template\": null}").object()).containsEntry("template", null).containsEntry("hostname", "mine-2");
        var moved = alice.patch(path(own), "{\"nodeId\": " + pve1 + "}");
        assertThat(moved.status()).isEqualTo(403);
        assertThat(moved.at("field")).isEqualTo("nodeId");
        assertThat(alice.patch(path(own), "{\"hostname\": null}").at("field")).isEqualTo("hostname");
        assertThat(alice.patch(path(own), "{\"id\": 5}").at("field")).isEqualTo("id");
    }

    @Test
    void areChangedFromTheStateThatWasSeenOnly() {
        var own = create(administrator, """
                {"hostname": "seen", "nodeId": %d}""", pve1);
        administrator.patch(path(own), "{\"template\": \"one\"}");

        assertThat(server.send("PATCH", "/api/v1" + path(own), "{\"template\": \"two\"}").statusCode()).isEqualTo(200);
        var stale = conditional("PATCH", path(own), own.header("ETag"), "{\"template\": \"three\"}");
        assertThat(stale).isEqualTo(412);
        assertThat(conditional("DELETE", path(own), own.header("ETag"), null)).isEqualTo(412);
        assertThat(administrator.get(path(own)).at("template")).isEqualTo("two");
        assertThat(conditional("DELETE", path(own), administrator.get(path(own)).header("ETag"), null)).isEqualTo(204);
    }

    @Test
    void checkTheirAddressWhenTheyMoveToAnotherSite() {
        int site = layout.site("far", "10.7.0", 10, 20);
        int node = layout.node(site, "far1", "10.7.0.2");
        var container = create(administrator, """
                {"hostname": "mover", "nodeId": %d}""", pve1);

        var refused = administrator.patch(path(container), "{\"nodeId\": " + node + "}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.at("field")).isEqualTo("ipv4Address");
        assertThat(refused.at("value")).isEqualTo(container.at("ipv4Address"));

        var moved = administrator.patch(path(container), "{\"nodeId\": " + node + ", \"ipv4Address\": null}");
        assertThat(moved.object()).containsEntry("siteId", (long) site).containsEntry("ipv4Address", "10.7.0.10")
                .containsEntry("macAddress", container.at("macAddress"));
    }

    @Test
    void areGivenToSomebodyElseByAdministratorsOnly() {
        var container = create(alice, """
                {"hostname": "given", "nodeId": %d}""", pve1);

        assertThat(administrator.patch(path(container), "{\"username\": \"bob\"}").at("username")).isEqualTo("bob");
        assertThat(alice.get(path(container)).status()).isEqualTo(404);
        assertThat(bob.get(path(container)).status()).isEqualTo(200);
    }

    @Test
    void areListedFilteredAndSorted() {
        int site = layout.site("listed", "10.8.0", 10, 99);
        int node = layout.node(site, "listed1", null);
        for (var name : List.of("l-c", "l-a", "l-b")) {
            create(administrator, """
                    {"hostname": "%s", "nodeId": %d, "status": "%s"}""", name, node, name.equals("l-a") ? "failed" : "running");
        }
        var here = "/containers?siteId=" + site;

        assertThat(names(here)).containsExactly("l-a", "l-b", "l-c");
        assertThat(names(here + "&sort=-hostname")).containsExactly("l-c", "l-b", "l-a");
        assertThat(names(here + "&sort=createdAt")).containsExactly("l-c", "l-a", "l-b");
        assertThat(names(here + "&sort=status")).containsExactly("l-a", "l-c", "l-b");
        assertThat(names("/containers?nodeId=" + node + "&status=running")).containsExactly("l-b", "l-c");
        assertThat(names("/containers?hostname=l-b")).containsExactly("l-b");
        assertThat(names(here + "&q=L-C")).containsExactly("l-c");
        var part = administrator.get(here + "&limit=2");
        assertThat(part.items()).hasSize(2);
        assertThat(names(here + "&limit=2&cursor=" + part.at("next"))).containsExactly("l-c");
        assertThat(administrator.get("/containers?status=stopped").at("field")).isEqualTo("status");
        assertThat(administrator.get("/containers?owner=alice").at("field")).isEqualTo("owner");
    }

    @Test
    void goWithTheirServices() {
        var container = create(alice, """
                {"hostname": "leaver", "nodeId": %d}""", pve1);
        var service = alice.post(path(container) + "/services", """
                {"type": "dns", "containerPort": 389, "serviceName": "_ldap._tcp"}""");
        assertThat(service.status()).as(service.text()).isEqualTo(201);

        assertThat(alice.delete(path(container)).status()).isEqualTo(204);
        assertThat(alice.get(path(container)).status()).isEqualTo(404);
        assertThat(count("select count(*) from services where id = " + service.at("id"))).isZero();
        assertThat(count("select count(*) from dns_services where service_id = " + service.at("id"))).isZero();
    }

    @Test
    void keepTheirOwnerFromBeingDeleted() {
        var carol = layout.user("carol");
        var container = create(carol, """
                {"hostname": "carols", "nodeId": %d}""", pve1);

        var refused = administrator.delete("/users/carol");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.textAt("detail")).contains("/containers?username=");

        carol.delete(path(container));
        assertThat(administrator.delete("/users/carol").status()).isEqualTo(204);
    }

    @Test
    void areInTheAuditLogWithWhatChanged() {
        var container = create(alice, """
                {"hostname": "audited", "nodeId": %d}""", pve1);
        alice.patch(path(container), "{\"template\": \"debian-13\"}");
        alice.patch(path(container), "{\"template\": \"debian-13\"}");
        alice.delete(path(container));

        var events = server.sql().withHandle(handle -> handle
                .createQuery("select action, actor, detail::text as detail from audit_events where target = 'container:audited' order by id").mapToMap().list());
        assertThat(events).extracting(event -> event.get("action"))
                .containsExactly("cluster.container.created", "cluster.container.modified", "cluster.container.deleted");
        assertThat(events).extracting(event -> event.get("actor")).containsOnly("alice");
        assertThat(events.get(1).get("detail").toString().replace(" ", ""))
                .isEqualTo("{\"changes\":{\"template\":{\"after\":\"debian-13\",\"before\":null}}}");
    }

    private static List<Object> names(String path) {
        return administrator.get(path).items().stream().map(item -> item.get("hostname")).toList();
    }

    private static int count(String sql) {
        return server.sql().withHandle(handle -> handle.createQuery(sql).mapTo(int.class).one());
    }

    private static int conditional(String method, String path, String tag, String json) {
        return TestRequests.send(server, method, path, Map.of("If-Match", tag), json).statusCode();
    }
}
