package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The option that gives each person a group of the same name and number, unless another group has one of them. */
class PrivateGroupsIT {

    private static final String BASE = "o=Example\\, Inc.,c=DE";
    private static final String ALICE = "uid=alice,ou=people," + BASE;
    private static final String GROUP = "cn=alice,ou=groups," + BASE;

    private static GatehouseServer server;
    private static DirectoryRows rows;
    private static LDAPConnection reader;
    private int number;

    @BeforeAll
    static void start() throws LDAPException {
        server = GatehouseServer.with("gatehouse.ldap.user-private-groups", true).with("gatehouse.ldap.base-dn", BASE).start();
        rows = new DirectoryRows(server);
        // The built-in groups have the numbers 2000 and 2001, which are no private ones then.
        rows.asOwner("alter sequence user_uid_numbers restart with 3000");
        reader = server.ldapAsAdministrator();
    }

    @AfterAll
    static void stop() {
        reader.close();
        server.close();
    }

    @BeforeEach
    void makeAlice() {
        number = rows.person("alice");
    }

    @AfterEach
    void emptyTheDirectory() {
        rows.write(handle -> {
            handle.execute("delete from users where username <> ?", GatehouseServer.ADMINISTRATOR);
            handle.execute("delete from groups where cn not in ('ldapusers', 'sysadmins')");
        });
    }

    @Test
    void baseMayBeAnyOrganization() throws LDAPException {
        var base = reader.getEntry(BASE);
        assertThat(base.getObjectClassValues()).containsExactlyInAnyOrder("top", "organization");
        assertThat(base.getAttributeValue("o")).isEqualTo("Example, Inc.");
        assertThat(reader.getRootDSE().getNamingContextDNs()).containsExactly(server.baseDn());
    }

    @Test
    void personHasAGroupOfTheSameNameAndNumber() throws LDAPException {
        assertPrivateGroup();
        assertThat(reader.getEntry(GROUP).hasAttribute("memberUid")).isFalse();
        assertThat(reader.search(BASE, SearchScope.SUB, "(&(objectClass=posixGroup)(gidNumber=" + number + "))").getEntryCount()).isEqualTo(1);
    }

    @Test
    void groupGoesAndComesAndIsRenamedWithThePerson() throws LDAPException {
        rows.suspend("alice");
        assertThat(reader.getEntry(GROUP)).isNull();
        rows.sql("update users set status = 'active' where username = 'alice'");
        assertPrivateGroup();
        rows.sql("update users set username = 'alicia' where username = 'alice'");
        assertThat(reader.getEntry(GROUP)).isNull();
        assertThat(reader.getEntry("cn=alicia,ou=groups," + BASE, "gidNumber").getAttributeValueAsInteger("gidNumber")).isEqualTo(number);
        rows.sql("delete from users where username = 'alicia'");
        assertThat(reader.getEntry("cn=alicia,ou=groups," + BASE)).isNull();
    }

    @Test
    void realGroupOfThatNameComesFirst() throws LDAPException {
        int gidNumber = rows.group("alice");
        rows.person("bob", "alice");
        assertThat(reader.getEntry(GROUP).getAttributeValueAsInteger("gidNumber")).isEqualTo(gidNumber);
        assertThat(reader.getEntry(GROUP).getAttributeValues("memberUid")).containsExactly("bob");
        assertThat(reader.getEntry(ALICE).getAttributeValueAsInteger("gidNumber")).isEqualTo(2000);
        rows.sql("delete from groups where cn = 'alice'");
        assertPrivateGroup();
    }

    @Test
    void realGroupThatTakesTheNameOrGivesItUpDecides() throws LDAPException {
        rows.group("devs");
        rows.sql("update groups set cn = 'alice' where cn = 'devs'");
        assertThat(reader.getEntry(ALICE).getAttributeValueAsInteger("gidNumber")).isEqualTo(2000);
        rows.sql("update groups set cn = 'devs' where cn = 'alice'");
        assertPrivateGroup();
        assertThat(reader.getEntry("cn=devs,ou=groups," + BASE)).isNotNull();
    }

    @Test
    void realGroupOfThatNumberComesFirst() throws LDAPException {
        rows.sql("insert into groups (cn, gid_number) values ('devs', ?)", number);
        assertThat(reader.getEntry(GROUP)).isNull();
        assertThat(reader.getEntry(ALICE).getAttributeValueAsInteger("gidNumber")).isEqualTo(2000);
        assertThat(reader.search(BASE, SearchScope.SUB, "(&(objectClass=posixGroup)(gidNumber=" + number + "))", "cn").getSearchEntries())
                .extracting(entry -> entry.getAttributeValue("cn")).containsExactly("devs");
        rows.sql("delete from groups where cn = 'devs'");
        assertPrivateGroup();
    }

    private void assertPrivateGroup() throws LDAPException {
        assertThat(reader.getEntry(GROUP).getAttributeValueAsInteger("gidNumber")).isEqualTo(number);
        assertThat(reader.getEntry(ALICE).getAttributeValueAsInteger("gidNumber")).isEqualTo(number);
    }
}
