package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodesIT {

    private static final String SECRET = "0b5cd2a1-hush-hush";
    private static final String OTHER_SECRET = "ffffffff-hush-hush";

    private static GatehouseServer server;
    private static ApiClient administrator;

    private Object site;
    private Object otherSite;
    private Answer node;
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
    void oneNode() {
        server.sql().useTransaction(handle -> {
            handle.execute("delete from containers");
            handle.execute("delete from nodes");
            handle.execute("delete from sites");
        });
        site = administrator.post("/sites", """
                {"name": "lab", "internalDomain": "lab.internal", "dhcpRange": "10.40.0.100-10.40.0.199", "subnetMask": "255.255.255.0",
                 "gateway": "10.40.0.1"}""").at("id");
        otherSite = administrator.post("/sites", "{\"name\": \"attic\", \"internalDomain\": \"attic.internal\"}").at("id");
        node = administrator.post("/nodes", """
                {"siteId": %s, "name": "PVE1", "ipv4Address": "10.40.0.5", "apiUrl": "HTTPS://10.40.0.5:8006", "apiTokenIdOrUsername": "root@pam!gatehouse",
                 "apiTokenSecretOrPassword": "%s"}""".formatted(site, SECRET));
        assertThat(node.status()).as(node.text()).isEqualTo(201);
        path = "/nodes/" + node.at("id");
    }

    @Test
    void haveDefaultsAndKeepTheLettersOfTheirNames() {
        assertThat(node.header("Location")).isEqualTo("/api/v1" + path);
        assertThat(node.object()).containsEntry("name", "PVE1").containsEntry("apiUrl", "https://10.40.0.5:8006").containsEntry("siteId", site)
                .containsEntry("disableTlsVerification", false).containsEntry("imageStorage", "local").containsEntry("volumeStorage", "local-lvm")
                .containsEntry("hasApiTokenSecretOrPassword", true).doesNotContainKey("apiTokenSecretOrPassword");
        assertThat(administrator.get(path).text()).isEqualTo(node.text());
        var bare = administrator.post("/sites/" + otherSite + "/nodes", "{\"name\": \"bare\"}");
        assertThat(bare.status()).isEqualTo(201);
        assertThat(bare.object()).containsEntry("siteId", otherSite).containsEntry("hasApiTokenSecretOrPassword", false).containsEntry("ipv4Address", null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "siteId | null", "siteId | 2147483647", "siteId | -1", "siteId | 1.5", "siteId | \"1\"",
            "name | null", "name | \"\"", "name | \"a.b\"", "name | \"-a\"", "name | \"a\\n\"", "name | \"a;reboot\"",
            "ipv4Address | \"10.40.0.1\"", "ipv4Address | \"10.40.0.0\"", "ipv4Address | \"10.40.0.255\"", "ipv4Address | \"10.40.0.100\"",
            "ipv4Address | \"10.40.1.5\"", "ipv4Address | \"fd00::5\"", "ipv4Address | \"10.40.0.7/24\"", "ipv4Address | \"\"",
            "apiUrl | \"https://root:hush@10.40.0.5\"", "apiUrl | \"https://10.40.0.5/?token=hush\"", "apiUrl | \"https://10.40.0.5/#x\"", "apiUrl | \"ftp://10.40.0.5\"",
            "apiUrl | \"https://10.40.0.5/\\r\\nX: y\"", "apiTokenIdOrUsername | \"root pam\"", "apiTokenIdOrUsername | \"\"", "apiTokenIdOrUsername | \"root@pam\\r\\nX: y\"",
            "apiTokenSecretOrPassword | \"hush\\u0000\"", "apiTokenSecretOrPassword | \"\"", "apiTokenSecretOrPassword | 7",
            "disableTlsVerification | \"true\"", "imageStorage | \"../x\"", "imageStorage | \"\"", "volumeStorage | \"a b\"", "volumeStorage | 1",
            "hasApiTokenSecretOrPassword | true", "id | 1"})
    void refuseWhatBreaksARule(String field, String value) {
        for (var method : new String[] {"PATCH", "POST"}) {
            var answer = administrator.send(method, method.equals("PATCH") ? path : "/nodes",
                    method.equals("PATCH") ? "{\"" + field + "\": " + value + "}" : with(field, value));

            assertThat(answer.status()).as(method + " " + answer.text()).isEqualTo(422);
            assertThat(answer.at("field")).as(method).isEqualTo(field);
            assertThat(answer.text()).doesNotContain("hush");
        }
        assertThat(administrator.get(path).text()).isEqualTo(node.text());
        assertThat(administrator.get("/nodes").items()).hasSize(1);
    }

    @Test
    void haveNamesAndAddressesOfTheirOwn() {
        var sameName = administrator.post("/nodes", "{\"siteId\": " + otherSite + ", \"name\": \"pve1\"}");
        assertThat(sameName.status()).isEqualTo(409);
        assertThat(sameName.at("field")).isEqualTo("name");
        var sameAddress = administrator.post("/nodes", "{\"siteId\": " + otherSite + ", \"name\": \"pve2\", \"ipv4Address\": \"10.40.0.5\"}");
        assertThat(sameAddress.status()).isEqualTo(409);
        assertThat(sameAddress.at("field")).isEqualTo("ipv4Address");
        var inRangeElsewhere = administrator.post("/nodes", "{\"siteId\": " + otherSite + ", \"name\": \"pve2\", \"ipv4Address\": \"10.40.0.150\"}");
        assertThat(inRangeElsewhere.status()).isEqualTo(422);
        assertThat(inRangeElsewhere.at("field")).isEqualTo("ipv4Address");

        assertThat(administrator.patch(path, "{\"name\": \"pve1\", \"ipv4Address\": \"10.40.0.5\"}").at("name")).isEqualTo("pve1");
    }

    @Test
    void areInTheSiteOfThePath() {
        var elsewhere = administrator.post("/sites/" + site + "/nodes", "{\"name\": \"pve2\", \"siteId\": " + otherSite + "}");
        assertThat(elsewhere.status()).isEqualTo(422);
        assertThat(elsewhere.at("field")).isEqualTo("siteId");
        assertThat(administrator.post("/sites/2147483647/nodes", "{\"name\": \"pve2\"}").status()).isEqualTo(404);
        assertThat(administrator.get("/sites/2147483647/nodes").status()).isEqualTo(404);

        assertThat(administrator.post("/sites/" + otherSite + "/nodes", "{\"name\": \"pve2\"}").status()).isEqualTo(201);
        assertThat(administrator.get("/sites/" + site + "/nodes").items()).extracting(item -> item.get("name")).containsExactly("PVE1");
        assertThat(administrator.get("/nodes?siteId=" + otherSite).items()).extracting(item -> item.get("name")).containsExactly("pve2");
        assertThat(administrator.get("/nodes?name=pve1").items()).hasSize(1);
        assertThat(administrator.get("/nodes?name=%00").status()).isEqualTo(422);
        assertThat(administrator.get("/nodes?q=8006").items()).hasSize(1);
        assertThat(administrator.get("/nodes?sort=-name").items()).extracting(item -> item.get("name")).containsExactly("pve2", "PVE1");
    }

    @Test
    void moveOnlyToWhereTheirAddressFits() {
        administrator.patch("/sites/" + otherSite, "{\"subnetMask\": \"255.255.255.0\", \"gateway\": \"10.50.0.1\"}");

        assertThat(administrator.patch(path, "{\"siteId\": " + otherSite + "}").at("field")).isEqualTo("ipv4Address");
        var moved = administrator.patch(path, "{\"siteId\": " + otherSite + ", \"ipv4Address\": \"10.50.0.5\"}");
        assertThat(moved.object()).containsEntry("siteId", otherSite).containsEntry("ipv4Address", "10.50.0.5");
    }

    @Test
    void stayWithTheirContainersAndKeepOffTheirAddresses() {
        administrator.patch("/sites/" + otherSite, "{\"subnetMask\": \"255.255.255.0\", \"gateway\": \"10.50.0.1\"}");
        var container = administrator.post("/containers", "{\"hostname\": \"web1\", \"nodeId\": " + node.at("id") + ", \"ipv4Address\": \"10.40.0.50\"}");
        assertThat(container.status()).as(container.text()).isEqualTo(201);

        held(administrator.delete(path));
        held(administrator.patch(path, "{\"siteId\": " + otherSite + ", \"ipv4Address\": null}"));
        held(administrator.patch("/sites/" + site, "{\"gateway\": \"10.40.0.50\"}"));
        var taken = administrator.patch(path, "{\"ipv4Address\": \"10.40.0.50\"}");
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.at("field")).isEqualTo("ipv4Address");
        assertThat(administrator.get(path).text()).isEqualTo(node.text());

        assertThat(administrator.delete("/containers/" + container.at("id")).status()).isEqualTo(204);
        assertThat(administrator.delete(path).status()).isEqualTo(204);
    }

    @Test
    void clearWhatIsOptional() {
        var cleared = administrator.patch(path, "{\"ipv4Address\": null, \"apiUrl\": null, \"apiTokenIdOrUsername\": null, \"apiTokenSecretOrPassword\": null}");

        assertThat(cleared.status()).as(cleared.text()).isEqualTo(200);
        assertThat(cleared.object()).containsEntry("ipv4Address", null).containsEntry("apiUrl", null).containsEntry("apiTokenIdOrUsername", null)
                .containsEntry("hasApiTokenSecretOrPassword", false).containsEntry("name", "PVE1");
    }

    @Test
    void keepTheirSecretsToThemselves() {
        administrator.patch(path, "{\"apiTokenSecretOrPassword\": \"" + OTHER_SECRET + "\"}");
        var changes = server.sql().withHandle(handle -> handle.createQuery("select detail ->> 'changes' from audit_events order by id desc limit 1")
                .mapTo(String.class).one());
        administrator.patch(path, "{\"apiTokenSecretOrPassword\": \"" + OTHER_SECRET.repeat(100) + "\"}");

        assertThat(changes).isEqualTo("{\"apiTokenSecretOrPassword\": {\"after\": \"***\", \"before\": \"***\"}}");
        assertThat(administrator.get(path).text() + administrator.get("/nodes").text() + administrator.get("/audit").text()).doesNotContain("hush");
        var everything = server.sql().withHandle(handle -> handle.createQuery("select n::text || (select string_agg(e::text, '') from audit_events e) from nodes n")
                .mapTo(String.class).one());
        assertThat(everything).doesNotContain("hush").doesNotContain(HexFormat.of().formatHex(OTHER_SECRET.getBytes(StandardCharsets.UTF_8)));
        assertThat(new NewNode(1, "x", null, null, null, SECRET, null, null, null).toString()).doesNotContain("hush");
    }

    @Test
    void keepTheirSecretsReadableForTheServerAndInTheirRow() {
        int id = Integer.parseInt(node.at("id").toString());
        var rows = server.bean(NodeRows.class);
        assertThat(secret(rows, id)).isEqualTo(SECRET);

        administrator.patch(path, "{\"name\": \"renamed\"}");
        assertThat(secret(rows, id)).isEqualTo(SECRET);
        administrator.patch(path, "{\"apiTokenSecretOrPassword\": \"" + OTHER_SECRET + "\"}");
        assertThat(secret(rows, id)).isEqualTo(OTHER_SECRET);

        int other = Integer.parseInt(administrator.post("/nodes", "{\"siteId\": " + otherSite + ", \"name\": \"thief\"}").at("id").toString());
        server.sql().useHandle(handle -> handle.execute("update nodes set api_token_secret_or_password = (select api_token_secret_or_password from nodes where id = ?) where id = ?", id, other));
        assertThatThrownBy(() -> server.sql().withHandle(handle -> rows.secret(handle, other)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void areTheSameAfterAChangeThatChangesNothing() {
        long events = events();

        var same = administrator.patch(path, "{\"name\": \"PVE1\", \"apiTokenSecretOrPassword\": \"" + SECRET + "\", \"imageStorage\": \"local\"}");

        assertThat(same.text()).isEqualTo(node.text());
        assertThat(events()).isEqualTo(events);
    }

    @Test
    void areChangedOnlyInTheStateThatWasMeant() {
        var stale = node.header("ETag");
        administrator.patch(path, "{\"apiTokenSecretOrPassword\": \"" + OTHER_SECRET + "\"}");

        assertThat(administrator.patch(path, "{\"name\": \"x\"}", stale).status()).isEqualTo(412);
        assertThat(administrator.delete(path, stale).status()).isEqualTo(412);
        assertThat(administrator.delete(path, administrator.get(path).header("ETag")).status()).isEqualTo(204);
        assertThat(administrator.get(path).status()).isEqualTo(404);
    }

    private static void held(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(409);
        assertThat(answer.at("heldBy")).isEqualTo(List.of("container:web1"));
    }

    private String with(String field, String value) {
        var fields = "\"siteId\": " + site + ", \"name\": \"pve9\", \"ipv4Address\": \"10.40.0.9\", \"apiUrl\": \"https://10.40.0.9\", \"apiTokenIdOrUsername\": \"root@pam\", "
                + "\"apiTokenSecretOrPassword\": \"x\", \"disableTlsVerification\": true, \"imageStorage\": \"local\", \"volumeStorage\": \"local\"";
        var member = "\"" + field + "\": " + value;
        return "{" + (fields.contains("\"" + field + "\"")
                ? fields.replaceFirst("\"" + field + "\": (\"[^\"]*\"|[a-z0-9]+)", member.replace("\\", "\\\\").replace("$", "\\$"))
                : fields + ", " + member) + "}";
    }

    private static String secret(NodeRows rows, int id) {
        return server.sql().withHandle(handle -> rows.secret(handle, id)).orElse(null);
    }

    private static long events() {
        return server.sql().withHandle(handle -> handle.createQuery("select count(*) from audit_events").mapTo(long.class).one());
    }
}
