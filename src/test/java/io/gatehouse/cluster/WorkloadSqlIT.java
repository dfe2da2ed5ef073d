package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.GatehouseServer;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;

/** What the database itself refuses, whoever writes to it. */
class WorkloadSqlIT {

    private static GatehouseServer server;
    private static TestLayout layout;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        layout = new TestLayout(server);
        int lab = layout.site("lab", "10.1.0", 100, 199);
        layout.site("far", "10.2.0", 100, 199);
        layout.node(lab, "pve1", "10.1.0.5");
        layout.execute("insert into nodes (site_id, name) select id, 'pve2' from sites where name = 'far'");
        layout.domain("example.org");
        layout.execute("insert into jobs (name) values ('ended')");
        layout.execute("insert into job_statuses (job_id, message) select id, 'said' from jobs where name = 'ended'");
        layout.execute("update jobs set status = 'failure' where name = 'ended'");
        layout.execute("insert into jobs (name) values ('waiting')");
        container("first", "'10.1.0.50'");
        layout.execute("update containers set container_id = 100");
        service("http", "insert into http_services (service_id, external_hostname, external_domain_id) select service, 'app', id from external_domains, made");
        service("transport", "insert into transport_services (service_id, protocol, external_port) select service, 'tcp', 3000 from made");
        service("dns", "insert into dns_services (service_id, service_name) select service, '_a._tcp' from made");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void container(String hostname, String address) {
        layout.execute("""
                insert into containers (hostname, owner, node_id, mac_address, ipv4_address)
                select '%s', u.uid_number, n.id, '02:00:00:00:00:01', %s from users u, nodes n where n.name = 'pve1'""".formatted(hostname, address));
    }

