package io.gatehouse.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.join.Hosts.Host;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What policies mean over LDAP: whom a container is shown, where a person may log in, who may run what with sudo. */
class AdmissionIT {

    private static final String ADMINISTRATOR = GatehouseServer.ADMINISTRATOR;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static GatehouseServer here;
    private static GatehouseServer there;
    private static ApiClient administrator;
    private static DirectoryRows rows;
    private static Host web;
    private static Host data;
    private static int bob;
    private static int devs;
    private static int staff;

    @BeforeAll
    static void start() {
        var database = TestPostgres.freshDatabase();
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        here = GatehouseServer.with("gatehouse.master-key", key).with("gatehouse.public-url", "https://gatehouse.example.org").on(database).start();
        there = GatehouseServer.with("gatehouse.master-key", key).on(database).start();
        administrator = ApiClient.administrator(here);
        rows = new DirectoryRows(here);
        devs = rows.group("devs");
        staff = rows.group("staff");
        rows.write(handle -> rows.insertNesting(handle, "staff", "devs"));
        rows.person("alice", "devs");
        bob = rows.person("bob");
        rows.person("olga");
        var hosts = new Hosts(here);
        web = hosts.join(hosts.container("web1", "olga"), "web1");
        data = hosts.joined("db1");
    }

    @AfterAll
    static void stop() {
        there.close();
        here.close();
    }

    @AfterEach
    void forgetPolicies() {
        rows.write(handle -> {
            handle.execute("delete from policies");
            handle.execute("delete from container_collaborators");
            handle.execute("delete from settings where key = 'access_default'");
        });
    }

    /** A policy with one target and one destination; returns its id. */
    private static int policy(String name, int priority, String effect, String target, int whom, String destination, Object where) {
        var id = new int[1];
        rows.write(handle -> {
            id[0] = handle.createUpdate("insert into policies (name, priority, effect) values (?, ?, ?)").bind(0, name).bind(1, priority)
                    .bind(2, effect).executeAndReturnGeneratedKeys("id").mapTo(int.class).one();
            handle.execute("insert into policy_targets (policy_id, " + target + ") values (?, ?)", id[0], whom);
            handle.execute("insert into policy_destinations (policy_id, " + destination + ") values (?, cast(? as "
                    + (destination.equals("network") ? "cidr" : "integer") + "))", id[0], where);
        });
        return id[0];
    }

    private static void sudo(int policy, String... commands) {
        rows.write(handle -> handle.createUpdate("update policies set sudo_commands = :commands where id = :id")
                .bindArray("commands", String.class, (Object[]) commands).bind("id", policy).execute());
    }

    private static void closed() {
        rows.sql("insert into settings (key, value, updated_by) values ('access_default', 'closed', 'nobody')");
    }

    @Test
    void withoutPoliciesAContainerIsShownEverybody() throws LDAPException {
        assertThat(people(web)).containsExactlyInAnyOrder(ADMINISTRATOR, "alice", "bob", "olga");
        assertThat(hosts("bob")).containsExactly("*");
    }

    @Test
    void whoMayNotLogInOnAContainerDoesNotExistForIt() throws LDAPException {
        policy("no bob", 10, "deny", "uid_number", bob, "container_id", web.id());
        assertThat(people(web)).containsExactlyInAnyOrder(ADMINISTRATOR, "alice", "olga");
        assertThat(people(data)).contains("bob");
        try (var connection = Hosts.bind(here, web)) {
            assertThat(connection.getEntry(person("bob"))).isNull();
            for (var filter : List.of("(uid=bob)", "(uidNumber=" + bob + ")", "(mail=bob@example.org)", "(cn=Bob Example)", "(memberUid=bob)",
                    "(member=" + person("bob") + ")", "(member:1.2.840.113556.1.4.1941:=" + person("bob") + ")", "(memberUid=bo*)",
                    "(&(objectClass=posixGroup)(|(memberUid=bob)(uid=bob)))")) {
                assertThat(found(connection, filter)).as(filter).isEmpty();
            }
            var everybody = connection.getEntry("cn=ldapusers,ou=groups," + here.baseDn());
            assertThat(everybody.getAttributeValues("memberUid")).containsExactlyInAnyOrder(ADMINISTRATOR, "alice", "olga");
            assertThat(everybody.getAttributeValues("member")).doesNotContain(person("bob")).hasSize(3);
            assertThat(connection.compare("cn=ldapusers,ou=groups," + here.baseDn(), "memberUid", "bob").compareMatched()).isFalse();
            assertThat(connection.compare("cn=ldapusers,ou=groups," + here.baseDn(), "memberUid", "alice").compareMatched()).isTrue();
            var missing = catchThrowableOfType(LDAPSearchException.class,
                    () -> connection.search(person("bob"), SearchScope.BASE, "(objectClass=*)"));
            assertThat(missing.getResultCode()).isEqualTo(ResultCode.NO_SUCH_OBJECT);
        }
        assertThat(hosts("bob")).containsExactly("*", "!web1", "!web1." + domain("web1"));
    }

