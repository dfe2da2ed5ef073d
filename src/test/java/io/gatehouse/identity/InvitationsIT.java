package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.RecurringTasks;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.MailBox;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InvitationsIT {

    private static final String PASSWORD = "seven bridges of ...";

    private static GatehouseServer server;
    private static ApiClient administrator;
    private static ApiClient anonymous;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
        administrator.put("/settings/registration_open", "{\"value\": \"false\"}");
        anonymous = ApiClient.anonymous(server);
        administrator.post("/groups", "{\"cn\": \"devs\"}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> invite(String mails) {
        var answer = administrator.post("/invitations", "{\"mails\": [" + mails + "], \"groups\": [\"devs\"]}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return (List<Map<String, Object>>) answer.at("lines");
    }

    private static String token(Map<String, Object> line) {
        var link = (String) line.get("link");
        return link.substring(link.indexOf('#') + 1);
    }

    private static String token(String mail) {
        return token(invite("\"" + mail + "\"").getFirst());
    }

    private static String id(String mail) {
        return (String) administrator.get("/invitations?mail=" + mail).items().getFirst().get("id");
    }

    private static Answer accept(String token, String username, String more) {
        return anonymous.post("/auth/register", """
                {"invitation": "%s", "username": "%s", "password": "%s"%s}""".formatted(token, username, PASSWORD, more));
    }

    @Test
    void letPeopleInAtOnceWithTheirAddressAndGroups() {
        var token = token("ada@example.org");
        assertThat(anonymous.get("/auth/invitations/" + token).object()).containsEntry("mail", "ada@example.org");

        var answer = accept(token, "ada", ", \"mail\": \"Ada@example.org\"");

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.object()).containsEntry("status", "active").containsEntry("mail", "ada@example.org")
                .containsEntry("groups", List.of("devs", "ldapusers")).containsEntry("isAdministrator", false);
        assertThat(anonymous.login("ada", PASSWORD).status()).isEqualTo(200);
        assertThat(administrator.get("/audit?action=identity.user.registered&target=user:ada").items()).singleElement()
                .extracting("detail").asString().contains("invitation:");
    }

    @Test
    void areGoodOnceAndForTheirAddressOnly() {
        var token = token("once@example.org");

        assertThat(accept(token, "once", ", \"mail\": \"other@example.org\"").at("field")).isEqualTo("mail");
        assertThat(accept(token, "root", "").at("field")).isEqualTo("username");
        assertThat(accept(token, GatehouseServer.ADMINISTRATOR, "").status()).isEqualTo(409);
        assertThat(accept(token, "once", ", \"groups\": [\"sysadmins\"]").at("field")).isEqualTo("groups");
        assertThat(accept(token, "once", "").status()).isEqualTo(201);
        assertThat(accept(token, "twice", "").at("field")).isEqualTo("invitation");
        assertThat(anonymous.get("/auth/invitations/" + token).status()).isEqualTo(404);
        assertThat(accept("guess", "guess", "").status()).isEqualTo(422);
        assertThat(anonymous.post("/auth/register", "{\"username\": \"none\", \"password\": \"" + PASSWORD + "\"}").status()).isEqualTo(403);
    }

    @Test
    void makeOneAccountOfManyAttemptsAtOnce() throws Exception {
        var token = token("race@example.org");

        var answers = AtOnce.call(50, i -> accept(token, "race" + i, ""));

        assertThat(answers).extracting(Answer::status).containsOnly(201, 422).containsOnlyOnce(201);
    }

    @Test
    void giveTheGroupsThatThereAreWhenTheyAreUsed() {
        for (var cn : List.of("crew", "guests")) {
            assertThat(administrator.post("/groups", "{\"cn\": \"" + cn + "\"}").status()).isEqualTo(201);
        }
        var line = administrator.post("/invitations", "{\"mails\": [\"sailor@example.org\"], \"groups\": [\"crew\", \"guests\"]}");
        assertThat(line.status()).isEqualTo(200);
        assertThat(administrator.patch("/groups/crew", "{\"cn\": \"sailors\"}").status()).isEqualTo(200);
        assertThat(administrator.delete("/groups/guests").status()).isEqualTo(204);
        var link = administrator.post("/invitations/" + id("sailor@example.org") + "/resend", null).textAt("link");

        var answer = accept(link.substring(link.indexOf('#') + 1), "sailor", "");

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.at("groups")).isEqualTo(List.of("ldapusers", "sailors"));
    }

    @Test
    void areGoodForAsLongAsIsSet() {
        administrator.put("/settings/invitation_lifetime", "{\"value\": \"5m\"}");
        try {
            token("brief@example.org");
        } finally {
            administrator.delete("/settings/invitation_lifetime");
        }
        token("long@example.org");

        assertThat(life("brief@example.org")).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(life("long@example.org")).isBetween(Duration.ofHours(24), Duration.ofHours(25));
    }

    private static Duration life(String mail) {
        var invitation = administrator.get("/invitations?mail=" + mail).items().getFirst();
        return Duration.between(Instant.parse((String) invitation.get("createdAt")), Instant.parse((String) invitation.get("expiresAt")));
    }

    @Test
    void areGoodForAsLongAsWhoeverInvitedMayInvite() {
        administrator.post("/users", "{\"username\": \"deputy\", \"password\": \"%s\", \"groups\": [\"sysadmins\"]}".formatted(PASSWORD));
        var link = ApiClient.user(server, "deputy", PASSWORD).post("/invitations", "{\"mails\": [\"friend@example.org\"], \"groups\": [\"sysadmins\"]}")
                .text().replaceAll("(?s).*#([A-Za-z0-9_-]+).*", "$1");

        administrator.post("/users/deputy/suspend", "{\"reason\": \"gone\"}");
        assertThat(accept(link, "friend", "").at("field")).isEqualTo("invitation");
        administrator.post("/users/deputy/activate", null);
        administrator.delete("/groups/sysadmins/members/deputy");
        assertThat(accept(link, "friend", "").at("field")).isEqualTo("invitation");
        administrator.put("/groups/sysadmins/members/deputy", null);
        assertThat(accept(link, "friend", "").status()).isEqualTo(201);
    }

    @Test
    void areReportedAddressByAddress() {
        administrator.post("/users", "{\"username\": \"taken\", \"mail\": \"taken@example.org\"}");

        var lines = invite("\"fine@example.org\", \"no address\", \"a@b.org\\r\\nBcc: c@d.org\", \"Taken@example.org\", \"FINE@example.org\", \"also@example.org\"");

        assertThat(lines).extracting(line -> line.get("id") != null).containsExactly(true, false, false, false, false, true);
        assertThat(lines).extracting(line -> (String) line.get("refusal")).satisfiesExactly(
                none -> assertThat(none).isNull(), malformed -> assertThat(malformed).contains("no mail address"),
                injected -> assertThat(injected).contains("no mail address"), owned -> assertThat(owned).contains("account"),
                repeated -> assertThat(repeated).contains("invited already"), none -> assertThat(none).isNull());
        assertThat(administrator.post("/invitations", "{\"mails\": [\"x@example.org\"], \"groups\": [\"ghosts\"]}").at("field")).isEqualTo("groups");
        assertThat(administrator.post("/invitations", "{\"mails\": []}").at("field")).isEqualTo("mails");
    }

    @Test
    void areRevokedAndSentAgain() {
        var old = token("slow@example.org");
        var id = id("slow@example.org");

        var again = administrator.post("/invitations/" + id + "/resend", null);

        assertThat(again.textAt("delivery")).isEqualTo("link");
        assertThat(anonymous.get("/auth/invitations/" + old).status()).isEqualTo(404);
        var link = again.textAt("link");
        var fresh = link.substring(link.indexOf('#') + 1);
        assertThat(anonymous.get("/auth/invitations/" + fresh).status()).isEqualTo(200);
        assertThat(administrator.get("/invitations/" + id).text()).doesNotContain(fresh);
        assertThat(administrator.get("/audit").text()).doesNotContain(fresh).doesNotContain(old);

        assertThat(administrator.delete("/invitations/" + id).status()).isEqualTo(204);
        assertThat(accept(fresh, "slow", "").status()).isEqualTo(422);
        assertThat(administrator.delete("/invitations/" + id).status()).isEqualTo(404);
        assertThat(administrator.get("/audit?target=invitation:" + id).items()).extracting(event -> event.get("action")).containsExactly(
                "identity.invitation.revoked", "identity.invitation.resent", "identity.invitation.created");
    }

    @Test
    void expireAndGoAfterAWeek() {
        var token = token("late@example.org");
        server.sql().useHandle(handle -> handle.execute("update invitations set expires_at = now() where mail = 'late@example.org'"));

        assertThat(accept(token, "late", "").status()).isEqualTo(422);
        assertThat(administrator.get("/invitations/" + id("late@example.org")).at("expired")).isEqualTo(true);
        server.bean(RecurringTasks.class).run(server.bean(ExpiredTokens.class));
        assertThat(administrator.get("/invitations?mail=late@example.org").items()).hasSize(1);

        server.sql().useHandle(handle -> handle.execute("update invitations set expires_at = now() - interval '8 days' where mail = 'late@example.org'"));
        server.bean(RecurringTasks.class).run(server.bean(ExpiredTokens.class));
        assertThat(administrator.get("/invitations?mail=late@example.org").items()).isEmpty();
    }

    @Test
    void keepOnlyAHashOfTheToken() {
        var token = token("hash@example.org");

        String row = server.sql().withHandle(handle -> handle.createQuery("select row_to_json(i)::text from invitations i where mail = 'hash@example.org'")
                .mapTo(String.class).one());
        assertThat(row).doesNotContain(token).contains("token_hash");
    }

    @Test
    void goByMailWhereThereIsSmtp() {
        try (var box = new MailBox(); var sender = box.sender().start()) {
            var answer = ApiClient.administrator(sender).post("/invitations", "{\"mails\": [\"ada@example.org\", \"grace@example.org\"]}");

            assertThat(answer.text()).contains("\"delivery\":\"mail\"").contains("\"link\":null").doesNotContain("https:");
            var letters = box.await(2);
            assertThat(letters).extracting(MailBox.Letter::to).containsExactlyInAnyOrder("ada@example.org", "grace@example.org");
            assertThat(letters).allSatisfy(letter -> assertThat(letter.link()).startsWith("https://gatehouse.example.org/register#"));
            assertThat(ApiClient.anonymous(sender).get("/auth/invitations/" + letters.getFirst().token()).at("mail")).isEqualTo(letters.getFirst().to());
        }
    }

    @Test
    void tellAdministratorsAndPersonsOfRegistrations() {
        try (var box = new MailBox(); var sender = box.sender().start()) {
            var chief = ApiClient.administrator(sender);
            chief.patch("/users/" + GatehouseServer.ADMINISTRATOR, "{\"mail\": \"chief@example.org\"}");
            chief.post("/users", "{\"username\": \"plain\", \"mail\": \"plain@example.org\"}");
            chief.post("/groups", "{\"cn\": \"deputies\"}");
            chief.put("/groups/sysadmins/groups/deputies", null);
            chief.post("/users", "{\"username\": \"deputy\", \"mail\": \"deputy@example.org\", \"groups\": [\"deputies\"]}");

            ApiClient.anonymous(sender).post("/auth/register", """
                    {"username": "ada", "mail": "ada@example.org", "password": "%s"}""".formatted(PASSWORD));
            assertThat(box.await(3)).extracting(letter -> letter.to() + ": " + letter.subject()).containsExactlyInAnyOrder(
                    "ada@example.org: Your registration as ada at gatehouse.example.org", "chief@example.org: ada waits for approval at gatehouse.example.org",
                    "deputy@example.org: ada waits for approval at gatehouse.example.org");

            chief.post("/users/ada/activate", null);
            assertThat(box.await(4)).extracting(letter -> letter.to() + ": " + letter.subject()).contains("ada@example.org: Your account ada at gatehouse.example.org is approved");
            chief.post("/users/ada/suspend", "{\"reason\": \"a test\"}");
            chief.post("/users/ada/activate", null);

            ApiClient.anonymous(sender).post("/auth/register", """
                    {"username": "squatter", "mail": "PLAIN@example.org", "password": "%s"}""".formatted(PASSWORD));
            assertThat(box.await(7)).extracting(letter -> letter.to() + ": " + letter.subject()).contains(
                    "plain@example.org: Somebody asked for an account with your mail address", "chief@example.org: squatter waits for approval at gatehouse.example.org");

            ApiClient.anonymous(sender).post("/auth/register", """
                    {"username": "hasty", "mail": "hasty@example.org", "password": "%s"}""".formatted(PASSWORD));
            box.await(10);
            chief.delete("/users/hasty");
            chief.delete("/users/ada");
            assertThat(box.await(11)).extracting(letter -> letter.to() + ": " + letter.subject())
                    .contains("hasty@example.org: Your registration as hasty at gatehouse.example.org is declined");

            ApiClient.anonymous(sender).post("/auth/register", """
                    {"username": "odd", "mail": "odd@example.org", "password": "%s"}""".formatted(PASSWORD));
            chief.post("/users/odd/suspend", "{\"reason\": \"who is this?\"}");
            chief.post("/users/odd/activate", null);
            assertThat(box.await(15)).extracting(letter -> letter.to() + ": " + letter.subject()).as("approved after all")
                    .contains("odd@example.org: Your account odd at gatehouse.example.org is approved");
        }
    }
}
