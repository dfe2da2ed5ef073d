package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Groups in groups, over HTTP and in the database. */
class NestedGroupsIT {

    private static final String PASSWORD = "seven bridges of ...";
    private static final String CHIEF = GatehouseServer.ADMINISTRATOR;

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

    @AfterEach
    void emptyTheDirectory() {
        server.sql().useTransaction(handle -> {
            handle.execute("insert into memberships (uid_number, gid_number) select uid_number, 2001 from users where username = ? on conflict do nothing", CHIEF);
            handle.execute("delete from users where username <> ?", CHIEF);
            handle.execute("delete from groups where cn not in ('ldapusers', 'sysadmins')");
        });
    }

    @Test
    void showWhatIsInThemAndWhatTheyAreIn() {
        groups("crew", "devs", "interns");
        nest("crew", "devs");
        nest("crew", "interns");
        nest("devs", "interns");
        nest("devs", "interns");

        assertThat(administrator.get("/groups/crew").object())
                .containsEntry("memberGroups", List.of("devs", "interns")).containsEntry("memberOf", List.of()).containsEntry("memberCount", 0L);
        assertThat(administrator.get("/groups/interns").object())
                .containsEntry("memberGroups", List.of()).containsEntry("memberOf", List.of("crew", "devs"));

        assertThat(administrator.delete("/groups/crew/groups/interns").status()).isEqualTo(204);
        assertThat(administrator.delete("/groups/crew/groups/interns").status()).isEqualTo(404);
        assertThat(administrator.get("/groups/interns").at("memberOf")).isEqualTo(List.of("devs"));
        assertThat(administrator.put("/groups/crew/groups/nobody-knows", null).status()).isEqualTo(404);
        assertThat(administrator.put("/groups/nobody-knows/groups/devs", null).status()).isEqualTo(404);
        assertThat(administrator.put("/groups/crew/groups/No%20Name", null).status()).isEqualTo(404);
    }

    @Test
    void haveTheMembersOfTheGroupsInThem() {
        groups("crew", "devs", "interns");
        nest("crew", "devs");
        nest("devs", "interns");
        user("alice", "interns");
        user("bob", "crew");

        assertThat(administrator.get("/groups/crew/members").at("items")).isEqualTo(List.of("bob"));
        assertThat(administrator.get("/groups/crew/members?effective=false").at("items")).isEqualTo(List.of("bob"));
        assertThat(administrator.get("/groups/crew/members?effective=true").at("items")).isEqualTo(List.of("alice", "bob"));
        assertThat(administrator.get("/groups/crew/members?effective=true&limit=1").at("items")).isEqualTo(List.of("alice"));
        assertThat(administrator.get("/users/alice").object())
                .containsEntry("groups", List.of("interns", "ldapusers"))
                .containsEntry("effectiveGroups", List.of("crew", "devs", "interns", "ldapusers"));
        assertThat(administrator.get("/users?group=crew").items()).extracting(user -> user.get("username")).containsExactly("bob");

        administrator.delete("/groups/devs");
        assertThat(administrator.get("/users/alice").at("effectiveGroups")).isEqualTo(List.of("interns", "ldapusers"));
        assertThat(administrator.get("/groups/interns").at("memberOf")).isEqualTo(List.of());
    }

    @Test
    void makeAdministratorsOfEverybodyInThem() {
        groups("chiefs", "deputies");
        user("alice", "deputies");
        var alice = ApiClient.user(server, "alice", PASSWORD);
        assertThat(alice.get("/groups").status()).isEqualTo(403);

        nest("chiefs", "deputies");
        nest("sysadmins", "chiefs");
        assertThat(alice.get("/groups").status()).isEqualTo(200);
        assertThat(administrator.get("/users/alice").at("isAdministrator")).isEqualTo(true);
        assertThat(administrator.get("/groups/deputies").at("isAdministrator")).isEqualTo(false);

        assertThat(administrator.delete("/groups/sysadmins/groups/chiefs").status()).isEqualTo(204);
        assertThat(alice.get("/groups").status()).isEqualTo(403);
    }

    @Test
    void doNotLoseTheLastAdministrator() {
        groups("chiefs", "deputies");
        nest("chiefs", "deputies");
        nest("sysadmins", "chiefs");
        put("/groups/deputies/members/" + CHIEF);
        assertThat(administrator.delete("/groups/sysadmins/members/" + CHIEF).status()).isEqualTo(204);

        for (var attempt : List.of(
                administrator.delete("/groups/deputies/members/" + CHIEF),
                administrator.delete("/groups/chiefs/groups/deputies"),
                administrator.delete("/groups/sysadmins/groups/chiefs"),
                administrator.delete("/groups/chiefs"),
                administrator.delete("/groups/deputies"),
                administrator.post("/users/" + CHIEF + "/suspend", "{\"reason\": \"x\"}"))) {
            assertThat(attempt.status()).as(attempt.text()).isEqualTo(409);
        }
        assertThat(administrator.get("/me").at("isAdministrator")).isEqualTo(true);

        put("/groups/chiefs/members/" + CHIEF);
        assertThat(administrator.delete("/groups/deputies").status()).isEqualTo(204);
        assertThat(administrator.get("/me").at("isAdministrator")).isEqualTo(true);
    }

