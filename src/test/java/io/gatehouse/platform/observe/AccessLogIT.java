package io.gatehouse.platform.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccessLogIT {

    private static CapturedLog log;
    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        log = new CapturedLog();
        server = GatehouseServer.with("gatehouse.access-log", "all").start();
    }

    @AfterAll
    static void stop() {
        server.close();
        log.close();
    }

    private static Map<String, Object> line(String loggerEnd, String... parts) throws ParseException {
        return JSONObjectUtils.parse(log.await(line -> line.contains("access." + loggerEnd) && List.of(parts).stream().allMatch(line::contains)));
    }

    @Test
    void aRequestHasALineWithItsCorrelationId() throws ParseException {
        var answer = ApiClient.administrator(server).get("/users/" + GatehouseServer.ADMINISTRATOR);

        var line = line("HTTP", answer.header("X-Request-Id"));
        assertThat(line).containsEntry("method", "GET").containsEntry("path", "/api/v1/users/" + GatehouseServer.ADMINISTRATOR)
                .containsEntry("route", "/api/v1/users/{username}").containsEntry("principal", GatehouseServer.ADMINISTRATOR)
                .containsEntry("correlationId", answer.header("X-Request-Id")).containsKeys("time", "level", "thread", "durationMicros", "address");
        assertThat(((Number) line.get("status")).intValue()).isEqualTo(200);
        assertThat(((Number) line.get("bytes")).intValue()).isEqualTo(answer.text().length());
    }

    @Test
    void ofAQueryTheNamesAreLoggedOnly() throws ParseException {
        var answer = ApiClient.administrator(server).get("/users?q=hunter2hunter2&limit=7");

        assertThat(line("HTTP", answer.header("X-Request-Id"))).containsEntry("path", "/api/v1/users?q&limit");
        var bare = ApiClient.administrator(server).get("/users?hunter2hunter2");
        assertThat(line("HTTP", bare.header("X-Request-Id"))).containsEntry("path", "/api/v1/users?...");
    }

    @Test
    void tokensInPathsAreNotLogged() throws ParseException {
        for (var path : List.of("/auth/invitations/", "/auth/password-reset/")) {
            var answer = ApiClient.anonymous(server).get(path + "hunter2hunter2");

            assertThat(line("HTTP", answer.header("X-Request-Id"))).containsEntry("path", "/api/v1" + path + "***")
                    .extracting("message").asString().doesNotContain("hunter2");
        }
    }

    @Test
    void aJoinTokenIsLoggedNowhere() throws ParseException {
        var token = RandomSecret.joinToken();

        var answer = server.send("GET", "/join?token=" + token, null, null);

        assertThat(line("HTTP", answer.headers().firstValue("X-Request-Id").orElseThrow())).containsEntry("path", "/join?token");
        assertThat(log.lines()).noneMatch(line -> line.contains(token));
    }

    @Test
    void nobodyForgesALine() throws ParseException {
        var answer = ApiClient.anonymous(server).get("/nothing%0AGET%20/forged");

        assertThat((String) line("HTTP", answer.header("X-Request-Id")).get("message")).doesNotContain("\n").contains("%0A");
    }

    @Test
    void anOperationHasALineThatTellsWhatWasAsked() throws LDAPException, ParseException {
        try (var connection = server.ldapAsAdministrator()) {
            connection.search(server.baseDn(), SearchScope.SUB, "(&(uid=root-of-all)(!(cn=a\\0ab)))", "uid");
        }

        var line = line("LDAP", "\"operation\":\"search\"", "root-of-all)(!");
        assertThat((String) line.get("request")).isEqualTo("base=\"" + server.baseDn() + "\" scope=sub filter=\"(&(uid=root-of-all)(!(cn=a\\\\0ab)))\"");
        assertThat(((Number) line.get("entries")).intValue()).isEqualTo(1);
        assertThat(((Number) line.get("result")).intValue()).isZero();
        assertThat((String) line.get("principal")).startsWith("uid=" + GatehouseServer.ADMINISTRATOR);
        assertThat((String) line.get("correlationId")).matches("ldap-[0-9a-z]+-\\d+-\\d+");
    }

    @Test
    void secretsAreNowhereInTheLog() throws Exception {
        var secrets = new SecretsRun(server);
        secrets.run();
        server.ldap().close();
        // The last of them.
        log.await(line -> line.contains("access.LDAP") && line.contains("marker-of-the-end"));

        assertThat(log.lines()).isNotEmpty().allSatisfy(line -> assertThat(secrets.all()).noneMatch(line::contains));
    }

    /** Uses every kind of secret, rightly and wrongly. */
    private record SecretsRun(GatehouseServer server, List<String> all) {

        SecretsRun(GatehouseServer server) {
            this(server, new java.util.ArrayList<>(List.of("Open-Sesame-2718281828", "Close-Sesame-3141592653", "Query-Secret-1618033988",
                    "Header-Secret-5772156649", "Field-Secret-4669201609", GatehouseServer.PASSWORD)));
        }

        void run() throws Exception {
            var administrator = ApiClient.administrator(server);
            assertThat(administrator.post("/users", "{\"username\": \"keeper\", \"password\": \"Open-Sesame-2718281828\"}").status()).isEqualTo(201);
            var login = ApiClient.anonymous(server).login("keeper", "Open-Sesame-2718281828");
            all.add(login.textAt("access_token"));
            all.add(login.textAt("refresh_token"));
            ApiClient.anonymous(server).post("/auth/refresh", "{\"grant_type\": \"refresh_token\", \"refresh_token\": \"" + login.textAt("refresh_token") + "\"}");
            ApiClient.anonymous(server).post("/auth/refresh", "{\"grant_type\": \"refresh_token\", \"refresh_token\": \"" + login.textAt("refresh_token") + "\"}");
            ApiClient.anonymous(server).login("keeper", "Close-Sesame-3141592653");
            ApiClient.anonymous(server).login("Close-Sesame-3141592653", "x");
            administrator.get("/users?token=Query-Secret-1618033988");
            administrator.post("/users", "{\"username\": {\"Field-Secret-4669201609\": 1}}");
            administrator.post("/users", "{\"username\": \"nobody\", \"password\": \"Field-Secret-4669201609");
            ApiClient.withToken(server, "Header-Secret-5772156649").get("/me");
            try (var http = HttpClient.newHttpClient()) {
                http.send(HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/v1/sssd.conf?serviceAccount=none"))
                        .header("Authorization", "Bearer " + server.adminToken())
                        .header("X-Service-Account-Password", "Header-Secret-5772156649").build(), BodyHandlers.ofString());
            }
            all.add(server.adminToken());
            var account = administrator.post("/service-accounts", "{\"name\": \"reader\"}");
            all.add(account.textAt("password"));
            try (var connection = server.ldap()) {
                connection.bind(account.textAt("dn"), account.textAt("password"));
                assertThatThrownBy(() -> connection.bind("uid=keeper,ou=people," + server.baseDn(), "Close-Sesame-3141592653"))
                        .isInstanceOf(LDAPException.class);
                connection.bind("uid=keeper,ou=people," + server.baseDn(), "Open-Sesame-2718281828");
                connection.search(server.baseDn(), SearchScope.SUB, "(|(userPassword=Query-Secret-1618033988)(userPassword;x=Query-Secret-1618033988)"
                        + "(2.5.4.35=Query-Secret-1618033988)(userPassword=*Query-Secret-1618033988*)(:octetStringMatch:=Query-Secret-1618033988))");
                assertThatThrownBy(() -> connection.compare("uid=keeper,ou=people," + server.baseDn(), "userPassword", "Open-Sesame-2718281828"))
                        .isInstanceOf(LDAPException.class);
                assertThatThrownBy(() -> connection.modify("dn: uid=keeper,ou=people," + server.baseDn(), "changetype: modify", "replace: mail",
                        "mail: Field-Secret-4669201609")).isInstanceOf(LDAPException.class);
                connection.search(server.baseDn(), SearchScope.SUB, "(uid=marker-of-the-end)");
            }
        }
    }
}
