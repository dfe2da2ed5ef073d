package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.testing.GatehouseServer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever writes the tables past the services meets the same rules. */
class LayoutRulesIT {

    private static final String[] PRESENT = {
            """
            insert into sites (name, internal_domain, dhcp_range, subnet_mask, gateway)
            values ('lab', 'lab.internal', '[10.40.0.100,10.40.0.199]', '255.255.255.0', '10.40.0.1')""",
            "insert into sites (name, internal_domain) values ('attic', 'attic.internal')",
            "insert into nodes (site_id, name, ipv4_address) select id, 'pve1', '10.40.0.5' from sites where name = 'lab'",
            "insert into external_domains (site_id, domain) select id, 'example.com' from sites where name = 'lab'"};

    private static final String SITE = "insert into sites (name, internal_domain, dhcp_range, subnet_mask, gateway, dns_forwarders, external_ip) values (%s)";
    private static final String NODE = "insert into nodes (site_id, %s) select id, %s from sites where name = 'lab'";
    private static final String DOMAIN = "insert into external_domains (%s) values (%s)";

    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "SITE_NAME_FORM | '', 'x', null, null, null, null, null", "SITE_NAME_FORM | E'a\\nb', 'x', null, null, null, null, null",
            "SITE_NAME_FORM | ' a', 'x', null, null, null, null, null", "SITE_NAME_FORM | repeat('a', 256), 'x', null, null, null, null, null",
            "SITE_NAME_FORM | E'a\\u202eb', 'x', null, null, null, null, null", "SITE_NAME_FORM | E'a\\u2028b', 'x', null, null, null, null, null",
            "SITE_NAME_UNIQUE | 'lab', 'x', null, null, null, null, null",
            "SITE_INTERNAL_DOMAIN_FORM | 'x', 'X', null, null, null, null, null", "SITE_INTERNAL_DOMAIN_FORM | 'x', 'a..b', null, null, null, null, null",
            "SITE_INTERNAL_DOMAIN_FORM | 'x', E'a\\n', null, null, null, null, null", "SITE_INTERNAL_DOMAIN_FORM | 'x', '10.0.0.1', null, null, null, null, null",
            "SITE_INTERNAL_DOMAIN_FORM | 'x', repeat('a.', 127), null, null, null, null, null",
            "SITE_SUBNET_MASK_FORM | 'x', 'x', null, '255.0.255.0', null, null, null", "SITE_SUBNET_MASK_FORM | 'x', 'x', null, '0.0.0.0', null, null, null",
            "SITE_SUBNET_MASK_FORM | 'x', 'x', null, '255.255.255.255', null, null, null",
            "SITE_GATEWAY_FORM | 'x', 'x', null, '255.255.255.0', '10.41.0.1/24', null, null", "SITE_GATEWAY_FORM | 'x', 'x', null, '255.0.0.0', '127.0.0.1', null, null",
            "SITE_GATEWAY_NEEDS_MASK | 'x', 'x', null, null, '10.41.0.1', null, null",
            "SITE_GATEWAY_IN_NETWORK | 'x', 'x', null, '255.255.255.0', '10.41.0.0', null, null", "SITE_GATEWAY_IN_NETWORK | 'x', 'x', null, '255.255.255.0', '10.41.0.255', null, null",
            "SITE_GATEWAY_IN_NETWORK | 'x', 'x', null, '255.255.255.0', 'fd00::1', null, null",
            "SITE_DHCP_RANGE_FORM | 'x', 'x', 'empty', '255.255.255.0', '10.41.0.1', null, null", "SITE_DHCP_RANGE_FORM | 'x', 'x', '[10.41.0.5,10.41.0.9)', '255.255.255.0', '10.41.0.1', null, null",
            "SITE_DHCP_RANGE_FORM | 'x', 'x', '[10.41.0.5,)', '255.255.255.0', '10.41.0.1', null, null", "SITE_DHCP_RANGE_FORM | 'x', 'x', '[10.41.0.5/24,10.41.0.9]', '255.255.255.0', '10.41.0.1', null, null",
            "SITE_DHCP_RANGE_NEEDS_MASK | 'x', 'x', '[10.41.0.5,10.41.0.9]', null, null, null, null",
            "SITE_DHCP_RANGE_IN_NETWORK | 'x', 'x', '[10.41.0.5,10.41.1.9]', '255.255.255.0', '10.41.0.1', null, null",
            "SITE_DHCP_RANGE_IN_NETWORK | 'x', 'x', '[10.41.0.5,10.41.0.255]', '255.255.255.0', null, null, null",
            "SITE_DHCP_RANGE_GATEWAY | 'x', 'x', '[10.41.0.1,10.41.0.9]', '255.255.255.0', '10.41.0.1', null, null",
            "SITE_DHCP_RANGE_OVERLAP | 'x', 'x', '[10.40.0.199,10.40.0.209]', '255.255.255.0', '10.40.0.1', null, null",
            "SITE_DHCP_RANGE_GATEWAY_OF_OTHER | 'x', 'x', '[10.40.0.1,10.40.0.2]', '255.255.255.0', '10.40.0.9', null, null",
            "SITE_DHCP_RANGE_GATEWAY_OF_OTHER | 'x', 'x', null, '255.255.255.0', '10.40.0.150', null, null",
            "SITE_DHCP_RANGE_IN_USE | 'x', 'x', '[10.40.0.4,10.40.0.6]', '255.255.255.0', null, null, null",
            "SITE_DNS_FORWARDERS_FORM | 'x', 'x', null, null, null, '{}', null", "SITE_DNS_FORWARDERS_FORM | 'x', 'x', null, null, null, '{1.1.1.1,1.1.1.1}', null",
            "SITE_DNS_FORWARDERS_FORM | 'x', 'x', null, null, null, '{1.1.1.1,NULL}', null", "SITE_DNS_FORWARDERS_FORM | 'x', 'x', null, null, null, '{1.1.1.1/24}', null",
            "SITE_EXTERNAL_IP_FORM | 'x', 'x', null, null, null, null, '203.0.113.0/24'", "SITE_EXTERNAL_IP_FORM | 'x', 'x', null, null, null, null, '224.0.0.1'"})
    void sites(LayoutRule rule, String values) {
        broken(rule, SITE.formatted(values));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "NODE_NAME_FORM | name | ''", "NODE_NAME_FORM | name | 'a.b'", "NODE_NAME_FORM | name | '-a'", "NODE_NAME_FORM | name | E'a\\n'", "NODE_NAME_FORM | name | repeat('a', 64)",
            "NODE_NAME_UNIQUE | name | 'PVE1'",
            "NODE_ADDRESS_FORM | name, ipv4_address | 'x', '10.40.0.7/24'", "NODE_ADDRESS_FORM | name, ipv4_address | 'x', 'fd00::5'",
            "NODE_ADDRESS_UNIQUE | name, ipv4_address | 'x', '10.40.0.5'", "NODE_ADDRESS_IN_NETWORK | name, ipv4_address | 'x', '10.41.0.5'",
            "NODE_ADDRESS_IN_NETWORK | name, ipv4_address | 'x', '10.40.0.255'", "NODE_ADDRESS_GATEWAY | name, ipv4_address | 'x', '10.40.0.1'",
            "NODE_ADDRESS_IN_DHCP_RANGE | name, ipv4_address | 'x', '10.40.0.100'",
            "NODE_API_URL_FORM | name, api_url | 'x', 'https://a:b@c'", "NODE_API_URL_FORM | name, api_url | 'x', 'https://c/?d'", "NODE_API_URL_FORM | name, api_url | 'x', E'https://c\\n'",
            "NODE_API_USER_FORM | name, api_token_id_or_username | 'x', 'a b'", "NODE_API_USER_FORM | name, api_token_id_or_username | 'x', E'a\\n'",
            "NODE_IMAGE_STORAGE_FORM | name, image_storage | 'x', '../x'", "NODE_VOLUME_STORAGE_FORM | name, volume_storage | 'x', ''"})
    void nodes(LayoutRule rule, String columns, String values) {
        broken(rule, NODE.formatted(columns, values));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "EXTERNAL_DOMAIN_FORM | domain | 'com'", "EXTERNAL_DOMAIN_FORM | domain | 'Example.org'", "EXTERNAL_DOMAIN_FORM | domain | E'a.b\\n'",
            "EXTERNAL_DOMAIN_UNIQUE | domain | 'example.com'", "EXTERNAL_DOMAIN_SITE | domain, site_id | 'a.b', 2147483647",
            "EXTERNAL_DOMAIN_ACME_EMAIL_FORM | domain, acme_email | 'a.b', 'a@b'", "EXTERNAL_DOMAIN_ACME_EMAIL_FORM | domain, acme_email | 'a.b', E'a@b.c\\n'",
            "EXTERNAL_DOMAIN_ACME_DIRECTORY_FORM | domain, acme_directory | 'a.b', 'http://acme.example'",
            "EXTERNAL_DOMAIN_CLOUDFLARE_WHOLE | domain, cloudflare_api_key | 'a.b', '\\x00'", "EXTERNAL_DOMAIN_CLOUDFLARE_WHOLE | domain, cloudflare_api_email | 'a.b', '\\x00'"})
    void externalDomains(LayoutRule rule, String columns, String values) {
        broken(rule, DOMAIN.formatted(columns, values));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "SITE_NETWORK_IN_USE | update sites set gateway = '10.99.0.1', dhcp_range = null where name = 'lab'",
            "SITE_GATEWAY_IN_USE | update sites set gateway = '10.40.0.5' where name = 'lab'",
            "NODE_SITE | delete from sites where name = 'lab'",
            "NODE_SITE | insert into nodes (site_id, name) values (2147483647, 'x')",
            "EXTERNAL_DOMAIN_SITE | delete from nodes; delete from sites where name = 'lab'"})
    void changes(LayoutRule rule, String sql) {
        broken(rule, sql.split(";"));
    }

    @Test
    void theDatabaseHasARuleForEachRefusalAndARefusalForEachRule() {
        var inDatabase = new HashSet<>(server.sql().withHandle(handle -> handle.createQuery("""
                select conname from pg_constraint
                where conrelid in ('sites'::regclass, 'nodes'::regclass, 'external_domains'::regclass) and contype in ('c', 'u', 'x', 'f')
                union select conname from pg_constraint where conrelid = 'dns_records'::regclass and contype = 'f'
                union select 'node_name_unique' from pg_indexes where indexname = 'node_name_unique'
                union select m[1] from pg_proc, regexp_matches(prosrc, 'constraint = ''(\\w+)''', 'g') m
                    where proname in ('check_site_addresses', 'check_node_address')""").mapTo(String.class).list()));
        inDatabase.removeIf(name -> name.endsWith("_not_null"));

        assertThat(inDatabase).containsExactlyInAnyOrderElementsOf(Arrays.stream(LayoutRule.values()).map(LayoutRule::constraint).toList());
    }

    @Test
    void addressesOfTheNextProtocolHaveAPlaceInTheTables() {
        server.sql().useTransaction(handle -> {
            handle.execute(SITE.formatted("'six', 'six.internal', '[fd00::10,fd00::ffff]', 'ffff:ffff:ffff:ffff::', 'fd00::1', '{fd00::53,::1}', '2001:db8::7'"));

            assertThat(handle.createQuery("select network::text from sites where name = 'six'").mapTo(String.class).one()).isEqualTo("fd00::/64");
            handle.rollback();
        });
    }

    @Test
    void everyChangeGivesARowAnotherRevision() {
        server.sql().useTransaction(handle -> {
            present(handle);
            for (var table : List.of("sites", "nodes", "external_domains")) {
                var before = handle.createQuery("select max(revision) from " + table).mapTo(long.class).one();
                handle.execute("update " + table + " set revision = 0");
                assertThat(handle.createQuery("select min(revision) from " + table).mapTo(long.class).one()).as(table).isGreaterThan(before);
            }
            handle.rollback();
        });
    }

    private static void present(Handle handle) {
        for (var sql : PRESENT) {
            handle.execute(sql);
        }
    }

    private static void broken(LayoutRule rule, String... statements) {
        server.sql().useTransaction(handle -> {
            present(handle);
            var failure = catchThrowableOfType(JdbiException.class, () -> {
                for (var sql : statements) {
                    handle.execute(sql);
                }
            });
            assertThat(failure).as("refused").isNotNull();
            var problem = BrokenConstraint.problem(failure).orElseThrow(() -> new AssertionError(failure));
            assertThat(problem.getMessage()).isEqualTo(rule.broken().getMessage());
            assertThat(problem.kind()).isEqualTo(rule.broken().kind());
            assertThat(problem.field()).isEqualTo(rule.broken().field());
            handle.rollback();
        });
    }
}
