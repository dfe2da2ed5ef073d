package io.gatehouse.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.concurrent.atomic.AtomicInteger;

/** A site with a node, an owner of containers, and a domain, in a server. */
final class TestSite {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final GatehouseServer server;
    private final ApiClient administrator;
    private final String id;
    private final String node;
    private final String domain;

    TestSite(GatehouseServer server) {
        this.server = server;
        administrator = ApiClient.administrator(server);
        int number = COUNT.incrementAndGet();
        id = made("/sites", """
                {"name": "site%1$d", "internalDomain": "site%1$d.internal", "dhcpRange": "10.77.%1$d.10,10.77.%1$d.250",
                 "subnetMask": "255.255.255.0", "gateway": "10.77.%1$d.1"}""".formatted(number));
        node = made("/nodes", "{\"siteId\": %s, \"name\": \"pve%d\"}".formatted(id, number));
        domain = made("/external-domains", "{\"domain\": \"d%d.example.org\", \"siteId\": %s}".formatted(number, id));
    }

    String id() {
        return id;
    }

    String domain() {
        return domain;
    }

    /** @return the key of a new agent */
    String key(String name) {
        return done(administrator.post("/sites/" + id + "/agent-keys", "{\"name\": \"" + name + "\"}"), 201).textAt("key");
    }

    ApiClient agent() {
        return ApiClient.withToken(server, key("agent" + COUNT.incrementAndGet()));
    }

    /** @return the id of a new container */
    String container(String hostname) {
        return made("/containers", "{\"hostname\": \"%s\", \"nodeId\": %s}".formatted(hostname, node));
    }

    /** @return the id of a new HTTP service */
    String http(String container, String name, int port) {
        return made("/containers/" + container + "/services", """
                {"type": "http", "containerPort": %d, "externalHostname": "%s", "externalDomainId": %s}""".formatted(port, name, domain));
    }

    String made(String path, String json) {
        return done(administrator.post(path, json), 201).at("id").toString();
    }

    static Answer done(Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return answer;
    }
}
