package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicesIT {

    private static GatehouseServer server;
    private static TestLayout layout;
    private static ApiClient administrator;
    private static ApiClient alice;
    private static ApiClient bob;
    private static int domain;
    private static String alices;
    private static String bobs;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        layout = new TestLayout(server);
        administrator = ApiClient.administrator(server);
        alice = layout.user("alice");
        bob = layout.user("bob");
        int node = layout.node(layout.site("lab", "10.1.0", 100, 199), "pve1", "10.1.0.5");
        domain = layout.domain("example.org");
        alices = "/containers/" + alice.post("/containers", "{\"hostname\": \"web1\", \"nodeId\": " + node + "}").at("id") + "/services";
        bobs = "/containers/" + bob.post("/containers", "{\"hostname\": \"web2\", \"nodeId\": " + node + "}").at("id") + "/services";
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String http(String hostname, int domain) {
        return """
                {"type": "http", "containerPort": 8080, "externalHostname": "%s", "externalDomainId": %d}""".formatted(hostname, domain);
    }

    private static String transport(String protocol, Object port) {
        return """
                {"type": "transport", "containerPort": 5432, "protocol": "%s", "externalPort": %s}""".formatted(protocol, port);
    }

    @Test
    void areWebSitesBelowAnExternalDomain() {
        var created = alice.post(alices, http("App", domain));

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/api/v1" + alices + "/" + created.at("id"));
        assertThat(created.header("ETag")).matches("\"[0-9]+\"");
        assertThat(created.object()).containsOnlyKeys("id", "containerId", "type", "containerPort", "externalHostname", "externalDomainId", "authRequired", "createdAt", "updatedAt")
                .containsEntry("type", "http").containsEntry("authRequired", false).containsEntry("containerPort", 8080L).containsEntry("externalHostname", "app")
                .containsEntry("externalDomainId", (long) domain);
        assertThat(alice.get(alices + "/" + created.at("id")).object()).isEqualTo(created.object());
        assertThat(alice.post(alices, http("deep.er", domain)).status()).isEqualTo(201);
    }

    @Test
    void areForThoseWhoHaveSignedInIfTheirOwnersSaySo() {
        var created = alice.post(alices, """
                {"type": "http", "containerPort": 80, "externalHostname": "closed", "externalDomainId": %d, "authRequired": true}""".formatted(domain));
        assertThat(created.object()).containsEntry("authRequired", true);
        var path = alices + "/" + created.at("id");

        assertThat(alice.patch(path, "{\"authRequired\": null}").at("field")).isEqualTo("authRequired");
        assertThat(alice.patch(path, "{\"containerPort\": 81}").object()).containsEntry("authRequired", true);
        assertThat(alice.patch(path, "{\"authRequired\": false}").object()).containsEntry("authRequired", false);
        var record = alice.post(alices, """
                {"type": "dns", "containerPort": 389, "serviceName": "_ldap._tcp", "authRequired": true}""");
        assertThat(record.status()).isEqualTo(422);
        assertThat(record.at("field")).isEqualTo("authRequired");
    }

    @Test
    void areTheExternalDomainItselfForAdministratorsOnly() {
        int apex = layout.domain("apex.example");

        var refusal = alice.post(alices, http("@", apex));
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.at("field")).isEqualTo("externalHostname");
        var given = administrator.post(alices, http("@", apex));
        assertThat(given.at("externalHostname")).isEqualTo("@");
        assertThat(alice.patch(alices + "/" + given.at("id"), "{\"containerPort\": 8081}").status()).isEqualTo(200);
    }

    @Test
    void arePortsOfTheGateway() {
        var created = alice.post(alices, """
                {"type": "transport", "containerPort": 22, "protocol": "tcp", "externalPort": 2922, "useTls": true}""");

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.object()).containsOnlyKeys("id", "containerId", "type", "containerPort", "protocol", "externalPort", "useTls", "createdAt", "updatedAt")
                .containsEntry("type", "transport").containsEntry("protocol", "tcp").containsEntry("externalPort", 2922L).containsEntry("useTls", true);
        assertThat(alice.post(alices, transport("udp", 2922)).object()).containsEntry("useTls", false);
    }

    @Test
    void areSrvRecords() {
        var created = alice.post(alices, """
                {"type": "dns", "containerPort": 389, "serviceName": "_LDAP._tcp"}""");

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.object()).containsOnlyKeys("id", "containerId", "type", "containerPort", "recordType", "serviceName", "createdAt", "updatedAt")
                .containsEntry("recordType", "SRV").containsEntry("serviceName", "_ldap._tcp");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "type             | {'containerPort': 80}",
            "type             | {'type': 'smtp', 'containerPort': 25}",
            "containerPort    | {'type': 'dns', 'serviceName': '_a._tcp'}",
            "containerPort    | {'type': 'dns', 'serviceName': '_a._tcp', 'containerPort': 0}",
            "containerPort    | {'type': 'dns', 'serviceName': '_a._tcp', 'containerPort': 65536}",
            "serviceName      | {'type': 'dns', 'containerPort': 1}",
            "serviceName      | {'type': 'dns', 'containerPort': 1, 'serviceName': 'ldap._tcp'}",
            "serviceName      | {'type': 'dns', 'containerPort': 1, 'serviceName': '_ldap._tcp.example.org'}",
            "serviceName      | {'type': 'dns', 'containerPort': 1, 'serviceName': '_-._tcp'}",
            "recordType       | {'type': 'dns', 'containerPort': 1, 'serviceName': '_a._tcp', 'recordType': 'A'}",
            "externalHostname | {'type': 'http', 'containerPort': 1, 'externalDomainId': 1}",
            "externalHostname | {'type': 'http', 'containerPort': 1, 'externalDomainId': 1, 'externalHostname': ''}",
            "externalHostname | {'type': 'http', 'containerPort': 1, 'externalDomainId': 1, 'externalHostname': '*'}",
            "externalHostname | {'type': 'http', 'containerPort': 1, 'externalDomainId': 1, 'externalHostname': 'a..b'}",
            "externalHostname | {'type': 'http', 'containerPort': 1, 'externalDomainId': 1, 'externalHostname': 'a_b'}",
            "externalDomainId | {'type': 'http', 'containerPort': 1, 'externalHostname': 'a'}",
            "externalDomainId | {'type': 'http', 'containerPort': 1, 'externalDomainId': 9999, 'externalHostname': 'a'}",
            "protocol         | {'type': 'transport', 'containerPort': 1}",
            "protocol         | {'type': 'transport', 'containerPort': 1, 'protocol': 'sctp'}",
            "externalPort     | {'type': 'transport', 'containerPort': 1, 'protocol': 'tcp', 'externalPort': 0}",
            "externalPort     | {'type': 'transport', 'containerPort': 1, 'protocol': 'tcp', 'externalPort': 65536}",
            "externalPort     | {'type': 'transport', 'containerPort': 1, 'protocol': 'tcp', 'externalPort': 80}",
            "externalPort     | {'type': 'transport', 'containerPort': 1, 'protocol': 'tcp', 'externalPort': 443}",
            "externalPort     | {'type': 'transport', 'containerPort': 1, 'protocol': 'udp', 'externalPort': 443}",
            "useTls           | {'type': 'transport', 'containerPort': 1, 'protocol': 'udp', 'useTls': true}",
            "serviceName      | {'type': 'http', 'containerPort': 1, 'externalDomainId': 1, 'externalHostname': 'a', 'serviceName': '_a._tcp'}",
            "useTls           | {'type': 'http', 'containerPort': 1, 'externalDomainId': 1, 'externalHostname': 'a', 'useTls': false}",
            "externalDomainId | {'type': 'transport', 'containerPort': 1, 'protocol': 'tcp', 'externalDomainId': 1}",
            "externalPort     | {'type': 'dns', 'containerPort': 1, 'serviceName': '_a._tcp', 'externalPort': 3000}"})
    void refuseValuesThatBreakARule(String field, String json) {
        var refusal = administrator.post(alices, json.replace('\'', '"'));

        assertThat(refusal.status()).as(refusal.text()).isEqualTo(422);
        assertThat(refusal.at("field")).isEqualTo(field);
    }

    @Test
    void refuseNamesTogetherLongerThanDnsTakes() {
        int longDomain = layout.domain("d".repeat(60) + "." + "e".repeat(60) + "." + "f".repeat(60) + ".org");
        var refusal = alice.post(alices, http("a".repeat(63) + "." + "b".repeat(20), longDomain));

        assertThat(refusal.status()).as(refusal.text()).isEqualTo(422);
        assertThat(refusal.at("field")).isEqualTo("externalHostname");
    }

    @Test
    void refuseNamesThatAreTakenWhateverTheirDomain() {
        assertThat(alice.post(alices, http("a.sub", domain)).status()).isEqualTo(201);

        var same = bob.post(bobs, http("A.SUB", domain));
        assertThat(same.status()).isEqualTo(409);
        assertThat(same.at("field")).isEqualTo("externalHostname");
        var otherWay = bob.post(bobs, http("a", layout.domain("sub.example.org")));
        assertThat(otherWay.status()).isEqualTo(409);
        assertThat(otherWay.at("field")).isEqualTo("externalHostname");
    }

    @Test
    void refusePortsThatAreTaken() {
        assertThat(alice.post(alices, transport("tcp", 2931)).status()).isEqualTo(201);

        var refusal = bob.post(bobs, transport("tcp", 2931));
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.at("field")).isEqualTo("externalPort");
        assertThat(bob.post(bobs, transport("udp", 2931)).status()).isEqualTo(201);
    }

    @Test
    void letOnlyAdministratorsTakePortsOutsideOfTheRange() {
        var refusal = alice.post(alices, transport("tcp", 25));
        assertThat(refusal.status()).as(refusal.text()).isEqualTo(403);
        assertThat(refusal.at("field")).isEqualTo("externalPort");

        var taken = administrator.post(alices, transport("tcp", 25));
        assertThat(taken.status()).isEqualTo(201);
        var path = alices + "/" + taken.at("id");
        assertThat(alice.patch(path, "{\"containerPort\": 2525}").at("externalPort")).isEqualTo(25L);
        assertThat(alice.patch(path, "{\"externalPort\": 26}").status()).isEqualTo(403);
        assertThat(alice.patch(path, "{\"protocol\": \"udp\"}").status()).isEqualTo(403);
    }

    @Test
    void areGivenTheLowestFreePort() {
        var first = alice.post(alices, transport("udp", "null"));
        var second = alice.post(alices, transport("udp", "null"));
        assertThat((long) second.at("externalPort")).isGreaterThan((long) first.at("externalPort"));

        assertThat(alice.delete(alices + "/" + first.at("id")).status()).isEqualTo(204);
        assertThat(bob.post(bobs, transport("udp", "null")).at("externalPort")).isEqualTo(first.at("externalPort"));
        var moved = alice.patch(alices + "/" + second.at("id"), "{\"externalPort\": null}");
        assertThat((long) moved.at("externalPort")).isGreaterThan((long) first.at("externalPort"));
    }

    @Test
    void areChangedButStayOfTheirType() {
        var created = alice.post(alices, http("changing", domain));
        var path = alices + "/" + created.at("id");

        var changed = alice.patch(path, "{\"type\": \"http\", \"externalHostname\": \"changed\", \"containerPort\": 81}");
        assertThat(changed.object()).containsEntry("externalHostname", "changed").containsEntry("containerPort", 81L)
                .containsEntry("externalDomainId", (long) domain);
        assertThat(changed.header("ETag")).isNotEqualTo(created.header("ETag"));
        assertThat(alice.patch(path, "{\"type\": \"dns\"}").at("field")).isEqualTo("type");
        assertThat(alice.patch(path, "{\"serviceName\": \"_a._tcp\"}").at("field")).isEqualTo("serviceName");
        assertThat(alice.patch(path, "{\"containerId\": 1}").at("field")).isEqualTo("containerId");
        assertThat(alice.patch(path, "{\"externalHostname\": null}").at("field")).isEqualTo("externalHostname");
        assertThat(TestRequests.send(server, "PATCH", path, Map.of("If-Match", created.header("ETag")), "{\"containerPort\": 82}").statusCode()).isEqualTo(412);
        assertThat(TestRequests.send(server, "DELETE", path, Map.of("If-Match", created.header("ETag")), null).statusCode()).isEqualTo(412);
    }

    @Test
    void areThereBelowTheirOwnContainerOnly() {
        var foreign = alice.post(alices, http("private", domain));
        var own = bob.post(bobs, http("own", domain));

        for (var path : new String[] {alices + "/" + foreign.at("id"), bobs + "/" + foreign.at("id"), alices + "/" + own.at("id")}) {
            assertThat(bob.get(path).status()).as(path).isEqualTo(404);
            assertThat(bob.patch(path, "{\"containerPort\": 1}").status()).as(path).isEqualTo(404);
            assertThat(bob.delete(path).status()).as(path).isEqualTo(404);
        }
        assertThat(administrator.get(bobs + "/" + foreign.at("id")).status()).isEqualTo(404);
        assertThat(bob.get(alices).status()).isEqualTo(404);
        assertThat(bob.post(alices, http("intruder", domain)).status()).isEqualTo(404);
        assertThat(alice.get(alices + "/" + foreign.at("id")).object()).isEqualTo(foreign.object());
    }

    @Test
    void areListedEachWithTheFieldsOfItsType() {
        var carol = layout.user("carol");
        int node = layout.insert("select id from nodes where name = 'pve1'");
        var services = "/containers/" + carol.post("/containers", "{\"hostname\": \"listed\", \"nodeId\": " + node + "}").at("id") + "/services";
        carol.post(services, http("listed", domain));
        carol.post(services, transport("tcp", "null"));
        carol.post(services, "{\"type\": \"dns\", \"containerPort\": 1, \"serviceName\": \"_x._udp\"}");

        assertThat(carol.get(services).items()).extracting(item -> item.get("type")).containsExactly("http", "transport", "dns");
        assertThat(carol.get(services).items().get(2)).doesNotContainKey("externalPort").containsEntry("serviceName", "_x._udp");
        assertThat(carol.get(services + "?type=transport").items()).hasSize(1);
        assertThat(carol.get(services + "?type=x").at("field")).isEqualTo("type");
        var part = carol.get(services + "?limit=2");
        assertThat(carol.get(services + "?limit=2&cursor=" + part.at("next")).items()).extracting(item -> item.get("type")).containsExactly("dns");
    }

    @Test
    void keepTheirDomain() {
        int kept = layout.domain("kept.example");
        var service = alice.post(alices, http("www", kept));

        var refusal = administrator.delete("/external-domains/" + kept);
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.at("heldBy")).isEqualTo(List.of("container:web1/service:" + service.at("id")));
        alice.delete(alices + "/" + service.at("id"));
        assertThat(administrator.delete("/external-domains/" + kept).status()).isEqualTo(204);
    }

    @Test
    void areRenamedWithTheirDomain() {
        int old = layout.domain("old.example");
        var service = alice.post(alices, http("www", old));
        assertThat(administrator.patch("/external-domains/" + old, "{\"domain\": \"sub.new.example\"}").status()).isEqualTo(200);

        var name = server.sql().withHandle(handle -> handle.createQuery("select external_name from http_services where service_id = :id")
                .bind("id", service.at("id")).mapTo(String.class).one());
        assertThat(name).isEqualTo("www.sub.new.example");
        int parent = layout.domain("new.example");
        assertThat(bob.post(bobs, http("sub", parent)).status()).isEqualTo(201);
        assertThat(bob.post(bobs, http("www.sub", parent)).status()).isEqualTo(409);
    }

    @Test
    void areInTheAuditLogWithWhatChanged() {
        var service = alice.post(alices, http("audited", domain));
        alice.patch(alices + "/" + service.at("id"), "{\"containerPort\": 9090}");
        alice.patch(alices + "/" + service.at("id"), "{\"containerPort\": 9090}");
        alice.delete(alices + "/" + service.at("id"));

        var events = server.sql().withHandle(handle -> handle
                .createQuery("select action, detail::text as detail from audit_events where target = :target order by id")
                .bind("target", "service:" + service.at("id")).mapToMap().list());
        assertThat(events).extracting(event -> event.get("action"))
                .containsExactly("cluster.service.created", "cluster.service.modified", "cluster.service.deleted");
        assertThat(events.get(1).get("detail").toString().replace(" ", ""))
                .isEqualTo("{\"changes\":{\"containerPort\":{\"after\":9090,\"before\":8080}},\"container\":\"web1\"}");
    }
}
