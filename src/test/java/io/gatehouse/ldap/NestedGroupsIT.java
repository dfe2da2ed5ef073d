package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What LDAP shows of groups in groups: {@code company} has {@code staff} in it, which has {@code devs} and {@code ops} in it. */
class NestedGroupsIT {

    private static final Logger LOG = LoggerFactory.getLogger(NestedGroupsIT.class);
    private static final String BASE = "dc=cluster,dc=internal";
    private static final int DEEP = 1_000;

    private static GatehouseServer server;
    private static DirectoryRows rows;
    private static LDAPConnection reader;

    @BeforeAll
    static void start() throws LDAPException {
        server = GatehouseServer.start();
        rows = new DirectoryRows(server);
        reader = server.ldapAsAdministrator();
    }

    @AfterAll
    static void stop() {
        reader.close();
        server.close();
    }

    @BeforeEach
    void makeTheTree() {
        rows.write(handle -> {
            for (var cn : List.of("company", "staff", "devs", "ops", "club")) {
                rows.insertGroup(handle, cn);
            }
            rows.insertPerson(handle, "alice", "devs");
            rows.insertPerson(handle, "bob", "ops", "staff");
            rows.insertPerson(handle, "carol", "company");
            rows.insertPerson(handle, "dave", "club");
            rows.insertNesting(handle, "company", "staff");
            rows.insertNesting(handle, "staff", "devs");
            rows.insertNesting(handle, "staff", "ops");
        });
    }

    @AfterEach
    void emptyTheDirectory() {
        rows.write(handle -> {
            handle.execute("delete from users where username <> ?", GatehouseServer.ADMINISTRATOR);
            handle.execute("delete from groups where cn not in ('ldapusers', 'sysadmins')");
        });
    }

    @Test
    void groupListsEverybodyInItAtAnyDepth() throws LDAPException {
        assertThat(values("cn=company,ou=groups", "memberUid")).containsExactlyInAnyOrder("alice", "bob", "carol");
        assertThat(values("cn=company,ou=groups", "member")).containsExactlyInAnyOrder(person("alice"), person("bob"), person("carol"));
        assertThat(values("cn=staff,ou=groups", "memberUid")).containsExactlyInAnyOrder("alice", "bob");
        assertThat(values("cn=devs,ou=groups", "memberUid")).containsExactly("alice");
    }

