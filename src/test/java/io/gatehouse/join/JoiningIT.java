package io.gatehouse.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.platform.tls.TlsMaterial;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Join tokens, what they are exchanged for, and the script that does it. */
class JoiningIT {

    private static final String PUBLIC_URL = "https://gatehouse.example.org";
    private static final String NO_TOKEN = "join-2222-2222-2222-2222-2222-2222-2222";

    private static GatehouseServer server;
    private static ApiClient administrator;
    private static Hosts hosts;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.public-url", PUBLIC_URL + "/")
                .with("gatehouse.ldap.public-uris", "ldaps://ldap1.example.org:1636,ldaps://ldap2.example.org:1636").start();
        administrator = ApiClient.administrator(server);
        hosts = new Hosts(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aTokenComesWithACommandAndIsGoodForAnHour() {
        var answer = administrator.post("/containers/" + hosts.container("fresh") + "/join-token", null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.textAt("command")).isEqualTo("curl -fsS '" + PUBLIC_URL + "/join?token=" + answer.textAt("token") + "' | sh");
        assertThat(Instant.parse(answer.textAt("expiresAt"))).isBetween(Instant.now().plus(Duration.ofMinutes(55)), Instant.now().plus(Duration.ofMinutes(65)));
    }

    @Test
    void ofATokenAndAPasswordOnlyTheHashesAreStored() {
        int container = hosts.container("hashed");
        var token = hosts.token(container);
        var secret = Hosts.secret(hosts.redeem(token).text());

        var rows = server.sql().withHandle(handle -> handle.createQuery("""
                select t::text || m::text from join_tokens t join machine_accounts m using (container_id) where container_id = :id""")
                .bind("id", container).mapTo(String.class).one());

        for (var text : List.of(token, secret)) {
            assertThat(rows).doesNotContain(text).doesNotContain(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void aTokenIsExchangedForAWholeConfigurationOnce() {
        var token = hosts.token(hosts.container("once"));

        var first = hosts.redeem(token);
        var second = hosts.redeem(token);

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Content-Type")).startsWith("text/plain");
        assertThat(first.header("Cache-Control")).isEqualTo("no-store");
        assertThat(first.text()).contains("ldap_uri = ldaps://ldap1.example.org:1636, ldaps://ldap2.example.org:1636\n",
                "ldap_tls_reqcert = demand\n", "ldap_default_bind_dn = cn=once,ou=hosts,dc=cluster,dc=internal\n").doesNotContain("@PASSWORD@");
        assertThat(second.status()).isEqualTo(404);
        assertThat(second.textAt("detail")).contains("used already");
    }

    @Test
    void ofFiftyAtOnceOneJoins() throws Exception {
        int container = hosts.container("contended");
        var token = hosts.token(container);

        var answers = AtOnce.call(50, i -> hosts.redeem(token));

        assertThat(answers).extracting(Answer::status).containsOnly(200, 404);
        var winners = answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(winners).hasSize(1);
        Hosts.bind(server, new Hosts.Host(container, "contended", Hosts.secret(winners.getFirst().text()))).close();
    }

    @Test
    void aNewTokenVoidsTheOneBefore() {
        int container = hosts.container("twice-asked");
        var old = hosts.token(container);
        var fresh = hosts.token(container);

        assertThat(hosts.redeem(old).status()).isEqualTo(404);
        assertThat(hosts.redeem(fresh).status()).isEqualTo(200);
    }

    @Test
    void anExpiredTokenIsGoodForNothing() throws Exception {
        int container = hosts.container("late");
        var token = hosts.token(container);
        server.sql().useTransaction(handle -> handle.execute("update join_tokens set expires_at = now() where container_id = ?", container));

        assertThat(hosts.redeem(token).status()).isEqualTo(404);
        assertThat(administrator.get("/containers/" + container).at("joinedAt")).isNull();
        assertThat(hosts.script(token).text()).contains("\ntoken_is=expired\n");
    }

    @Test
    void theTokenOfADeletedContainerIsGoodForNothing() {
        int container = hosts.container("short-lived");
        var token = hosts.token(container);
        administrator.delete("/containers/" + container);

        assertThat(hosts.redeem(token).status()).isEqualTo(404);
    }

    @Test
    void fetchingTheScriptUsesNothingUp() {
        var token = hosts.token(hosts.container("previewed"));

        for (int i = 0; i < 3; i++) {
            assertThat(hosts.script(token).status()).isEqualTo(200);
        }

        assertThat(hosts.redeem(token).status()).isEqualTo(200);
    }

    @Test
    void theScriptHoldsTheAuthorityAndTheConfigurationButNoPassword() throws Exception {
        var script = hosts.script(hosts.token(hosts.container("scripted")));

        assertThat(script.header("Content-Type")).startsWith("text/x-shellscript");
        assertThat(script.header("Cache-Control")).isEqualTo("no-store");
        assertThat(script.text()).contains(server.bean(TlsMaterial.class).caCertificatePem().strip(), "\nserver='" + PUBLIC_URL + "'\n",
                "ldap_default_bind_dn = cn=scripted,ou=hosts,dc=cluster,dc=internal\nldap_default_authtok = @PASSWORD@\n", "\ntoken_is=good\n")
                .doesNotContain("@SERVER@", "@TOKEN@", "@LEAVE@", "localhost:" + server.httpUrl().replaceAll(".*:", ""));
        assertThat(shell(script.text(), "-n").exit()).isZero();
        assertThat(shell(script.text(), "-s", "--", "--help").out()).contains("--dry-run");
    }

    @Test
    void theAddressesAreTheConfiguredOnesWhateverTheRequestSays() {
        var token = hosts.token(hosts.container("aimed-at"));

        var script = new Answer(server.send("GET", "/join?token=" + token, null, null,
                Map.of("X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http", "Forwarded", "host=evil.example;proto=http")));

        assertThat(script.text()).contains(PUBLIC_URL).doesNotContain("evil.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "join-", NO_TOKEN, "x'%3B%20touch%20/tmp/broken-out%3B'", "$(id)", "join-2222-2222-2222-2222-2222-2222-2222%0Aid"})
    void forATokenThatIsNoneTheScriptSaysSoAndFails(String token) throws Exception {
        var script = hosts.script(token.replace("$(id)", "%24(id)"));

        assertThat(script.status()).isEqualTo(200);
        var outcome = shell(script.text(), "-s");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("no join token", "Nothing was changed", PUBLIC_URL + "/api/v1/containers/ID/join-token");
        assertThat(script.text()).doesNotContain("broken-out");
    }

    @Test
    void withoutATokenTheScriptSaysSo() {
        assertThat(server.send("GET", "/join", null, null).body()).contains("no join token");
    }

    @Test
    void aUsersOwnContainersJoinAndOthersAreNotThere() {
        var ada = hosts.user("ada");
        var mallory = hosts.user("mallory");
        var path = "/containers/" + hosts.container("adas", "ada");

        assertThat(mallory.post(path + "/join-token", null).status()).isEqualTo(404);
        var token = ada.post(path + "/join-token", null);
        assertThat(token.status()).isEqualTo(200);
        assertThat(hosts.redeem(token.textAt("token")).status()).isEqualTo(200);

        for (var refused : List.of(mallory.get(path + "/machine-account"), mallory.post(path + "/machine-account/rotate", null), mallory.delete(path + "/machine-account"))) {
            assertThat(refused.status()).isEqualTo(404);
        }
        assertThat(ada.get(path + "/machine-account").textAt("dn")).isEqualTo(Hosts.dn(server, "adas"));
        assertThat(ada.delete(path + "/machine-account").status()).isEqualTo(204);
    }

    @Test
    void aContainerShowsWhenItJoined() {
        int container = hosts.container("shown");
        var path = "/containers/" + container;
        var before = administrator.get(path);
        assertThat(before.at("joinedAt")).isNull();
        assertThat(administrator.get(path + "/machine-account").status()).isEqualTo(404);

        hosts.join(container, "shown");

        var after = administrator.get(path);
        assertThat(Instant.parse(after.textAt("joinedAt"))).isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(600));
        assertThat(after.header("ETag")).isNotEqualTo(before.header("ETag"));
        assertThat(administrator.get(path + "/machine-account").textAt("joinedAt")).isEqualTo(after.textAt("joinedAt"));
    }

    @Test
    void anAccountIsDeletedOnlyInTheStateThatWasMeant() {
        var host = hosts.joined("conditional");
        var path = "/containers/" + host.id() + "/machine-account";
        var tag = administrator.get(path).header("ETag");
        assertThat(administrator.post(path + "/rotate", null).status()).isEqualTo(200);

        assertThat(administrator.delete(path, tag).status()).isEqualTo(412);
        assertThat(administrator.delete(path).status()).isEqualTo(204);
        assertThat(administrator.delete(path).status()).isEqualTo(404);
    }

    @Test
    void whoHasThePasswordMayLeaveAndNobodyElse() {
        var host = hosts.joined("leaver");
        var path = "/containers/" + host.id();

        assertThat(leave("host-2222-2222-2222-2222-2222-2222-2222")).isEqualTo(404);
        assertThat(leave("")).isEqualTo(404);
        assertThat(administrator.get(path).at("joinedAt")).isNotNull();
        assertThat(leave(host.password())).isEqualTo(204);
        assertThat(administrator.get(path).at("joinedAt")).isNull();
        assertThat(leave(host.password())).isEqualTo(404);
    }

    @Test
    void deletingTheAccountVoidsATokenThatNobodyHasRedeemedYet() {
        var host = hosts.joined("doubted");
        var token = hosts.token(host.id());

        administrator.delete("/containers/" + host.id() + "/machine-account");

        assertThat(hosts.redeem(token).status()).isEqualTo(404);
    }

    @Test
    void joiningIsInTheAuditLogAndNoSecretWithIt() {
        int container = hosts.container("audited");
        var token = hosts.token(container);
        var secret = Hosts.secret(hosts.redeem(token).text());
        hosts.redeem(token);
        var rotated = administrator.post("/containers/" + container + "/machine-account/rotate", null).textAt("password");
        leave(rotated);

        var events = administrator.get("/audit?target=container:audited&limit=100");

        assertThat(events.items()).extracting(event -> event.get("action") + " " + event.get("outcome")).containsExactly(
                "cluster.machine-account.deleted success", "cluster.machine-account.rotated success", "cluster.container.joined failure",
                "cluster.container.joined success", "cluster.join-token.created success", "cluster.container.created success");
        assertThat(events.items().get(3).get("actor").toString()).contains("container", "audited");
        assertThat(events.text()).doesNotContain(token, secret, rotated);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web1\nldap_uri = ldaps://evil.example", "a'; id; '", "$(id)", "`id`", "a,ou=people", "a b", "x@PASSWORD@", "GATEHOUSE_END"})
    void noHostNameThatCouldBreakOutOfAFileIsTaken(String hostname) {
        int container = hosts.container("plain-" + Math.abs(hostname.hashCode()));

        var answer = administrator.patch("/containers/" + container, "{\"hostname\": \"" + hostname.replace("\n", "\\n") + "\"}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(catchThrowable(() -> server.sql().useTransaction(handle ->
                handle.execute("update containers set hostname = ? where id = ?", hostname, container)))).hasMessageContaining("container_hostname_form");
    }

    @Test
    void withoutItsPublicAddressTheServerMakesNoCommand() {
        try (var unknown = GatehouseServer.start()) {
            var answer = ApiClient.administrator(unknown).post("/containers/" + new Hosts(unknown).container("nowhere") + "/join-token", null);

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.textAt("detail")).contains("GATEHOUSE_PUBLIC_URL");
        }
    }

    private static int leave(String password) {
        return server.send("POST", "/join/leave", null, "{\"password\": \"" + password + "\"}").statusCode();
    }

    private record Outcome(int exit, String out, String err) {
    }

    private static Outcome shell(String script, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("sh"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(script.getBytes(StandardCharsets.UTF_8));
        }
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, err);
    }
}
