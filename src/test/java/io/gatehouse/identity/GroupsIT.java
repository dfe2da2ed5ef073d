package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GroupsIT {

    private static GatehouseServer server;
    private static ApiClient administrator;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void areThereFromTheStart() {
        assertThat(administrator.get("/groups/ldapusers").object())
                .containsEntry("gidNumber", 2000L).containsEntry("isAdministrator", false);
        assertThat(administrator.get("/groups/sysadmins").object())
                .containsEntry("gidNumber", 2001L).containsEntry("isAdministrator", true);
    }

    @Test
    void areCreatedChangedAndDeleted() {
        var created = create(Map.of("cn", "drummers", "description", "They drum"));
        assertThat(created.header("Location")).isEqualTo("/api/v1/groups/drummers");
        assertThat(created.object()).containsEntry("cn", "drummers").containsEntry("description", "They drum")
                .containsEntry("isAdministrator", false).containsEntry("memberCount", 0L);
        assertThat(administrator.post("/groups", "{\"cn\": \"drummers\"}").status()).isEqualTo(409);

        var changed = administrator.patch("/groups/drummers", "{\"cn\": \"percussion\", \"description\": null, \"isAdministrator\": true}");
        assertThat(changed.object()).containsEntry("cn", "percussion").containsEntry("description", null)
                .containsEntry("isAdministrator", true).containsEntry("gidNumber", created.at("gidNumber"));
        assertThat(administrator.get("/groups/drummers").status()).isEqualTo(404);

        assertThat(administrator.delete("/groups/percussion").status()).isEqualTo(204);
        assertThat(administrator.delete("/groups/percussion").status()).isEqualTo(404);
        assertThat(create(Map.of("cn", "percussion")).at("gidNumber")).isNotEqualTo(created.at("gidNumber"));
    }

    @Test
    void haveMembers() {
        create(Map.of("cn", "choir"));
        user("alto");
        user("bass");

        assertThat(administrator.put("/groups/choir/members/bass", null).status()).isEqualTo(204);
        assertThat(administrator.put("/groups/choir/members/alto", null).status()).isEqualTo(204);
        assertThat(administrator.put("/groups/choir/members/alto", null).status()).isEqualTo(204);
        assertThat(administrator.put("/groups/choir/members/tenor", null).status()).isEqualTo(404);
        assertThat(administrator.put("/groups/no-choir/members/alto", null).status()).isEqualTo(404);

        assertThat(administrator.get("/groups/choir/members").at("items")).isEqualTo(List.of("alto", "bass"));
        assertThat(administrator.get("/groups/choir/members?limit=1").at("items")).isEqualTo(List.of("alto"));
        assertThat(administrator.get("/groups/choir").at("memberCount")).isEqualTo(2L);
        assertThat(administrator.get("/users/alto").at("groups")).isEqualTo(List.of("choir", "ldapusers"));

        assertThat(administrator.delete("/groups/choir/members/alto").status()).isEqualTo(204);
        assertThat(administrator.delete("/groups/choir/members/alto").status()).isEqualTo(404);
        assertThat(administrator.get("/groups/choir/members").at("items")).isEqualTo(List.of("bass"));
    }

    @Test
    void areRefusedWithTheFieldAndTheRule() {
        for (var body : List.of("{}", "{\"cn\": \"Upper\"}", "{\"cn\": \"sudo\"}", "{\"cn\": \"admin\"}", "{\"cn\": \"\"}")) {
            var answer = administrator.post("/groups", body);
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
            assertThat(answer.at("field")).isEqualTo("cn");
        }
        var description = administrator.post("/groups", "{\"cn\": \"fine\", \"description\": \"two\\nlines\"}");
        assertThat(description.status()).isEqualTo(422);
        assertThat(description.at("field")).isEqualTo("description");
    }

    @Test
    void stayIfTheyAreBuiltIn() {
        assertThat(administrator.delete("/groups/ldapusers").status()).isEqualTo(409);
        assertThat(administrator.delete("/groups/sysadmins").status()).isEqualTo(409);
        assertThat(administrator.patch("/groups/ldapusers", "{\"isAdministrator\": true}").status()).isEqualTo(409);
        assertThat(administrator.patch("/groups/sysadmins", "{\"cn\": \"others\"}").status()).isEqualTo(409);
        assertThat(administrator.patch("/groups/sysadmins", "{\"description\": \"The few\"}").status()).isEqualTo(200);
    }

    private static Answer create(Map<String, Object> group) {
        var answer = administrator.post("/groups", JSONObjectUtils.toJSONString(group));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static void user(String username) {
        assertThat(administrator.post("/users", "{\"username\": \"" + username + "\"}").status()).isEqualTo(201);
    }
}
