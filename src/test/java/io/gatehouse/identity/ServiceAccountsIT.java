package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ServiceAccountsIT {

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
    void bindWithThePasswordThatIsShownOnce() throws LDAPException {
        var created = create("reader");

        assertThat(created.at("dn")).isEqualTo("cn=reader,ou=services," + server.baseDn());
        assertThat(created.header("Cache-Control")).isEqualTo("no-store");
        bind(created);
        assertThat(administrator.get("/service-accounts/reader").object()).containsEntry("dn", created.at("dn")).doesNotContainKey("password");
        assertThat(administrator.get("/service-accounts").text()).doesNotContain(created.textAt("password"));
    }

    @Test
    void bindWithTheNewPasswordOnlyOnceItIsRotated() throws LDAPException {
        var created = create("rotating");

        var rotated = administrator.post("/service-accounts/rotating/rotate", null);

        assertThat(rotated.status()).isEqualTo(200);
        bind(rotated);
        assertThatThrownBy(() -> bind(created)).isInstanceOf(LDAPException.class);
        assertThat(administrator.post("/service-accounts/nobody/rotate", null).status()).isEqualTo(404);
    }

    @Test
    void bindNoMoreOnceTheyAreDeleted() {
        var created = create("leaving");

        assertThat(administrator.delete("/service-accounts/leaving").status()).isEqualTo(204);

        assertThatThrownBy(() -> bind(created)).isInstanceOf(LDAPException.class);
        assertThat(administrator.delete("/service-accounts/leaving").status()).isEqualTo(404);
    }

    @Test
    void haveUniqueNames() {
        create("twin");

        var again = administrator.post("/service-accounts", "{\"name\": \"twin\"}");

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.at("field")).isEqualTo("name");
        assertThat(administrator.post("/service-accounts", "{\"name\": \"Not A Name\"}").status()).isEqualTo(422);
    }

    @Test
    void haveAClientConfiguration() {
        create("sssd");

        var plain = administrator.get("/sssd.conf?serviceAccount=sssd");
        assertThat(plain.header("Content-Type")).startsWith("text/plain");
        assertThat(plain.text().lines()).contains(
                "ldap_default_bind_dn = cn=sssd,ou=services," + server.baseDn(),
                "ldap_default_authtok = @PASSWORD@",
                "ldap_schema = rfc2307",
                "ldap_pwdlockout_dn = cn=ppolicy,ou=policies," + server.baseDn());
        assertThat(plain.text()).contains(":" + server.ldapsPort());

        var chosen = administrator.get("/sssd.conf?serviceAccount=sssd&schema=rfc2307bis&uri=ldap://a.example:389,ldaps://%5B2001:db8::1%5D");
        assertThat(chosen.text().lines()).contains(
                "ldap_uri = ldap://a.example:389, ldaps://[2001:db8::1]", "ldap_id_use_start_tls = true", "ldap_schema = rfc2307bis");
    }

    @Test
    void haveAClientConfigurationWithAPasswordThatIsGiven() throws IOException, InterruptedException {
        create("known");

        assertThat(configuration("known", "Se%cret=1").text().lines()).contains("ldap_default_authtok = Se%cret=1");
        assertThat(configuration("known", "a b").status()).isEqualTo(422);
    }

    @Test
    void haveNoClientConfigurationThatSomebodySmugglesLinesInto() {
        create("safe");

        for (var query : List.of("serviceAccount=nobody", "serviceAccount=safe%0Aid_provider=files", "")) {
            assertThat(administrator.get("/sssd.conf?" + query).status()).isIn(404, 422);
        }
        for (var query : List.of("uri=ldaps://a%0Aid_provider=files", "uri=http://a", "uri=", "schema=ad")) {
            assertThat(administrator.get("/sssd.conf?serviceAccount=safe&" + query).status()).as(query).isEqualTo(422);
        }
    }

    @Test
    void trustTheAuthorityThatAnybodyMayFetch() throws IOException {
        var answer = ApiClient.anonymous(server).get("/ca.pem");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).startsWith("-----BEGIN CERTIFICATE-----").isEqualTo(Files.readString(server.caFile()));
    }

    private static Answer create(String name) {
        var answer = administrator.post("/service-accounts", "{\"name\": \"" + name + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static void bind(Answer account) throws LDAPException {
        try (var connection = new LDAPConnection("localhost", server.ldapPort())) {
            connection.bind(account.textAt("dn"), account.textAt("password"));
        }
    }

    private static Answer configuration(String serviceAccount, String password) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return new Answer(client.send(HttpRequest.newBuilder(
                            URI.create(server.httpUrl() + "/api/v1/sssd.conf?serviceAccount=" + serviceAccount))
                    .header("Authorization", "Bearer " + server.adminToken())
                    .header("X-Service-Account-Password", password)
                    .build(), HttpResponse.BodyHandlers.ofString()));
        }
    }
}
