package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People and groups of another system come in together or not at all, with what they bring. */
class ImportsIT {

    private static final String HASH = "{SSHA}s31zG3IBMadn/pt9tNKhX+woW6I28oM4";
    private static final String PASSWORD = "correct horse battery";

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
    void keepNumbersHashesAndGroups() throws Exception {
        var report = imported("""
                {"users": [{"username": "grace", "uidNumber": 3001, "gidNumber": 3500, "mail": "grace@example.org", "passwordHash": "%s"},
                           {"username": "ada"}],
                 "groups": [{"cn": "navy", "gidNumber": 3500, "description": "at sea", "members": ["grace", "ada"]},
                            {"cn": "sysadmins", "members": ["grace"]}]}""".formatted(HASH));

        assertThat(report.object()).containsEntry("applied", true).containsEntry("changes", 6L).containsEntry("refusals", 0L);
        var grace = administrator.get("/users/grace").object();
        assertThat(grace).containsEntry("uidNumber", 3001L).containsEntry("gidNumber", 3500L).containsEntry("status", "active")
                .containsEntry("groups", List.of("ldapusers", "navy", "sysadmins"));
        assertThat(administrator.get("/groups/navy").object()).containsEntry("gidNumber", 3500L).containsEntry("memberCount", 2L);
        server.ldapAs("grace", PASSWORD).close();
        var event = administrator.get("/audit?target=user:grace&action=identity.user.created");
        assertThat(event.text()).contains("\"imported\":true", "\"uidNumber\":3001", "\"password\":\"imported\"", "\"gidNumber\":3500", "grace@example.org").doesNotContain("SSHA");
    }

