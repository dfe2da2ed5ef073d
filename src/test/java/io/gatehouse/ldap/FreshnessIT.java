package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.audit.Actor;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.identity.UserField;
import io.gatehouse.identity.UserPatch;
import io.gatehouse.identity.Users;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** When a change shows: at once on the node that made it, soon on the others and after plain SQL. Two nodes on one database. */
class FreshnessIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final Duration SOON = Duration.ofSeconds(20);

    private static GatehouseServer here;
    private static GatehouseServer there;
    private static DirectoryRows rows;
    private static LDAPConnection reader;
    private static LDAPConnection elsewhere;

    @BeforeAll
    static void start() throws LDAPException {
        var database = TestPostgres.freshDatabase();
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        here = GatehouseServer.with("gatehouse.master-key", key).on(database).start();
        there = GatehouseServer.with("gatehouse.master-key", key).on(database).start();
        rows = new DirectoryRows(here);
        reader = here.ldapAsAdministrator();
        elsewhere = there.ldapAsAdministrator();
    }

    @AfterAll
    static void stop() {
        reader.close();
        elsewhere.close();
        there.close();
        here.close();
    }

    @AfterEach
    void emptyTheDirectory() {
        rows.write(handle -> {
            handle.execute("delete from users where username <> ?", GatehouseServer.ADMINISTRATOR);
            handle.execute("delete from groups where cn not in ('ldapusers', 'sysadmins')");
        });
    }

    @Test
    void httpChangeShowsBeforeItsResponse() throws LDAPException {
        assertThat(here.send("POST", "/api/v1/users", """
                {"username": "alice", "givenName": "Alice", "sn": "A", "mail": "alice@example.org", "password": "staple battery horse", "status": "active"}
                """).statusCode()).isEqualTo(201);
        assertThat(people(reader)).contains("alice");
        assertThat(members(reader, "ldapusers")).contains("alice");
        here.ldapAs("alice", "staple battery horse").close();

        assertThat(here.send("POST", "/api/v1/groups", "{\"cn\": \"devs\"}").statusCode()).isEqualTo(201);
        assertThat(here.send("PUT", "/api/v1/groups/devs/members/alice", null).statusCode()).isBetween(200, 299);
        assertThat(members(reader, "devs")).containsExactly("alice");
        assertThat(here.send("DELETE", "/api/v1/groups/devs/members/alice", null).statusCode()).isBetween(200, 299);
        assertThat(members(reader, "devs")).isEmpty();

        assertThat(here.send("POST", "/api/v1/users/alice/suspend", "{\"reason\": \"left\"}").statusCode()).isBetween(200, 299);
        assertThat(people(reader)).doesNotContain("alice");
        assertThat(here.send("POST", "/api/v1/users/alice/activate", null).statusCode()).isBetween(200, 299);
        assertThat(people(reader)).contains("alice");
        assertThat(here.send("DELETE", "/api/v1/users/alice", null).statusCode()).isBetween(200, 299);
        assertThat(people(reader)).doesNotContain("alice");
    }

    @Test
    void changeByAServiceShowsOnReturnEveryTime() throws LDAPException {
        rows.person("alice");
        for (int i = 0; i < 50; i++) {
            here.bean(Users.class).modify("alice", UserPatch.NONE.with(UserField.GECOS, "Room " + i), Actor.SYSTEM);
            assertThat(reader.getEntry("uid=alice,ou=people," + BASE, "gecos").getAttributeValue("gecos")).isEqualTo("Room " + i);
        }
    }

    @Test
    void changeBySqlShowsSoonOnEveryNode() throws Exception {
        here.sql().useTransaction(handle -> rows.insertPerson(handle, "bob"));
        until(() -> people(reader).contains("bob"));
        until(() -> people(elsewhere).contains("bob"));
        until(() -> members(elsewhere, "ldapusers").contains("bob"));
    }

    @Test
    void transactionShowsWholeOrNotAtAll() throws Exception {
        here.sql().useHandle(handle -> {
            handle.begin();
            rows.insertPerson(handle, "carol");
            assertThat(people(reader)).doesNotContain("carol");
            handle.rollback();
        });
        rows.person("dave");
        assertThat(people(reader)).contains("dave").doesNotContain("carol");
    }

    @Test
    void eachNodeSeesWhatTheOtherDid() throws Exception {
        there.bean(Users.class);
        assertThat(there.send("POST", "/api/v1/users", """
                {"username": "eve", "sn": "E", "password": "staple battery horse", "status": "active"}
                """).statusCode()).isEqualTo(201);
        assertThat(people(elsewhere)).contains("eve");
        until(() -> people(reader).contains("eve"));
        try (var eve = here.ldapAs("eve", "staple battery horse")) {
            assertThat(there.send("POST", "/api/v1/users/eve/suspend", "{\"reason\": \"left\"}").statusCode()).isBetween(200, 299);
            until(() -> !people(reader).contains("eve"));
            assertThat(catchThrowableOfType(LDAPException.class, () -> eve.search(BASE, SearchScope.BASE, "(objectClass=*)"))).isNotNull();
            assertThat(catchThrowableOfType(LDAPException.class, () -> here.ldapAs("eve", "staple battery horse"))).isNotNull();
        }
    }

    @Test
    void nodesShowTheSameChangeNumbers() throws Exception {
        rows.person("alice");
        rows.person("bob");
        until(() -> people(elsewhere).containsAll(List.of("alice", "bob")));
        assertThat(elsewhere.search(BASE, SearchScope.SUB, "(objectClass=*)", "entryUSN", "entryUUID", "modifyTimestamp").getSearchEntries().stream()
                .filter(entry -> entry.getAttributeValueAsLong("entryUSN") > 0).map(Object::toString).map(FreshnessIT::withoutMessageId).sorted().toList())
                .isEqualTo(reader.search(BASE, SearchScope.SUB, "(objectClass=*)", "entryUSN", "entryUUID", "modifyTimestamp").getSearchEntries().stream()
                .filter(entry -> entry.getAttributeValueAsLong("entryUSN") > 0).map(Object::toString).map(FreshnessIT::withoutMessageId).sorted().toList());
        assertThat(elsewhere.getEntry("", "lastUSN").getAttributeValue("lastUSN")).isEqualTo(reader.getEntry("", "lastUSN").getAttributeValue("lastUSN"));
    }

    @Test
    void suspendedPersonIsGoneFromSearchesGroupsAndBindsAndComesBack() throws LDAPException {
        rows.group("devs");
        rows.person("alice", "devs", "sysadmins");
        rows.suspend("alice");

        assertThat(people(reader)).doesNotContain("alice");
        assertThat(members(reader, "devs")).isEmpty();
        assertThat(members(reader, "ldapusers")).doesNotContain("alice");
        for (var filter : List.of("(memberUid=alice)", "(member=uid=alice,ou=people," + BASE + ")", "(uid=alice)", "(mail=alice@example.org)", "(cn=alice example)")) {
            assertThat(reader.search(BASE, SearchScope.SUB, filter).getEntryCount()).as(filter).isZero();
        }
        assertThat(catchThrowableOfType(LDAPException.class, () -> here.ldapAs("alice", DirectoryRows.PASSWORD))).isNotNull();

        rows.sql("update users set status = 'active' where username = 'alice'");
        assertThat(members(reader, "devs")).containsExactly("alice");
        assertThat(reader.getEntry("uid=alice,ou=people," + BASE, "memberOf").getAttributeValues("memberOf")).hasSize(3);
        here.ldapAs("alice", DirectoryRows.PASSWORD).close();
    }

    @Test
    void suspensionGivesTheGroupsANewChangeNumber() throws LDAPException {
        rows.group("devs");
        rows.person("alice", "devs");
        long last = reader.getEntry("", "lastUSN").getAttributeValueAsLong("lastUSN");
        rows.suspend("alice");
        assertThat(reader.search("ou=groups," + BASE, SearchScope.ONE, "(entryUSN>=" + (last + 1) + ")", "cn").getSearchEntries())
                .extracting(entry -> entry.getAttributeValue("cn")).containsExactlyInAnyOrder("devs", "ldapusers");
    }

    @Test
    void renamedPersonKeepsEveryMembership() throws LDAPException {
        rows.group("devs");
        rows.person("alice", "devs");
        rows.sql("update users set username = 'alicia' where username = 'alice'");

        assertThat(people(reader)).contains("alicia").doesNotContain("alice");
        assertThat(members(reader, "devs")).containsExactly("alicia");
        assertThat(values(reader, "cn=devs,ou=groups," + BASE, "member")).containsExactly("uid=alicia,ou=people," + BASE);
        assertThat(values(reader, "uid=alicia,ou=people," + BASE, "memberOf")).hasSize(2);
        assertThat(reader.search(BASE, SearchScope.SUB, "(memberUid=alice)").getEntryCount()).isZero();
        assertThat(reader.search(BASE, SearchScope.SUB, "(memberUid=alicia)").getEntryCount()).isEqualTo(2);
    }

    @Test
    void renamedGroupKeepsItsMembersAndItsSudoRole() throws LDAPException {
        rows.group("devs");
        rows.person("alice", "devs");
        rows.sql("update groups set is_administrator = true where cn = 'devs'");
        assertThat(reader.getEntry("cn=devs,ou=sudoers," + BASE)).isNotNull();
        rows.sql("update groups set cn = 'engineers' where cn = 'devs'");

        assertThat(members(reader, "engineers")).containsExactly("alice");
        assertThat(values(reader, "uid=alice,ou=people," + BASE, "memberOf")).contains("cn=engineers,ou=groups," + BASE).hasSize(2);
        assertThat(reader.getEntry("cn=devs,ou=groups," + BASE)).isNull();
        assertThat(reader.getEntry("cn=devs,ou=sudoers," + BASE)).isNull();
        assertThat(values(reader, "cn=engineers,ou=sudoers," + BASE, "sudoUser")).containsExactly("%engineers");
        assertThat(reader.search(BASE, SearchScope.SUB, "(memberOf=cn=engineers,ou=groups," + BASE + ")").getEntryCount()).isEqualTo(1);

        rows.sql("update groups set is_administrator = false where cn = 'engineers'");
        assertThat(reader.getEntry("cn=engineers,ou=sudoers," + BASE)).isNull();
        rows.sql("delete from groups where cn = 'engineers'");
        assertThat(values(reader, "uid=alice,ou=people," + BASE, "memberOf")).containsExactly("cn=ldapusers,ou=groups," + BASE);
    }

    @Test
    void truncatedTableIsEmptyHereAndThere() throws Exception {
        rows.group("devs");
        rows.person("alice", "devs");
        rows.serviceAccount("sssd");
        until(() -> people(elsewhere).contains("alice"));
        rows.asOwner("truncate memberships");
        assertThat(members(reader, "devs")).isEmpty();
        assertThat(reader.search(BASE, SearchScope.SUB, "(memberOf=*)").getEntryCount()).isZero();
        rows.asOwner("truncate service_accounts cascade");
        assertThat(reader.search("ou=services," + BASE, SearchScope.ONE, "(cn=*)").getEntryCount()).isZero();
        until(() -> elsewhere.search("ou=services," + BASE, SearchScope.ONE, "(cn=*)").getEntryCount() == 0 && members(elsewhere, "devs").isEmpty());
        assertThat(people(reader)).contains("alice");
        rows.member(GatehouseServer.ADMINISTRATOR, "sysadmins");
    }

    private static String withoutMessageId(String entry) {
        return entry.replaceAll("messageID=\\d+, ", "");
    }

    private static Set<String> people(LDAPConnection connection) throws LDAPException {
        var names = new TreeSet<String>();
        connection.search("ou=people," + BASE, SearchScope.ONE, "(objectClass=posixAccount)", "uid").getSearchEntries()
                .forEach(entry -> names.add(entry.getAttributeValue("uid")));
        return names;
    }

    private static List<String> members(LDAPConnection connection, String cn) throws LDAPException {
        return values(connection, "cn=" + cn + ",ou=groups," + BASE, "memberUid");
    }

    private static List<String> values(LDAPConnection connection, String dn, String attribute) throws LDAPException {
        var values = connection.getEntry(dn, attribute).getAttributeValues(attribute);
        return values == null ? List.of() : Arrays.asList(values);
    }

    private static void until(Callable<Boolean> reached) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!reached.call()) {
            assertThat(System.nanoTime()).as("reached in time").isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}
