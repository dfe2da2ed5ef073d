package io.gatehouse.cluster;

import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;

/** Sites, nodes, domains and people for tests, by plain SQL, and callers. */
final class TestLayout {

    static final String PASSWORD = "seven bridges of ...";

    private final GatehouseServer server;

    TestLayout(GatehouseServer server) {
        this.server = server;
    }

    /** @param subnet the first three bytes of a network of 256 addresses; its gateway is .1 */
    int site(String name, String subnet, int firstHost, int lastHost) {
        return insert("""
                insert into sites (name, internal_domain, subnet_mask, gateway, dhcp_range)
                values ('%1$s', '%1$s.internal', '255.255.255.0', '%2$s.1', inetrange('%2$s.%3$d', '%2$s.%4$d', '[]')) returning id"""
                .formatted(name, subnet, firstHost, lastHost));
    }

    int siteWithoutNetwork(String name) {
        return insert("insert into sites (name, internal_domain) values ('%1$s', '%1$s.internal') returning id".formatted(name));
    }

    int node(int site, String name, String address) {
        return insert("insert into nodes (site_id, name, ipv4_address) values (%d, '%s', %s) returning id"
                .formatted(site, name, address == null ? "null" : "'" + address + "'"));
    }

    int domain(String name) {
        return insert("insert into external_domains (domain) values ('%s') returning id".formatted(name));
    }

    /** An active user, logged in. */
    ApiClient user(String username) {
        ApiClient.administrator(server).post("/users", "{\"username\": \"" + username + "\", \"password\": \"" + PASSWORD + "\"}");
        return ApiClient.user(server, username, PASSWORD);
    }

    int insert(String sql) {
        return server.sql().inTransaction(handle -> handle.createQuery(sql).mapTo(int.class).one());
    }

    void execute(String sql) {
        server.sql().useTransaction(handle -> handle.execute(sql));
    }
}
