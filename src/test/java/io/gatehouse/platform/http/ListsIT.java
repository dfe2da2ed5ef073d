package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.testing.GatehouseServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for all lists, seen at the one of users. */
class ListsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        for (var name : List.of("mallory", "alice", "trent", "bob", "peggy")) {
            assertThat(server.send("POST", "/api/v1/users",
                    "{\"username\": \"%s\", \"givenName\": \"100%%_%s\", \"sn\": \"Of the List\", \"mail\": \"%s@example.org\"}"
                            .formatted(name, name, name)).statusCode()).isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'',             alice bob mallory peggy root-of-all trent",
        "sort=username,  alice bob mallory peggy root-of-all trent",
        "sort=-username, trent root-of-all peggy mallory bob alice",
        "sort=uidNumber, root-of-all mallory alice trent bob peggy",
        "sort=-createdAt,peggy bob trent alice mallory root-of-all"})
    void areReadPartByPartInEveryOrder(String query, String expected) throws Exception {
        for (int limit : List.of(1, 2, 4, 6, 1000)) {
            assertThat(readWhole("/api/v1/users?" + (query.isEmpty() ? "" : query + "&") + "limit=" + limit)).containsExactly(expected.split(" "));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "q=100%25_, mallory alice trent bob peggy",
        "q=ALI, alice",
        "q=peggy@, peggy",
        "q=%25%25%25, ''",
        "q=100x, ''",
        "q=%5C, ''",
        "group=sysadmins, root-of-all",
        "mail=BOB@example.org, bob",
        "status=suspended, ''",
        "'status=active&q=trent', trent"})
    void areFilteredAndSearched(String query, String expected) throws Exception {
        var names = names(server.send("GET", "/api/v1/users?" + query, null));

        assertThat(names).containsExactlyInAnyOrder(expected.isEmpty() ? new String[0] : expected.split(" "));
    }

    @Test
    void linkToTheNextPart() throws Exception {
        var first = server.send("GET", "/api/v1/users?q=example.org&limit=2", null);
        var link = first.headers().firstValue("Link").orElseThrow();

        assertThat(link).matches("</api/v1/users\\?.*>; rel=\"next\"").contains("q=example.org", "limit=2");
        assertThat(names(server.send("GET", link.substring(1, link.indexOf('>')), null))).containsExactly("mallory", "peggy");
    }

    @Test
    void haveNoLinkAtTheirEnd() {
        assertThat(server.send("GET", "/api/v1/users", null).headers().firstValue("Link")).isEmpty();
    }

    @Test
    void neitherRepeatNorSkipWhatIsThereWhileOthersComeAndGo() throws Exception {
        var first = server.send("GET", "/api/v1/groups?limit=1", null);
        server.send("POST", "/api/v1/groups", "{\"cn\": \"aaa-before-it\"}");
        server.send("POST", "/api/v1/groups", "{\"cn\": \"zzz-after-it\"}");
        var second = server.send("GET", "/api/v1/groups?cursor=" + JSON.readTree(first.body()).get("next").asText(), null);

        assertThat(JSON.readTree(first.body()).findValuesAsText("cn")).containsExactly("ldapusers");
        assertThat(JSON.readTree(second.body()).findValuesAsText("cn")).containsExactly("sysadmins", "zzz-after-it");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit", "limit=1001, limit", "limit=ten, limit", "limit=99999999999, limit", "sort=password, sort", "sort=-, sort", "sort=--username, sort",
        "cursor=*, cursor", "cursor=AAAA, cursor", "q=, q", "q=a%00b, q", "limti=5, limti", "limit=1&limit=2, limit", "status=retired, status",
        "uidNumber=many, uidNumber", "cursor=AGEAYg, cursor"})
    void refuseWhatTheyDoNotKnowByItsName(String query, String field) throws Exception {
        var refusal = server.send("GET", "/api/v1/users?" + query, null);

        assertThat(refusal.statusCode()).as(refusal.body()).isEqualTo(422);
        assertThat(JSON.readTree(refusal.body()).get("field").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/groups?isAdministrator=, isAdministrator", "/api/v1/groups?isAdministrator=maybe, isAdministrator",
        "/api/v1/groups/sysadmins/members?effective=2, effective", "/api/v1/policies?active=tru, active"})
    void refuseWhatIsNeitherTrueNorFalse(String path, String field) throws Exception {
        var refusal = server.send("GET", path, null);

        assertThat(refusal.statusCode()).as(refusal.body()).isEqualTo(422);
        assertThat(JSON.readTree(refusal.body()).get("field").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort=uidNumber", "sort=-username"})
    void refuseACursorOfAnotherOrder(String order) throws Exception {
        var next = JSON.readTree(server.send("GET", "/api/v1/users?limit=1", null).body()).get("next").asText();

        assertThat(server.send("GET", "/api/v1/users?" + order + "&cursor=" + next, null).statusCode()).isEqualTo(422);
    }

    private static List<String> readWhole(String path) throws Exception {
        var names = new ArrayList<String>();
        var next = path;
        for (int parts = 0; next != null && parts < 20; parts++) {
            var part = server.send("GET", next, null);
            names.addAll(names(part));
            var cursor = JSON.readTree(part.body()).get("next");
            next = cursor.isNull() ? null : path + "&cursor=" + cursor.asText();
        }
        return names;
    }

    private static List<String> names(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var names = new ArrayList<String>();
        for (JsonNode user : JSON.readTree(answer.body()).get("items")) {
            names.add(user.get("username").asText());
        }
        return names;
    }
}