    @Test
    void aContainerIsNotToldWhereElseItsPeopleMayLogIn() throws LDAPException {
        try (var connection = Hosts.bind(here, web)) {
            assertThat(connection.getEntry(person("alice"), "*", "host").hasAttribute("host")).isFalse();
            assertThat(found(connection, "(host=*)")).isEmpty();
        }
    }

    @Test
    void closedIsForOwnersCollaboratorsAdministratorsAndWhomAPolicyLetsIn() throws LDAPException {
        closed();
        assertThat(people(web)).containsExactlyInAnyOrder(ADMINISTRATOR, "olga");
        assertThat(people(data)).containsExactlyInAnyOrder(ADMINISTRATOR);
        assertThat(hosts("bob")).isEmpty();
        rows.sql("insert into container_collaborators (container_id, uid_number) values (?, ?)", web.id(), bob);
        policy("staff", 100, "allow", "gid_number", staff, "container_id", data.id());
        assertThat(people(web)).containsExactlyInAnyOrder(ADMINISTRATOR, "bob", "olga");
        assertThat(people(data)).as("devs are staff").containsExactlyInAnyOrder(ADMINISTRATOR, "alice");
        assertThat(hosts("alice")).containsExactly("db1", "db1." + domain("db1"));
        assertThat(hosts("bob")).containsExactly("web1", "web1." + domain("web1"));
        assertThat(hosts(ADMINISTRATOR)).containsExactly("*");
    }

    @Test
    void aMembershipCountsAtTheNextSearchOnEveryNode() throws LDAPException {
        policy("devs only", 10, "deny", "gid_number", devs, "container_id", web.id());
        try (var near = Hosts.bind(here, web); var far = Hosts.bind(there, web)) {
            assertThat(found(near, "(uid=bob)")).hasSize(1);
            rows.member("bob", "devs");
            assertThat(found(near, "(uid=bob)")).isEmpty();
            await(() -> found(far, "(uid=bob)").isEmpty());
            rows.sql("delete from memberships where uid_number = ? and gid_number = ?", bob, devs);
            assertThat(found(near, "(uid=bob)")).hasSize(1);
            await(() -> found(far, "(uid=bob)").size() == 1);
        }
    }

    @Test
    void aContainerThatMovesComesUnderOtherPolicies() throws LDAPException {
        int node = number(administrator.get("/containers/" + data.id()), "nodeId");
        policy("not on this node", 10, "deny", "uid_number", bob, "node_id", node);
        assertThat(people(data)).doesNotContain("bob");
        assertThat(people(web)).contains("bob");
        int site = number(administrator.get("/containers/" + data.id()), "siteId");
        int other = number(administrator.post("/nodes", "{\"siteId\": " + site + ", \"name\": \"spare\"}"), "id");
        assertThat(administrator.patch("/containers/" + data.id(), "{\"nodeId\": " + other + "}").status()).isEqualTo(200);
        assertThat(people(data)).contains("bob");
    }

