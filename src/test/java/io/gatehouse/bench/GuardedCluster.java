package io.gatehouse.bench;

import io.gatehouse.bench.Contender.Login;
import java.util.List;
import java.util.stream.Stream;

/**
 * Containers, and policies that all count on each of them. Between them they let everybody in, so that a container is shown what an
 * account without restriction is shown, and the same questions have the same answers.
 */
final class GuardedCluster {

    static final int CONTAINERS = 1_000;
    static final int POLICIES = 500;

    private static final String HOSTNAME = "guarded";
    private static final String SECRET = "host-bench-bench-bench";

    private GuardedCluster() {
    }

    /** The account of a container. */
    static Login machine() {
        return new Login("cn=" + HOSTNAME + "1,ou=hosts," + Contender.BASE, SECRET);
    }

    /** Statements that fill the tables, which hold the population already. */
    static Stream<String> sql(Population population) {
        int groupsPerPolicy = Math.ceilDiv(population.groups(), POLICIES);
        return List.of(
                "insert into sites (name, internal_domain, subnet_mask, gateway) values ('guarded', 'guarded.internal', '255.255.0.0', '10.99.0.1')",
                "insert into nodes (site_id, name) select id, 'guarded' from sites where name = 'guarded'",
                """
                insert into containers (hostname, owner, status, node_id, mac_address, ipv4_address)
                select '%s' || i, u.uid_number, 'running', n.id, ('02:00:00:00:' || lpad(to_hex(i / 256), 2, '0') || ':' || lpad(to_hex(i %% 256), 2, '0'))::macaddr,
                       '10.99.1.0'::inet + i
                from generate_series(1, %d) i, nodes n, users u where n.name = 'guarded' and u.username = '%s'
                """.formatted(HOSTNAME, CONTAINERS, Population.ADMINISTRATOR),
                """
                insert into machine_accounts (container_id, joined_as, secret_hash)
                select id, hostname, sha256('%s'::bytea) from containers where hostname = '%s1'
                """.formatted(SECRET, HOSTNAME),
                """
                insert into policies (name, priority, effect)
                select 'policy' || p, 100 + p, 'allow' from generate_series(0, %d - 1) p
                """.formatted(POLICIES),
                """
                insert into policy_targets (policy_id, gid_number)
                select p.id, g.gid_number from policies p
                join groups g on g.cn like 'project%%' and substr(g.cn, 8)::integer / %d = substr(p.name, 7)::integer
                """.formatted(groupsPerPolicy),
                "insert into policy_destinations (policy_id, site_id) select p.id, s.id from policies p, sites s where s.name = 'guarded'",
                // So that the attribute host is short, which only the account without restriction is shown.
                "insert into policy_destinations (policy_id, network) select id, '0.0.0.0/0' from policies",
                "analyze").stream();
    }
}
