package io.gatehouse.join;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Containers for tests, and what they do to join. */
final class Hosts {

    static final String PASSWORD = "seven bridges of ...";
    private static final Pattern SECRET = Pattern.compile("^ldap_default_authtok = (.+)$", Pattern.MULTILINE);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final GatehouseServer server;
    private final ApiClient administrator;

    Hosts(GatehouseServer server) {
        this.server = server;
        administrator = ApiClient.administrator(server);
    }

    /** @param password of its account */
    record Host(int id, String hostname, String password) {
    }

    /** An active user, logged in. */
    ApiClient user(String username) {
        administrator.post("/users", "{\"username\": \"" + username + "\", \"password\": \"" + PASSWORD + "\"}");
        return ApiClient.user(server, username, PASSWORD);
    }

    /** @return the id of a container of the administrator */
    int container(String hostname) {
        return container(hostname, GatehouseServer.ADMINISTRATOR);
    }

    int container(String hostname, String owner) {
        int number = COUNT.incrementAndGet();
        var site = administrator.post("/sites", """
                {"name": "site%1$d", "internalDomain": "site%1$d.internal", "subnetMask": "255.255.255.0", "gateway": "10.9.%1$d.1",
                 "dhcpRange": "10.9.%1$d.10-10.9.%1$d.20"}""".formatted(number)).at("id");
        administrator.post("/nodes", "{\"siteId\": %s, \"name\": \"pve%d\"}".formatted(site, number));
        var container = administrator.post("/containers", """
                {"hostname": "%s", "username": "%s", "siteId": %s}""".formatted(hostname, owner, site));
        assertThat(container.status()).as(container.text()).isEqualTo(201);
        return ((Number) container.at("id")).intValue();
    }

    String token(int container) {
        var answer = administrator.post("/containers/" + container + "/join-token", null);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.textAt("token");
    }

    Answer script(String token) {
        return new Answer(server.send("GET", "/join?token=" + token, null, null));
    }

    Answer redeem(String token) {
        return new Answer(server.send("POST", "/join", null, "{\"token\": \"" + token + "\"}", Map.of()));
    }

    Host joined(String hostname) {
        return join(container(hostname), hostname);
    }

    Host join(int container, String hostname) {
        var answer = redeem(token(container));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new Host(container, hostname, secret(answer.text()));
    }

    static String secret(String sssdConf) {
        var line = SECRET.matcher(sssdConf);
        assertThat(line.find()).as(sssdConf).isTrue();
        return line.group(1);
    }

    static String dn(GatehouseServer server, String hostname) {
        return "cn=" + hostname + ",ou=hosts," + server.baseDn();
    }

    /** A connection in the clear, bound as this host. */
    static LDAPConnection bind(GatehouseServer server, Host host) throws LDAPException {
        return new LDAPConnection("localhost", server.ldapPort(), dn(server, host.hostname()), host.password());
    }
}