    private static void service(String type, String more) {
        layout.execute("""
                with made as (insert into services (container_id, type, container_port)
                              select id, '%s', 80 from containers where hostname = 'first' returning id as service) %s""".formatted(type, more));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "container_hostname_form      | update containers set hostname = 'First'",
            "container_hostname_form      | update containers set hostname = 'a-'",
            "container_status_form        | update containers set status = 'stopped'",
            "container_template_form      | update containers set template = E'a\\nb'",
            "container_node               | delete from nodes where name = 'pve1'",
            "container_node               | update containers set node_id = 999",
            "container_owner              | delete from users",
            "container_vmid_form          | update containers set container_id = 99",
            "container_mac_form           | update containers set mac_address = '03:00:00:00:00:01'",
            "container_mac_form           | update containers set mac_address = '00:00:00:00:00:00'",
            "container_address_form       | update containers set ipv4_address = 'fd00::1'",
            "container_address_form       | update containers set ipv4_address = '10.1.0.50/24'",
            "container_address_in_network | update containers set ipv4_address = '10.3.0.1'",
            "container_address_in_network | update containers set ipv4_address = '10.1.0.255'",
            "container_address_in_network | update containers set node_id = (select id from nodes where name = 'pve2')",
            "container_address_gateway    | update containers set ipv4_address = '10.1.0.1'",
            "container_address_of_node    | update containers set ipv4_address = '10.1.0.5'",
            "container_ai_form            | update containers set ai_container = 'y'",
            "container_creation_job       | update containers set creation_job_id = 999",
            "container_hostname_unique    | insert into containers (hostname, owner, node_id, mac_address) select hostname, owner, node_id, '02:00:00:00:00:02' from containers",
            "container_mac_unique         | insert into containers (hostname, owner, node_id, mac_address) select 'b', owner, node_id, mac_address from containers",
            "container_address_unique     | insert into containers (hostname, owner, node_id, mac_address, ipv4_address) select 'b', owner, node_id, '02:00:00:00:00:02', ipv4_address from containers",
            "container_vmid_unique        | insert into containers (hostname, owner, node_id, mac_address, container_id) select 'b', owner, node_id, '02:00:00:00:00:02', container_id from containers",
            "node_address_of_container    | update nodes set ipv4_address = '10.1.0.50' where name = 'pve1'",
            "node_site_containers         | update nodes set ipv4_address = null, site_id = (select id from sites where name = 'far') where name = 'pve1'",
            "site_network_in_use          | update sites set gateway = '10.9.0.1', dhcp_range = null where name = 'lab'",
            "site_gateway_in_use          | update sites set gateway = '10.1.0.50' where name = 'lab'",
            "service_type_form            | insert into services (container_id, type, container_port) select id, 'smtp', 25 from containers",
            "service_container_port_form  | update services set container_port = 0",
            "service_whole                | insert into services (container_id, type, container_port) select id, 'dns', 1 from containers",
            "service_whole                | delete from http_services",
            "dns_service_base             | insert into dns_services (service_id, service_name) select id, '_a._tcp' from services where type = 'http'",
            "http_service_base            | update services set type = 'dns' where type = 'http'",
            "http_service_hostname_form   | update http_services set external_hostname = 'A'",
            "http_service_domain          | delete from external_domains",
            "http_service_domain          | update http_services set external_domain_id = 999",
            "transport_service_protocol_form | update transport_services set protocol = 'sctp'",
            "transport_service_port_form  | update transport_services set external_port = 65536",
            "transport_service_port_of_gateway | update transport_services set external_port = 80",
            "transport_service_port_of_gateway | update transport_services set external_port = 443",
            "transport_service_port_of_gateway | update transport_services set external_port = 443, protocol = 'udp'",
            "transport_service_tls        | update transport_services set use_tls = true, protocol = 'udp'",
            "dns_service_record_form      | update dns_services set record_type = 'A'",
            "dns_service_name_form        | update dns_services set service_name = 'a'",
            "job_status_transition        | insert into jobs (name, status) values ('x', 'running')",
            "job_status_transition        | update jobs set status = 'running' where name = 'ended'",
            "job_status_transition        | update jobs set status = 'success' where name = 'waiting'",
            "job_name_form                | update jobs set name = ''",
            "job_status_after_end         | insert into job_statuses (job_id, message) select id, 'late' from jobs where name = 'ended'",
            "job_status_message_length    | insert into job_statuses (job_id, message) select id, repeat('x', 65537) from jobs where name = 'waiting'",
            "job_status_append_only       | update job_statuses set message = 'other'"})
    void refuses(String constraint, String statement) {
        assertThatThrownBy(() -> layout.execute(statement)).isInstanceOf(JdbiException.class)
                .satisfies(failure -> assertThat(constraint(failure)).isEqualTo(constraint));
    }

    @Test
    void knowsTheNameOfAServiceWhateverItsDomain() {
        int sub = layout.domain("sub.example.org");
        assertThatThrownBy(() -> {
            service("http", "insert into http_services (service_id, external_hostname, external_domain_id) select service, 'x.sub', id from external_domains, made where domain = 'example.org'");
            service("http", "insert into http_services (service_id, external_hostname, external_domain_id) select service, 'x', " + sub + " from made");
        }).satisfies(failure -> assertThat(constraint(failure)).isEqualTo("http_service_name_unique"));
    }

    @Test
    void givesEachStateOfAServiceAnotherRevision() {
        var before = revision();
        layout.execute("update transport_services set use_tls = not use_tls");
        assertThat(revision()).isGreaterThan(before);
    }

    @Test
    void tellsWhenAJobStartedAndEnded() {
        layout.execute("insert into jobs (name) values ('timed')");
        layout.execute("update jobs set status = 'running' where name = 'timed'");
        layout.execute("update jobs set status = 'success' where name = 'timed'");
        boolean inOrder = server.sql().withHandle(handle -> handle
                .createQuery("select started_at >= created_at and ended_at >= started_at from jobs where name = 'timed'").mapTo(boolean.class).one());
        assertThat(inOrder).isTrue();
    }

    private static long revision() {
        return server.sql().withHandle(handle -> handle.createQuery("select revision from services where type = 'transport'").mapTo(long.class).one());
    }

    private static String constraint(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException refusal && refusal.getServerErrorMessage() != null) {
                return refusal.getServerErrorMessage().getConstraint();
            }
        }
        throw new AssertionError(failure);
    }
}
