package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UsersIT {

    private static final String PASSWORD = "seven bridges of ...";
    private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAUF6YPA6NMIMQQ4Osb+CZDM6itQf0ZkV75SBqIJgVOO laptop";
    private static final String FINGERPRINT = "SHA256:17OUblPI3dJpZ94JgPhJgEnkWU8ibQmXfLHf4d46bNo";
    private static final String KEY_WITH_SIGNS = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOOanwhSzLqVqocoukcDB4Ns1h3EnEUSep4mRyT9RVyf";
    private static final String HASH_WITH_SIGNS = "n64IVsppTeznGvlL+ku7eaoobi/xgF4r0XuMMxqcgqw";

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
    void areCreatedWithDefaults() {
        var answer = create("{\"username\": \"defaults\"}");

        assertThat(answer.header("Location")).isEqualTo("/api/v1/users/defaults");
        assertThat(answer.object())
                .containsEntry("username", "defaults").containsEntry("cn", "defaults").containsEntry("sn", "defaults")
                .containsEntry("givenName", null).containsEntry("mail", null).containsEntry("gecos", null)
                .containsEntry("homeDirectory", "/home/defaults").containsEntry("loginShell", "/bin/bash")
                .containsEntry("status", "active").containsEntry("isAdministrator", false)
                .containsEntry("groups", List.of("ldapusers")).containsEntry("sshPublicKeys", List.of());
        assertThat(((Number) answer.at("gidNumber")).intValue()).isEqualTo(2000);
        assertThat(((Number) answer.at("uidNumber")).intValue()).isGreaterThanOrEqualTo(2000);
    }

    @Test
    void areCreatedWithEverythingGiven() {
        administrator.post("/groups", "{\"cn\": \"painters\"}");
        var answer = create("""
                {"username": "artemisia", "givenName": "Artemisia", "sn": "Gentileschi", "mail": "Artemisia@example.org",
                 "gecos": "Studio 3", "homeDirectory": "/srv/artemisia", "loginShell": "/bin/sh", "password": "%s",
                 "sshPublicKeys": ["%s"], "status": "pending", "groups": ["painters", "sysadmins"]}""".formatted(PASSWORD, KEY));

        assertThat(answer.object())
                .containsEntry("cn", "Artemisia Gentileschi").containsEntry("mail", "Artemisia@example.org")
                .containsEntry("gecos", "Studio 3").containsEntry("homeDirectory", "/srv/artemisia").containsEntry("loginShell", "/bin/sh")
                .containsEntry("sshPublicKeys", List.of(KEY)).containsEntry("status", "pending")
                .containsEntry("groups", List.of("ldapusers", "painters", "sysadmins")).containsEntry("isAdministrator", true);
        assertThat(answer.text()).doesNotContain(PASSWORD).doesNotContain("argon2");
        assertThat(administrator.get("/users/artemisia").object()).isEqualTo(answer.object());
    }

    @Test
    void areRefusedWithTheFieldAndTheRule() {
        refused("username", "{}");
        refused("username", "{\"username\": \"Upper\"}");
        refused("username", "{\"username\": \"root\"}");
        refused("mail", "{\"username\": \"refused\", \"mail\": \"nowhere\"}");
        refused("password", "{\"username\": \"refused\", \"password\": \"short\"}");
        refused("password", "{\"username\": \"refused\", \"password\": \"password1234\"}");
        refused("password", "{\"username\": \"refused\", \"password\": \"not-refused-at-all\"}");
        refused("status", "{\"username\": \"refused\", \"status\": \"retired\"}");
        refused("groups", "{\"username\": \"refused\", \"groups\": [\"no-such-group\"]}");
        refused("sshPublicKeys", "{\"username\": \"refused\", \"sshPublicKeys\": [\"ssh-rsa AAAA\"]}");
        refused("homeDirectory", "{\"username\": \"refused\", \"homeDirectory\": \"/home/../etc\"}");
        assertThat(administrator.get("/users/refused").status()).isEqualTo(404);
    }

    @Test
    void haveAHundredKeysAtMost() {
        create("{\"username\": \"collector\"}");
        server.sql().useTransaction(handle -> handle.execute("""
                insert into ssh_keys (uid_number, fingerprint, type, key)
                select uid_number, 'SHA256:' || lpad(number::text, 43, '0'), 'ssh-ed25519', 'AAAA' || number
                from users, generate_series(1, 100) number where username = 'collector'"""));

        var refusal = administrator.post("/users/collector/ssh-keys",
                "{\"publicKey\": \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAUF6YPA6NMIMQQ4Osb+CZDM6itQf0ZkV75SBqIJgVOO\"}");

        assertThat(refusal.status()).isEqualTo(409);
        assertThat(administrator.get("/users/collector/ssh-keys").items()).hasSize(100);
    }

    @Test
    void mayComeWithThePasswordHashOfAnotherSystem() {
        var hash = "{SSHA}s31zG3IBMadn/pt9tNKhX+woW6I28oM4";

        var answer = create("{\"username\": \"immigrant\", \"passwordHash\": \"" + hash + "\"}");

        assertThat(answer.text()).doesNotContain(hash).doesNotContain("passwordHash").doesNotContain("SSHA");
        assertThat(answer.at("passwordChangedAt")).isNotNull();
        var created = administrator.get("/audit?limit=100").items().stream()
                .filter(event -> "user:immigrant".equals(event.get("target"))).toList();
        assertThat(created).singleElement().satisfies(event -> {
            assertThat(event.get("action")).isEqualTo("identity.user.created");
            assertThat(event.get("detail").toString()).contains("password=imported").doesNotContain("SSHA").doesNotContain("s31z");
        });
        assertThat(ApiClient.anonymous(server).login("immigrant", "not correct horse").status()).isEqualTo(401);
        assertThat(ApiClient.anonymous(server).login("immigrant", "correct horse battery").status()).isEqualTo(200);
        String stored = server.sql().withHandle(handle -> handle.createQuery("select password_hash from users where username = 'immigrant'")
                .mapTo(String.class).one());
        assertThat(stored).startsWith("$argon2id$v=19$m=1024,t=1,p=1$");
        assertThat(ApiClient.anonymous(server).login("immigrant", "correct horse battery").status()).isEqualTo(200);
    }

    @Test
    void areRefusedWithAPasswordHashThatNobodyCouldLogInWith() {
        for (var hash : List.of("$y$j9T$abcdefghijklmnopqrst$8PJ4GcdAcI1OdqaKcxqWIkOgiVk8wubV24qxM4jRpW1", "hunter2 in the wrong field",
                "$2b$31$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC", "{SSHA}s31z", "")) {
            var answer = administrator.post("/users", "{\"username\": \"refused\", \"passwordHash\": \"" + hash + "\"}");
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
            assertThat(answer.object()).containsEntry("field", "passwordHash").doesNotContainKey("value");
            if (!hash.isEmpty()) {
                assertThat(answer.text()).doesNotContain(hash).doesNotContain("hunter2");
            }
        }
        refused("passwordHash", """
                {"username": "refused", "password": "%s", "passwordHash": "{SSHA}s31zG3IBMadn/pt9tNKhX+woW6I28oM4"}""".formatted(PASSWORD));
        assertThat(administrator.get("/users/refused").status()).isEqualTo(404);
    }

    @Test
    void getAPasswordHashAtTheirCreationAndFromAdministratorsOnly() {
        create("{\"username\": \"settler\"}");
        var hash = "\"passwordHash\": \"{SSHA}s31zG3IBMadn/pt9tNKhX+woW6I28oM4\"";
        assertThat(administrator.patch("/users/settler", "{" + hash + "}").at("field")).isEqualTo("passwordHash");
        assertThat(administrator.get("/users/settler").at("passwordChangedAt")).isNull();
        assertThat(ApiClient.anonymous(server).post("/auth/register", "{\"username\": \"squatter\", \"password\": \"" + PASSWORD + "\", " + hash + "}")
                .at("field")).isEqualTo("passwordHash");
    }

    @Test
    void haveUniqueNamesAndMailAddresses() {
        create("{\"username\": \"unique\", \"mail\": \"unique@example.org\"}");

        var name = administrator.post("/users", "{\"username\": \"unique\"}");
        assertThat(name.status()).isEqualTo(409);
        assertThat(name.at("field")).isEqualTo("username");

        var mail = administrator.post("/users", "{\"username\": \"unique2\", \"mail\": \"UNIQUE@Example.org\"}");
        assertThat(mail.status()).isEqualTo(409);
        assertThat(mail.at("field")).isEqualTo("mail");

        create("{\"username\": \"unique3\"}");
        var patched = administrator.patch("/users/unique3", "{\"mail\": \"Unique@example.ORG\"}");
        assertThat(patched.status()).isEqualTo(409);
        assertThat(patched.at("field")).isEqualTo("mail");
    }

    @Test
    void keepWhatAPatchDoesNotName() {
        create("{\"username\": \"patched\", \"givenName\": \"Pat\", \"sn\": \"Ched\", \"mail\": \"pat@example.org\", \"gecos\": \"x\"}");

        var answer = administrator.patch("/users/patched", "{\"gecos\": null, \"loginShell\": \"/bin/zsh\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.object()).containsEntry("gecos", null).containsEntry("loginShell", "/bin/zsh")
                .containsEntry("cn", "Pat Ched").containsEntry("mail", "pat@example.org");
    }

    @Test
    void getDefaultsBackByNull() {
        create("{\"username\": \"resetting\", \"givenName\": \"Rea\", \"sn\": \"Setting\", \"homeDirectory\": \"/x\", \"loginShell\": \"/y\"}");

        var answer = administrator.patch("/users/resetting",
                "{\"sn\": null, \"cn\": null, \"homeDirectory\": null, \"loginShell\": null}");

        assertThat(answer.object()).containsEntry("sn", "resetting").containsEntry("cn", "Rea resetting")
                .containsEntry("homeDirectory", "/home/resetting").containsEntry("loginShell", "/bin/bash");
    }

    @Test
    void areNotChangedByAPatchThatIsRefusedInPart() {
        create("{\"username\": \"atomic\", \"gecos\": \"before\"}");

        for (var patch : List.of("{\"gecos\": \"after\", \"uidNumber\": 0}", "{\"gecos\": \"after\", \"mail\": \"x\"}",
                "{\"gecos\": \"after\", \"sshPublicKeys\": [\"x\"]}", "{\"gecos\": \"after\", \"status\": \"active\"}")) {
            assertThat(administrator.patch("/users/atomic", patch).status()).isEqualTo(422);
        }
        assertThat(administrator.get("/users/atomic").at("gecos")).isEqualTo("before");
    }

    @Test
    void haveAllTheirKeysReplacedByAPatch() {
        create("{\"username\": \"rekeyed\", \"sshPublicKeys\": [\"" + KEY + "\"]}");

        assertThat(administrator.patch("/users/rekeyed", "{\"sshPublicKeys\": [\"" + KEY_WITH_SIGNS + " x\", \"" + KEY_WITH_SIGNS + " x\"]}")
                .at("sshPublicKeys")).isEqualTo(List.of(KEY_WITH_SIGNS + " x"));
        assertThat(administrator.patch("/users/rekeyed", "{\"sshPublicKeys\": [\"" + KEY_WITH_SIGNS + " new comment\"]}")
                .at("sshPublicKeys")).isEqualTo(List.of(KEY_WITH_SIGNS + " new comment"));
        assertThat(administrator.patch("/users/rekeyed", "{\"sshPublicKeys\": []}").at("sshPublicKeys")).isEqualTo(List.of());
    }

    @Test
    void haveKeysThatAreAddedListedAndRemoved() {
        create("{\"username\": \"keyed\"}");

        var added = administrator.post("/users/keyed/ssh-keys", "{\"publicKey\": \"" + KEY + "\"}");
        assertThat(added.status()).isEqualTo(201);
        assertThat(added.object()).containsEntry("type", "ssh-ed25519").containsEntry("fingerprint", FINGERPRINT)
                .containsEntry("comment", "laptop").containsEntry("publicKey", KEY);

        var again = administrator.post("/users/keyed/ssh-keys", "{\"publicKey\": \"" + KEY.replace("laptop", "other") + "\"}");
        assertThat(again.status()).isEqualTo(409);

        assertThat(administrator.get("/users/keyed/ssh-keys").items()).extracting(key -> key.get("fingerprint")).containsExactly(FINGERPRINT);
        assertThat(administrator.delete("/users/keyed/ssh-keys/" + FINGERPRINT).status()).isEqualTo(204);
        assertThat(administrator.delete("/users/keyed/ssh-keys/" + FINGERPRINT).status()).isEqualTo(404);
        assertThat(administrator.get("/users/keyed/ssh-keys").items()).isEmpty();
    }

    @Test
    void loseKeysByFingerprintsHoweverThoseAreWritten() {
        create("{\"username\": \"slashed\"}");
        var escaped = HASH_WITH_SIGNS.replace("/", "%2F").replace("+", "%2B");

        for (var written : List.of("SHA256:" + HASH_WITH_SIGNS, HASH_WITH_SIGNS, "SHA256%3A" + escaped, escaped,
                HASH_WITH_SIGNS.replace("/", "%2f"))) {
            administrator.post("/users/slashed/ssh-keys", "{\"publicKey\": \"" + KEY_WITH_SIGNS + "\"}");

            assertThat(administrator.delete("/users/slashed/ssh-keys/" + written).status()).as(written).isEqualTo(204);
        }
    }

    @Test
    void areListedPageByPageInTheOrderOfTheirNames() {
        for (int i = 0; i < 5; i++) {
            create("{\"username\": \"paged" + i + "\"}");
        }

        var names = new ArrayList<Object>();
        String cursor = null;
        do {
            var page = administrator.get("/users?limit=2" + (cursor == null ? "" : "&cursor=" + cursor));
            assertThat(page.items()).hasSizeBetween(1, 2);
            page.items().stream().map(user -> user.get("username")).forEach(names::add);
            cursor = page.textAt("next");
        } while (cursor != null);

        assertThat(names).doesNotHaveDuplicates().isSorted().contains("paged0", "paged1", "paged2", "paged3", "paged4");
        assertThat(administrator.get("/users?limit=1000").items()).extracting(user -> user.get("username")).containsAll(names);
    }

    @Test
    void areSuspendedWithAReasonAndActivatedAgain() {
        create("{\"username\": \"suspect\", \"password\": \"" + PASSWORD + "\"}");
        ApiClient.user(server, "suspect", PASSWORD);

        assertThat(administrator.post("/users/suspect/suspend", "{}").status()).isEqualTo(422);
        assertThat(administrator.post("/users/suspect/suspend", "{\"reason\": \" \"}").status()).isEqualTo(422);
        var suspended = administrator.post("/users/suspect/suspend", "{\"reason\": \"left the company\"}");
        assertThat(suspended.object()).containsEntry("status", "suspended").containsEntry("statusReason", "left the company");
        assertThat(ApiClient.anonymous(server).login("suspect", PASSWORD).status()).isEqualTo(401);

        var activated = administrator.post("/users/suspect/activate", null);
        assertThat(activated.object()).containsEntry("status", "active").containsEntry("statusReason", null);
        ApiClient.user(server, "suspect", PASSWORD);
    }

    @Test
    void giveTheirNumberToNobodyElseWhenTheyAreDeleted() {
        var first = create("{\"username\": \"phoenix\"}");
        assertThat(administrator.delete("/users/phoenix").status()).isEqualTo(204);
        assertThat(administrator.get("/users/phoenix").status()).isEqualTo(404);
        assertThat(administrator.delete("/users/phoenix").status()).isEqualTo(404);

        var second = create("{\"username\": \"phoenix\"}");

        assertThat(((Number) second.at("uidNumber")).intValue()).isGreaterThan(((Number) first.at("uidNumber")).intValue());
    }

    @Test
    void cannotBeCreatedOnceAllNumbersAreGivenOut() {
        try (var small = GatehouseServer.with("gatehouse.uid-max", 2001).start()) {
            var caller = ApiClient.administrator(small);
            assertThat(caller.post("/users", "{\"username\": \"last\"}").status()).isEqualTo(201);

            var answer = caller.post("/users", "{\"username\": \"too-late\"}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.textAt("detail")).contains("uid numbers").contains("GATEHOUSE_UID_MAX");
        }
    }

    private static Answer create(String json) {
        var answer = administrator.post("/users", json);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static void refused(String field, String json) {
        var answer = administrator.post("/users", json);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.object()).containsEntry("field", field).containsKey("detail");
        if (field.equals("password")) {
            assertThat(answer.object()).doesNotContainKey("value");
        }
    }
}
