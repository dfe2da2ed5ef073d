package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalDomainsIT {

    private static final String KEY = "0b5cd2a1-hush-hush";

    private static GatehouseServer server;
    private static ApiClient administrator;

    private Object site;
    private Answer domain;
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
    void oneDomain() {
        server.sql().useTransaction(handle -> {
            handle.execute("delete from external_domains");
            handle.execute("delete from sites");
        });
        site = administrator.post("/sites", "{\"name\": \"lab\", \"internalDomain\": \"lab.internal\"}").at("id");
        domain = administrator.post("/external-domains", """
                {"domain": "Example.COM", "acmeEmail": "ops@example.com", "acmeDirectory": "https://acme.example/directory",
                 "cloudflareApiEmail": "hush@example.com", "cloudflareApiKey": "%s", "siteId": %s}""".formatted(KEY, site));
        assertThat(domain.status()).as(domain.text()).isEqualTo(201);
        path = "/external-domains/" + domain.at("id");
    }

    @Test
    void areCreatedInLowerCaseAndKeepTheirCredentials() {
        assertThat(domain.header("Location")).isEqualTo("/api/v1" + path);
        assertThat(domain.object()).containsEntry("domain", "example.com").containsEntry("siteId", site).containsEntry("hasCloudflareCredentials", true)
                .doesNotContainKeys("cloudflareApiEmail", "cloudflareApiKey");
        assertThat(administrator.get(path).text()).isEqualTo(domain.text());
        assertThat(stored()).isEqualTo(new CloudflareCredentials("hush@example.com", KEY));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "domain | null", "domain | \"\"", "domain | \"com\"", "domain | \"*.example.com\"", "domain | \"example..com\"", "domain | \"a.b\\n\"", "domain | \"10.0.0.1\"",
            "acmeEmail | \"ops\"", "acmeEmail | \"a@b\"", "acmeEmail | \"a@b.c\\nBcc: x@y.z\"", "acmeEmail | \"\"",
            "acmeDirectory | \"http://acme.example\"", "acmeDirectory | \"acme\"", "acmeDirectory | \"https://u:hush@acme.example\"",
            "authServer | \"auth.example\"", "authServer | \"ftp://auth.example\"", "authServer | \"https://auth.example/$host\"", "authServer | \"https://auth.example;\"",
            "authServer | \"https://u:hush@auth.example\"", "authServer | 1",
            "cloudflareApiEmail | null", "cloudflareApiEmail | \"hush\"", "cloudflareApiKey | null", "cloudflareApiKey | \"hush\\n\"", "cloudflareApiKey | 1",
            "siteId | 2147483647", "siteId | \"1\"", "siteId | 4294967297", "hasCloudflareCredentials | false", "id | 1"})
    void refuseWhatBreaksARule(String field, String value) {
        for (var method : new String[] {"PATCH", "POST"}) {
            var answer = administrator.send(method, method.equals("PATCH") ? path : "/external-domains",
                    method.equals("PATCH") ? "{\"" + field + "\": " + value + "}" : with(field, value));

            assertThat(answer.status()).as(method + " " + answer.text()).isEqualTo(422);
            var expected = value.equals("null") && field.startsWith("cloudflare") ? "cloudflareApiKey" : field;
            assertThat(answer.at("field")).as(method).isEqualTo(expected);
            assertThat(answer.text()).doesNotContain("hush");
        }
        assertThat(administrator.get(path).text()).isEqualTo(domain.text());
        assertThat(administrator.get("/external-domains").items()).hasSize(1);
    }

    @Test
    void haveAnAuthServerThatEveryoneMayKnow() {
        var changed = administrator.patch(path, "{\"authServer\": \"HTTPS://sign-in.example.com:8443/base\"}");

        assertThat(changed.object()).containsEntry("authServer", "https://sign-in.example.com:8443/base").containsEntry("hasCloudflareCredentials", true);
        assertThat(administrator.patch(path, "{\"authServer\": \"http://10.20.0.7:4180\"}").at("authServer")).isEqualTo("http://10.20.0.7:4180");
        assertThat(administrator.patch(path, "{\"authServer\": null}").at("authServer")).isNull();
    }

    @Test
    void areThereOnce() {
        var again = administrator.post("/external-domains", "{\"domain\": \"EXAMPLE.com\"}");

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.at("field")).isEqualTo("domain");
        assertThat(administrator.patch(path, "{\"domain\": \"example.COM\"}").text()).isEqualTo(domain.text());
    }

    @Test
    void changeOnlyWhatIsNamed() {
        var events = events();
        assertThat(administrator.patch(path, "{\"cloudflareApiKey\": \"" + KEY + "\"}").text()).isEqualTo(domain.text());
        assertThat(events()).isEqualTo(events);

        administrator.patch(path, "{\"cloudflareApiKey\": \"other-hush\"}");
        assertThat(stored()).isEqualTo(new CloudflareCredentials("hush@example.com", "other-hush"));
        administrator.patch(path, "{\"acmeEmail\": null, \"acmeDirectory\": null, \"siteId\": null}");
        assertThat(stored()).isEqualTo(new CloudflareCredentials("hush@example.com", "other-hush"));
        var cleared = administrator.patch(path, "{\"cloudflareApiEmail\": null, \"cloudflareApiKey\": null}");

        assertThat(cleared.object()).containsEntry("hasCloudflareCredentials", false).containsEntry("acmeEmail", null).containsEntry("acmeDirectory", null)
                .containsEntry("authServer", null).containsEntry("siteId", null).containsEntry("domain", "example.com");
        assertThat(stored()).isNull();
    }

    @Test
    void keepTheirSecretsToThemselves() {
        administrator.patch(path, "{\"cloudflareApiKey\": \"other-hush\"}");

        assertThat(administrator.get(path).text() + administrator.get("/external-domains").text() + administrator.get("/audit").text()).doesNotContain("hush");
        var everything = server.sql().withHandle(handle -> handle.createQuery("""
                select d::text || (select string_agg(e::text, '') from audit_events e) from external_domains d""").mapTo(String.class).one());
        assertThat(everything).contains("example.com").doesNotContain("hush");
        assertThat(new CloudflareCredentials("hush@example.com", KEY).toString()).doesNotContain("hush");
        assertThat(new NewExternalDomain("a.b", null, null, "hush@example.com", KEY, null, null).toString()).doesNotContain("hush");

        int id = Integer.parseInt(domain.at("id").toString());
        int other = Integer.parseInt(administrator.post("/external-domains", "{\"domain\": \"thief.example\"}").at("id").toString());
        server.sql().useHandle(handle -> handle.execute("""
                update external_domains t set cloudflare_api_email = d.cloudflare_api_email, cloudflare_api_key = d.cloudflare_api_key
                from external_domains d where d.id = ? and t.id = ?""", id, other));
        assertThatThrownBy(() -> server.sql().withHandle(handle -> server.bean(ExternalDomainRows.class).cloudflare(handle, other)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void areListedFilteredAndDeleted() {
        administrator.post("/external-domains", "{\"domain\": \"b.example\"}");

        assertThat(administrator.get("/external-domains").items()).extracting(item -> item.get("domain")).containsExactly("b.example", "example.com");
        assertThat(administrator.get("/external-domains?siteId=" + site).items()).hasSize(1);
        assertThat(administrator.get("/external-domains?domain=EXAMPLE.com").items()).hasSize(1);
        assertThat(administrator.get("/external-domains?q=B.EX&sort=-createdAt").items()).hasSize(1);

        assertThat(administrator.delete(path, "\"0\"").status()).isEqualTo(412);
        assertThat(administrator.delete(path, domain.header("ETag")).status()).isEqualTo(204);
        assertThat(administrator.get(path).status()).isEqualTo(404);
    }

    @Test
    void areReadByUsersWithoutSecretsAndChangedByAdministratorsOnly() {
        administrator.post("/users", "{\"username\": \"alice\", \"password\": \"seven bridges of ...\"}");
        var alice = ApiClient.user(server, "alice", "seven bridges of ...");

        assertThat(alice.get(path).text()).isEqualTo(domain.text()).doesNotContain("hush");
        assertThat(alice.get("/external-domains").status()).isEqualTo(200);
        assertThat(alice.get("/sites/" + site).status()).isEqualTo(200);
        assertThat(alice.patch(path, "{}").status()).isEqualTo(403);
        assertThat(alice.delete(path).status()).isEqualTo(403);
        assertThat(alice.post("/external-domains", "{}").status()).isEqualTo(403);
        assertThat(alice.get("/nodes").status()).isEqualTo(403);
        assertThat(alice.get("/sites/" + site + "/nodes").status()).isEqualTo(403);
        assertThat(alice.get("/settings").status()).isEqualTo(403);
    }

    private CloudflareCredentials stored() {
        int id = Integer.parseInt(domain.at("id").toString());
        return server.sql().withHandle(handle -> server.bean(ExternalDomainRows.class).cloudflare(handle, id));
    }

    private String with(String field, String value) {
        var fields = "\"domain\": \"other.example\", \"acmeEmail\": \"a@b.example\", \"acmeDirectory\": \"https://acme.example\", "
                + "\"cloudflareApiEmail\": \"c@d.example\", \"cloudflareApiKey\": \"x\", \"siteId\": " + site;
        var member = "\"" + field + "\": " + value;
        return "{" + (fields.contains("\"" + field + "\"")
                ? fields.replaceFirst("\"" + field + "\": (\"[^\"]*\"|[a-z0-9]+)", member.replace("\\", "\\\\").replace("$", "\\$"))
                : fields + ", " + member) + "}";
    }

    private static long events() {
        return server.sql().withHandle(handle -> handle.createQuery("select count(*) from audit_events").mapTo(long.class).one());
    }
}