    @Test
    void memberOfTellsEveryGroupAtAnyDepthOfPeopleAndGroups() throws LDAPException {
        assertThat(values("uid=alice,ou=people", "memberOf"))
                .containsExactlyInAnyOrder(group("devs"), group("staff"), group("company"), group("ldapusers"));
        assertThat(values("cn=devs,ou=groups", "memberOf")).containsExactlyInAnyOrder(group("staff"), group("company"));
        assertThat(values("cn=company,ou=groups", "memberOf")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", nullValues = "-", textBlock = """
            (memberUid=alice) -> company,devs,ldapusers,staff
            (member=uid=alice,ou=people,dc=cluster,dc=internal) -> company,devs,ldapusers,staff
            (member=cn=devs,ou=groups,dc=cluster,dc=internal) -> -
            (memberOf=cn=company,ou=groups,dc=cluster,dc=internal) -> alice,bob,carol,devs,ops,staff
            (&(objectClass=posixAccount)(memberOf=cn=staff,ou=groups,dc=cluster,dc=internal)) -> alice,bob
            (memberOf=cn=devs,ou=groups,dc=cluster,dc=internal) -> alice
            (&(memberOf=*)(!(memberOf=cn=company,ou=groups,dc=cluster,dc=internal))(!(uid=root-of-all))) -> dave
            (member:1.2.840.113556.1.4.1941:=uid=alice,ou=people,dc=cluster,dc=internal) -> company,devs,ldapusers,staff
            (member:1.2.840.113556.1.4.1941:=CN=Devs,ou=groups,dc=cluster,dc=internal) -> company,staff
            (member:1.2.840.113556.1.4.1941:=cn=company,ou=groups,dc=cluster,dc=internal) -> -
            (memberOf:1.2.840.113556.1.4.1941:=cn=company,ou=groups,dc=cluster,dc=internal) -> alice,bob,carol,devs,ops,staff
            (&(objectClass=posixGroup)(memberOf:1.2.840.113556.1.4.1941:=cn=staff,ou=groups,dc=cluster,dc=internal)) -> devs,ops
            (&(objectClass=posixGroup)(!(member:1.2.840.113556.1.4.1941:=uid=alice,ou=people,dc=cluster,dc=internal))) -> club,ops,sysadmins
            (memberUid:1.2.840.113556.1.4.1941:=alice) -> -
            """)
    void filtersFollowTheGroups(String filter, String names) throws LDAPException {
        assertThat(reader.search(BASE, SearchScope.SUB, filter, "uid", "cn").getSearchEntries())
                .extracting(entry -> entry.getDN().substring(entry.getDN().indexOf('=') + 1, entry.getDN().indexOf(',')))
                .containsExactlyInAnyOrderElementsOf(names == null ? List.of() : Arrays.asList(names.split(",")));
    }

    @Test
    void changeFarBelowGivesEverythingConcernedANewNumber() throws LDAPException {
        assertThat(changedBy(() -> rows.member("dave", "devs"))).containsExactlyInAnyOrder("dave", "devs", "staff", "company");
        assertThat(changedBy(() -> rows.suspend("alice"))).containsExactlyInAnyOrder("devs", "staff", "company", "ldapusers");
        assertThat(changedBy(() -> rows.write(handle -> rows.insertNesting(handle, "company", "club"))))
                .containsExactlyInAnyOrder("company", "club", "dave");
        assertThat(changedBy(() -> rows.sql("update groups set cn = 'personnel' where cn = 'staff'")))
                .containsExactlyInAnyOrder("personnel", "company", "devs", "ops", "bob", "dave");
        assertThat(changedBy(() -> rows.sql("delete from groups where cn = 'personnel'")))
                .containsExactlyInAnyOrder("company", "devs", "ops", "bob", "dave");
        assertThat(values("cn=company,ou=groups", "memberUid")).containsExactlyInAnyOrder("carol", "dave");
        assertThat(values("uid=bob,ou=people", "memberOf")).containsExactlyInAnyOrder(group("ops"), group("ldapusers"));
    }

    @Test
    void whoIsInAnAdministratorsGroupByAnotherOneReadsAsAnAdministrator() throws LDAPException {
        try (var alice = server.ldapAs("alice", DirectoryRows.PASSWORD)) {
            assertThat(alice.getEntry("cn=sysadmins,ou=sudoers," + BASE)).isNull();
            rows.write(handle -> rows.insertNesting(handle, "sysadmins", "company"));
            assertThat(alice.getEntry("cn=sysadmins,ou=sudoers," + BASE)).isNotNull();
            rows.sql("delete from group_nestings where gid_number = 2001");
            assertThat(alice.getEntry("cn=sysadmins,ou=sudoers," + BASE)).isNull();
        }
    }

    @Test
    void memberOfADeepTreeShowsAtOnceInAllGroupsAbove() throws LDAPException {
        rows.write(handle -> {
            handle.execute("insert into groups (cn) select 'chain' || i from generate_series(1, ?) i", DEEP);
            handle.execute("""
                    insert into group_nestings (gid_number, member_gid_number) select o.gid_number, i.gid_number from generate_series(2, ?) n
                    join groups o on o.cn = 'chain' || n - 1 join groups i on i.cn = 'chain' || n""", DEEP);
            handle.execute("insert into groups (cn) select 'tree' || i from generate_series(1, ?) i", DEEP);
            handle.execute("""
                    insert into group_nestings (gid_number, member_gid_number) select o.gid_number, i.gid_number from generate_series(2, ?) n
                    join groups o on o.cn = 'tree' || n / 2 join groups i on i.cn = 'tree' || n""", DEEP);
        });
        var people = List.of("alice", "bob", "carol");
        for (var person : people) {
            LOG.info("A member of the lowest of {} groups in a chain after {} ms, of a leaf of a tree of {} after {} ms", DEEP,
                    timed(() -> rows.member(person, "chain" + DEEP)).toMillis(), DEEP, timed(() -> rows.member(person, "tree" + DEEP)).toMillis());
        }

        assertThat(values("cn=chain1,ou=groups", "memberUid")).containsExactlyInAnyOrderElementsOf(people);
        assertThat(values("cn=tree1,ou=groups", "memberUid")).containsExactlyInAnyOrderElementsOf(people);
        assertThat(values("uid=alice,ou=people", "memberOf")).hasSizeGreaterThan(DEEP);
        assertThat(reader.search(BASE, SearchScope.SUB, "(&(memberUid=alice)(cn=tree*))", "1.1").getEntryCount()).isEqualTo(10);
        assertThat(reader.search(BASE, SearchScope.SUB, "(&(memberUid=alice)(cn=chain*))", "1.1").getEntryCount()).isEqualTo(DEEP);
        assertThat(changedBy(() -> rows.sql("delete from memberships where gid_number = (select gid_number from groups where cn = ?)", "chain" + DEEP)))
                .hasSize(DEEP + people.size());
        assertThat(values("cn=chain1,ou=groups", "memberUid")).isEmpty();
    }

    private static Duration timed(Runnable change) {
        long start = System.nanoTime();
        change.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Names of the entries that a client which asks for newer ones would get. */
    private static List<String> changedBy(Runnable change) throws LDAPException {
        long last = reader.getEntry("", "lastUSN").getAttributeValueAsLong("lastUSN");
        change.run();
        return reader.search(BASE, SearchScope.SUB, "(entryUSN>=" + (last + 1) + ")", "1.1").getSearchEntries().stream()
                .map(entry -> entry.getDN().substring(entry.getDN().indexOf('=') + 1, entry.getDN().indexOf(','))).toList();
    }

    private static List<String> values(String name, String attribute) throws LDAPException {
        var values = reader.getEntry(name + "," + BASE, attribute).getAttributeValues(attribute);
        return values == null ? List.of() : Arrays.asList(values);
    }

    private static String person(String name) {
        return "uid=" + name + ",ou=people," + BASE;
    }

    private static String group(String name) {
        return "cn=" + name + ",ou=groups," + BASE;
    }
}