    @Test
    void aPolicyEndsForConnectionsThatAreOpen() throws LDAPException {
        int policy = policy("for a while", 10, "deny", "uid_number", bob, "network", "0.0.0.0/0");
        try (var connection = Hosts.bind(here, web)) {
            assertThat(found(connection, "(uid=bob)")).isEmpty();
            rows.sql("update policies set valid_until = clock_timestamp() + interval '500 milliseconds' where id = ?", policy);
            await(() -> found(connection, "(uid=bob)").size() == 1);
            rows.sql("update policies set valid_until = null, valid_from = clock_timestamp() + interval '500 milliseconds' where id = ?", policy);
            assertThat(found(connection, "(uid=bob)")).hasSize(1);
            await(() -> found(connection, "(uid=bob)").isEmpty());
        }
    }

    @Test
    void whatAPolicySaysOfSudoIsARoleWhereItCounts() throws LDAPException {
        int allow = policy("web masters", 50, "allow", "gid_number", devs, "container_id", web.id());
        sudo(allow, "/usr/bin/systemctl restart nginx", "/usr/bin/id");
        rows.sql("update policies set sudo_run_as = array['www-data', '%web'], sudo_authenticate = false where id = ?", allow);
        rows.sql("insert into policy_targets (policy_id, uid_number) values (?, ?)", allow, bob);
        int deny = policy("Not that", 50, "deny", "uid_number", bob, "network", "0.0.0.0/0");
        rows.sql("update policies set login = false, sudo_commands = array['/usr/bin/id'] where id = ?", deny);
        var dn = "cn=policy web masters,ou=sudoers," + here.baseDn();
        try (var connection = here.ldapAsAdministrator()) {
            var role = connection.getEntry(dn, "*", "+");
            assertThat(role.getAttributeValues("sudoUser")).containsExactlyInAnyOrder("%devs", "bob");
            assertThat(role.getAttributeValues("sudoHost")).containsExactly("web1");
            assertThat(role.getAttributeValues("sudoCommand")).containsExactly("/usr/bin/systemctl restart nginx", "/usr/bin/id");
            assertThat(role.getAttributeValues("sudoRunAsUser")).containsExactly("www-data", "%web");
            assertThat(role.getAttributeValues("sudoOption")).containsExactly("!authenticate");
            var denied = connection.getEntry("cn=policy Not that,ou=sudoers," + here.baseDn());
            assertThat(denied.getAttributeValues("sudoCommand")).containsExactly("!/usr/bin/id");
            assertThat(denied.getAttributeValues("sudoHost")).containsExactly("ALL");
            assertThat(denied.getAttributeValueAsInteger("sudoOrder")).isEqualTo(role.getAttributeValueAsInteger("sudoOrder") + 1);
            assertThat(Long.parseLong(role.getAttributeValue("entryUSN"))).isPositive();
            assertThat(found(connection, "(&(objectClass=sudoRole)(sudoHost=web1))")).contains(dn);
            assertThat(found(connection, "(&(objectClass=sudoRole)(sudoUser=bob))")).hasSize(2);
        }
        try (var connection = Hosts.bind(here, web)) {
            assertThat(connection.getEntry(dn).getAttributeValues("sudoHost")).as("whatever its own name").containsExactly("ALL");
            assertThat(found(connection, "(&(objectClass=sudoRole)(sudoHost=ALL))")).hasSize(3);
        }
        try (var connection = Hosts.bind(here, data)) {
            assertThat(connection.getEntry(dn)).isNull();
            assertThat(found(connection, "(objectClass=sudoRole)")).hasSize(2);
        }
    }

    @Test
    void aRoleIsThereWhileItsPolicyCounts() throws LDAPException {
        int policy = policy("soon", 50, "allow", "gid_number", devs, "container_id", web.id());
        sudo(policy, "ALL");
        var dn = "cn=policy soon,ou=sudoers," + here.baseDn();
        try (var connection = here.ldapAsAdministrator()) {
            assertThat(connection.getEntry(dn)).isNotNull();
            rows.sql("update policies set valid_from = now() + interval '1 day', valid_until = now() + interval '2 days' where id = ?", policy);
            assertThat(connection.getEntry(dn)).isNull();
            rows.sql("update policies set valid_from = now() - interval '1 day' where id = ?", policy);
            assertThat(connection.getEntry(dn).getAttributeValue("sudoNotAfter")).matches("[0-9]{14}Z");
            rows.sql("update policies set active = false where id = ?", policy);
            assertThat(connection.getEntry(dn)).isNull();
            rows.sql("update policies set active = true, name = 'later' where id = ?", policy);
            assertThat(connection.getEntry(dn)).isNull();
            assertThat(connection.getEntry("cn=policy later,ou=sudoers," + here.baseDn())).isNotNull();
        }
    }