    @Test
    void cannotContainThemselves() {
        groups("one", "two", "three");
        nest("one", "two");
        nest("two", "three");

        var first = administrator.put("/groups/three/groups/one", null);
        assertThat(first.status()).isEqualTo(409);
        for (var attempt : List.of(administrator.put("/groups/two/groups/one", null), administrator.put("/groups/one/groups/one", null))) {
            assertThat(attempt.status()).isEqualTo(409);
            assertThat(attempt.at("detail")).isEqualTo(first.at("detail"));
        }
        nest("one", "three");
    }

    @Test
    void cannotContainEverybody() {
        groups("vips");
        var attempt = administrator.put("/groups/vips/groups/ldapusers", null);
        assertThat(attempt.status()).isEqualTo(409);
        assertThat(attempt.textAt("detail")).contains("ldapusers");
        nest("ldapusers", "vips");
    }

    @Test
    void becomeNoCycleWhenTwoWritersEachAddHalfOfIt() throws Exception {
        for (int round = 0; round < 10; round++) {
            var names = List.of("left" + round, "right" + round);
            groups(names.getFirst(), names.getLast());

            var answers = AtOnce.call(2, i -> administrator.put("/groups/" + names.get(i) + "/groups/" + names.get(1 - i), null));

            assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(204, 409);
        }
    }

    @Test
    void becomeNoCycleByPlainSqlWhicheverWayItGoesAround() throws Exception {
        for (int round = 0; round < 10; round++) {
            var names = List.of("a" + round, "b" + round, "c" + round);
            groups(names.toArray(String[]::new));

            var refusals = AtOnce.call(3, i -> {
                try {
                    insert(names.get(i), names.get((i + 1) % 3));
                    return "";
                } catch (JdbiException refused) {
                    return BrokenConstraint.problem(refused).orElseThrow().getMessage();
                }
            });

            assertThat(refusals).filteredOn(String::isEmpty).hasSize(2);
            assertThat(refusals).filteredOn(refusal -> !refusal.isEmpty()).containsExactly(Groups.cycle().getMessage());
        }
    }

    @Test
    void areCheckedByTheDatabaseWhateverTheStatement() {
        groups("one", "two", "three");
        insert("one", "two");
        insert("two", "three");
        assertThat(refusal(() -> insert("one", "one"))).isEqualTo(Groups.cycle().getMessage());
        assertThat(refusal(() -> server.sql().useHandle(handle -> handle.execute(
                "update group_nestings set member_gid_number = (select gid_number from groups where cn = 'one') where gid_number = (select gid_number from groups where cn = 'two')"))))
                .isEqualTo(Groups.cycle().getMessage());
        assertThat(refusal(() -> insert("one", "ldapusers"))).isEqualTo(Groups.everybody().getMessage());
    }

    @Test
    void tellTheAuditLogWhoPutWhatWhere() {
        groups("choir", "altos");
        nest("choir", "altos");
        nest("choir", "altos");
        administrator.delete("/groups/choir/groups/altos");

        assertThat(administrator.get("/audit?target=group:choir&action=identity.group.*").items())
                .extracting(event -> event.get("action"), event -> event.get("detail"))
                .contains(tuple("identity.group.group-added", Map.of("memberGroup", "altos")),
                        tuple("identity.group.group-removed", Map.of("memberGroup", "altos")))
                .hasSize(3);
    }

    private static String refusal(Runnable attempt) {
        try {
            attempt.run();
            throw new AssertionError("It was not refused.");
        } catch (JdbiException refused) {
            return BrokenConstraint.problem(refused).orElseThrow().getMessage();
        }
    }

    private static void insert(String outer, String inner) {
        server.sql().useHandle(handle -> handle.execute("""
                insert into group_nestings (gid_number, member_gid_number)
                select o.gid_number, i.gid_number from groups o, groups i where o.cn = ? and i.cn = ?""", outer, inner));
    }

    private static void groups(String... names) {
        for (var name : names) {
            assertThat(administrator.post("/groups", "{\"cn\": \"" + name + "\"}").status()).isEqualTo(201);
        }
    }

    private static void nest(String outer, String inner) {
        put("/groups/" + outer + "/groups/" + inner);
    }

    private static void put(String path) {
        var answer = administrator.put(path, null);
        assertThat(answer.status()).as(answer.text()).isEqualTo(204);
    }

    private static void user(String username, String group) {
        assertThat(administrator.post("/users", """
                {"username": "%s", "password": "%s", "groups": ["%s"]}""".formatted(username, PASSWORD, group)).status()).isEqualTo(201);
    }
}