    @Test
    void areTriedWithoutChangingAnything() {
        var report = imported("""
                {"dryRun": true, "users": [{"username": "dry"}], "groups": [{"cn": "dry-group", "members": ["dry"]}]}""");

        assertThat(report.object()).containsEntry("applied", false).containsEntry("dryRun", true).containsEntry("changes", 3L)
                .containsEntry("lines", List.of(line("create", "group:dry-group", ""), line("create", "user:dry", ""), line("add-member", "group:dry-group", "dry")));
        assertThat(administrator.get("/users/dry").status()).isEqualTo(404);
        assertThat(administrator.get("/groups/dry-group").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"users": [{"username": "low", "uidNumber": 1999}]}                       | uidNumber: 1999 is not from 2000 to 59999
            {"users": [{"username": "high", "uidNumber": 60000}]}                     | uidNumber: 60000 is not from 2000 to 59999
            {"users": [{"username": "a1", "uidNumber": 3100}, {"username": "a2", "uidNumber": 3100}]} | uidNumber: 3100 is taken
            {"users": [{"username": "root-of-all"}]}                                  | username: This user name is taken
            {"users": [{"username": "twice"}, {"username": "twice"}]}                 | username: The import names it twice
            {"users": [{"username": "root"}]}                                         | username: This name is reserved
            {"users": [{"uidNumber": 3101}]}                                          | username: A value is needed
            {"users": [{"username": "stray", "gidNumber": 4444}]}                     | gidNumber: No group has this number
            {"users": [{"username": "hashed", "passwordHash": "$y$j9T$abcdefghijklmnopqrst$8PJ4GcdAcI1OdqaKcxqWIkOgiVk8wubV24qxM4jRpW1"}]} | yescrypt
            {"users": [{"username": "clear", "passwordHash": "my secret"}]}           | passwordHash:
            {"users": [{"username": "m1", "mail": "M@example.org"}, {"username": "m2", "mail": "m@example.org"}]} | mail: This mail address belongs
            {"groups": [{"cn": "low-group", "gidNumber": 100}]}                       | gidNumber: 100 is not from 2000
            {"groups": [{"cn": "other", "gidNumber": 2001}]}                          | gidNumber: 2001 is taken
            {"groups": [{"cn": "ldapusers", "gidNumber": 2002}]}                      | gidNumber: The group is there already, with the number 2000
            {"groups": [{"cn": "sudo"}]}                                              | cn: This name is reserved
            {"groups": [{"cn": "empty", "members": ["nobody-knows"]}]}                | members: There is no user nobody-knows
            {"users": [{"username": "bad", "mail": "none"}], "groups": [{"cn": "of-bad", "members": ["bad"]}]} | mail: This is no mail address
            """)
    void areRefusedAsAWholeWithTheReason(String body, String reason) {
        var whole = body.replaceFirst("^\\{", "{\"dryRun\": false, ").replaceFirst("\"users\": \\[", "\"users\": [{\"username\": \"bystander\"}, ");
        var report = imported(whole);

        assertThat(report.object()).containsEntry("applied", false).containsEntry("refusals", 1L);
        assertThat(report.text()).contains("\"outcome\":\"refuse\"", reason).doesNotContain("my secret").doesNotContain("j9T");
        assertThat(administrator.get("/users/bystander").status()).isEqualTo(404);
    }

    @Test
    void neverGiveANumberOutThatBelongedToSomebody() {
        imported("""
                {"users": [{"username": "gone", "uidNumber": 3200}]}""");
        administrator.delete("/users/gone");
        assertThat(imported("""
                {"users": [{"username": "heir", "uidNumber": 3200}]}""").text()).contains("3200 belonged to something deleted");
    }

    @Test
    void numbersThatCameAlongArePassedOver() {
        int next = number(administrator.post("/users", "{\"username\": \"before\"}"));
        var users = IntStream.rangeClosed(1, 5).mapToObj(i -> "{\"username\": \"kept" + i + "\", \"uidNumber\": " + (next + i) + "}").collect(Collectors.joining(","));
        assertThat(imported("{\"users\": [{\"username\": \"without\"}, " + users + "]}").object()).containsEntry("applied", true);
        assertThat(administrator.get("/users/without").object()).containsEntry("uidNumber", next + 6L);
        assertThat(number(administrator.post("/users", "{\"username\": \"after\"}"))).isEqualTo(next + 7);
    }

    @Test
    void giveAGroupThatIsThereFurtherMembersOnce() {
        administrator.post("/users", "{\"username\": \"here\"}");
        administrator.post("/groups", "{\"cn\": \"choir\"}");
        var body = """
                {"groups": [{"cn": "choir", "members": ["here"]}]}""";
        assertThat(imported(body).object()).containsEntry("changes", 1L);
        assertThat(imported(body).object()).containsEntry("changes", 0L).containsEntry("applied", true);
        assertThat(administrator.get("/audit?target=group:choir&action=identity.group.member-added").items()).hasSize(1);
    }

    @Test
    void mayBeMuchLargerThanOtherRequests() {
        var padding = "x".repeat(200);
        var users = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"username\": \"many%05d\", \"cn\": \"%s\", \"uidNumber\": %d}".formatted(i, padding, 20_000 + i))
                .collect(Collectors.joining(",\n"));
        assertThat(users.length()).isGreaterThan(2_000_000);

        long begin = System.nanoTime();
        var report = imported("{\"users\": [" + users + "]}");
        System.out.printf("10,000 users imported in %.1f s%n", (System.nanoTime() - begin) / 1e9);

        assertThat(report.object()).containsEntry("applied", true).containsEntry("changes", 10_000L);
        assertThat(administrator.get("/users/many09999").object()).containsEntry("uidNumber", 29_999L);
        assertThat(administrator.get("/groups/ldapusers").object().get("memberCount")).isInstanceOfSatisfying(Long.class, count -> assertThat(count).isGreaterThan(10_000));
        assertThat(administrator.post("/users", "{\"username\": \"large\", \"cn\": \"" + "x".repeat(1_100_000) + "\"}").status()).isEqualTo(413);
    }

    @Test
    void needTheScopesOfBothKinds() {
        var key = administrator.post("/api-keys", """
                {"description": "users alone", "scopes": ["users:write"]}""").textAt("key");
        var client = ApiClient.withToken(server, key);
        assertThat(client.post("/imports", "{\"users\": [{\"username\": \"by-key\"}]}").status()).isEqualTo(200);
        assertThat(client.post("/imports", "{\"groups\": [{\"cn\": \"sysadmins\", \"members\": [\"by-key\"]}]}").status()).isEqualTo(403);
    }

    private static Map<String, Object> line(String outcome, String target, String detail) {
        return Map.of("outcome", outcome, "target", target, "detail", detail);
    }

    private static int number(Answer answer) {
        return Math.toIntExact((Long) answer.at("uidNumber"));
    }

    private static Answer imported(String body) {
        var answer = administrator.post("/imports", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }
}