    @Test
    void changesOfARoleHaveAChangeNumberOfTheirOwn() throws LDAPException {
        int policy = policy("numbered", 50, "allow", "gid_number", devs, "container_id", web.id());
        sudo(policy, "ALL");
        var dn = "cn=policy numbered,ou=sudoers," + here.baseDn();
        try (var connection = here.ldapAsAdministrator()) {
            for (var change : List.<Runnable>of(
                    () -> rows.sql("insert into policy_targets (policy_id, uid_number) values (?, ?)", policy, bob),
                    () -> rows.sql("update groups set cn = 'makers' where gid_number = ?", devs),
                    () -> rows.sql("update groups set cn = 'devs' where gid_number = ?", devs),
                    () -> assertThat(administrator.patch("/containers/" + web.id(), "{\"hostname\": \"web2\"}").status()).isEqualTo(200),
                    () -> assertThat(administrator.patch("/containers/" + web.id(), "{\"hostname\": \"web1\"}").status()).isEqualTo(200),
                    () -> rows.sql("delete from policy_targets where policy_id = ? and uid_number = ?", policy, bob))) {
                var before = connection.getRootDSE().getAttributeValueAsLong("lastUSN");
                change.run();
                assertThat(connection.getEntry(dn, "entryUSN").getAttributeValueAsLong("entryUSN")).isGreaterThan(before);
            }
        }
    }

    @Test
    void personsWhoBindThemselvesSeeEachOtherAsBefore() throws LDAPException {
        policy("no bob", 10, "deny", "uid_number", bob, "network", "0.0.0.0/0");
        try (var connection = here.ldapAs("alice", DirectoryRows.PASSWORD)) {
            assertThat(found(connection, "(uid=bob)")).hasSize(1);
            assertThat(connection.getEntry(person("bob"), "host").hasAttribute("host")).as("where others may log in").isFalse();
            assertThat(connection.getEntry(person("alice"), "host").getAttributeValues("host")).containsExactly("*");
            assertThat(found(connection, "(host=*)")).containsExactly(person("alice"));
        }
        here.ldapAs("bob", DirectoryRows.PASSWORD).close();
    }

    private static int number(Answer answer, String path) {
        return ((Number) answer.at(path)).intValue();
    }

    private static List<String> people(Host host) throws LDAPException {
        try (var connection = Hosts.bind(here, host)) {
            return connection.search("ou=people," + here.baseDn(), SearchScope.ONE, "(objectClass=posixAccount)", "uid").getSearchEntries()
                    .stream().map(entry -> entry.getAttributeValue("uid")).toList();
        }
    }

    private static List<String> hosts(String username) throws LDAPException {
        try (var connection = here.ldapAsAdministrator()) {
            var values = connection.getEntry(person(username), "host").getAttributeValues("host");
            return values == null ? List.of() : Stream.of(values).toList();
        }
    }

    private static String domain(String hostname) {
        return here.sql().withHandle(handle -> handle.createQuery("""
                select s.internal_domain from containers c join nodes n on n.id = c.node_id join sites s on s.id = n.site_id
                where c.hostname = :hostname""").bind("hostname", hostname).mapTo(String.class).one());
    }

    private static String person(String username) {
        return "uid=" + username + ",ou=people," + here.baseDn();
    }

    private static List<String> found(LDAPConnection connection, String filter) throws LDAPException {
        return connection.search(here.baseDn(), SearchScope.SUB, filter, "1.1").getSearchEntries().stream().map(Entry::getDN).toList();
    }

    private interface Condition {

        boolean holds() throws LDAPException;
    }

    private static void await(Condition condition) throws LDAPException {
        var deadline = Instant.now().plus(PATIENCE);
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
