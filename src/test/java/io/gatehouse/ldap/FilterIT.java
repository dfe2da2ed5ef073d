package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every filter of RFC 4515 by each attribute's rules, and the three-valued logic of RFC 4511 section 4.5.1.7. */
class FilterIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String PEOPLE = "ou=people," + BASE;

    private static GatehouseServer server;
    private static LDAPConnection reader;

    @BeforeAll
    static void start() throws LDAPException {
        server = GatehouseServer.start();
        var rows = new DirectoryRows(server);
        rows.group("devs");
        rows.group("ops");
        rows.asOwner("alter sequence user_uid_numbers restart with 4242");
        rows.person("alice", "devs", "ops");
        rows.person("carol");
        rows.person("dave");
        rows.asOwner("alter sequence user_uid_numbers restart with 10002");
        rows.person("bob", "devs");
        rows.sql("update users set cn = 'Alice  van   Dyk', sn = 'van Dyk', gecos = 'Room 1' where username = 'alice'");
        rows.sql("update users set cn = 'Bob (the builder) *', login_shell = '/bin/zsh' where username = 'bob'");
        rows.sql("update users set cn = 'Çarol Ünal', sn = 'Straße', mail = null where username = 'carol'");
        rows.sql("update users set cn = 'back\\slash', given_name = null where username = 'dave'");
        rows.sql("delete from users where username = 'root-of-all'");
        rows.serviceAccount("sssd");
        reader = server.ldap();
        reader.bind("cn=sssd,ou=services," + BASE, DirectoryRows.PASSWORD);
    }

    @AfterAll
    static void stop() {
        reader.close();
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", quoteCharacter = '`', nullValues = "-", textBlock = """
            (uid=alice) -> alice
            (UID=ALICE) -> alice
            (userid=Alice) -> alice
            (0.9.2342.19200300.100.1.1=alice) -> alice
            (uid= alice ) -> alice
            (uid=al ice) -> -
            (uidNumber=4242) -> alice
            (uidNumber=04242) -> -
            (uidNumber=abc) -> -
            (cn=alice van dyk) -> alice
            (cn=  ALICE   VAN dyk ) -> alice
            (cn=alicevan dyk) -> -
            (cn=bob \\28the builder\\29 \\2a) -> bob
            (cn=*\\2a) -> bob
            (cn=*\\28the*) -> bob
            (cn=back\\5cslash) -> dave
            (cn=çAROL ünal) -> carol
            (cn=\\c3\\87arol \\c3\\9cnal) -> carol
            (cn=C\\cc\\a7arol U\\cc\\88nal) -> carol
            (sn=STRASSE) -> -
            (homeDirectory=/home/alice) -> alice
            (homeDirectory=/HOME/alice) -> -
            (homeDirectory=/home/*) -> -
            (loginShell=/bin/ZSH) -> -
            (mail=ALICE@EXAMPLE.ORG) -> alice
            (gecos=room 1) -> alice
            (gecos=Room*) -> alice
            (objectClass=POSIXACCOUNT) -> alice,bob,carol,dave
            (objectClass=1.3.6.1.1.1.2.0) -> alice,bob,carol,dave
            (objectClass=person) -> alice,bob,carol,dave
            (objectClass=noSuchClass) -> -
            (objectClass=pos*) -> -
            (structuralObjectClass=inetOrgPerson) -> alice,bob,carol,dave
            (hasSubordinates=FALSE) -> alice,bob,carol,dave
            (hasSubordinates=false) -> -
            (subschemaSubentry=CN=Schema) -> alice,bob,carol,dave
            (entryDN=UID=alice, ou=People,dc=cluster,dc=internal) -> alice
            (entryDN=not a name) -> -
            """)
    void equalityFollowsTheAttributesRule(String filter, String people) throws LDAPException {
        assertThat(found(filter)).containsExactlyInAnyOrderElementsOf(list(people));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", quoteCharacter = '`', nullValues = "-", textBlock = """
            (cn=alice*) -> alice
            (cn=*dyk) -> alice
            (cn=*van*) -> alice
            (cn=* van *) -> alice
            (cn=*  VAN   *) -> alice
            (cn=a*v*k) -> alice
            (cn=a*k*v) -> -
            (cn=alice van*dyk) -> alice
            (cn=alice van*van dyk) -> -
            (cn=*alice van dyk*) -> alice
            (cn=alice van dyk*) -> alice
            (cn=*e v*) -> alice
            (cn=*ev*) -> -
            (uid=*) -> alice,bob,carol,dave
            (uid=a*) -> alice
            (uid=*a*) -> alice,carol,dave
            (uid=*l*i*c*) -> alice
            (uid=alice*alice) -> -
            (uid=a*e) -> alice
            (uid=ali*ice) -> -
            (uid=al*ice) -> alice
            (uidNumber=4*) -> -
            (sn=*\\c3\\9f*) -> carol
            (cn=\\c3\\a7*) -> carol
            (mail=*@EXAMPLE.org) -> alice,bob,dave
            """)
    void substringsAreMatchedInOrderWithoutOverlap(String filter, String people) throws LDAPException {
        assertThat(found(filter)).containsExactlyInAnyOrderElementsOf(list(people));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", nullValues = "-", textBlock = """
            (uidNumber>=4243) -> bob,carol,dave
            (uidNumber<=4243) -> alice,carol
            (uidNumber>=10002) -> bob
            (uidNumber>=-5) -> alice,bob,carol,dave
            (uidNumber>=99999999999999999999) -> -
            (uidNumber<=99999999999999999999) -> alice,bob,carol,dave
            (uidNumber>=x) -> -
            (modifyTimestamp>=20200101000000Z) -> alice,bob,carol,dave
            (modifyTimestamp>=20200101000000.5Z) -> alice,bob,carol,dave
            (modifyTimestamp>=202001010000Z) -> alice,bob,carol,dave
            (modifyTimestamp>=2020010100Z) -> alice,bob,carol,dave
            (modifyTimestamp>=20200101000000+0200) -> alice,bob,carol,dave
            (modifyTimestamp<=20200101000000Z) -> -
            (modifyTimestamp>=99991231235959Z) -> -
            (modifyTimestamp>=yesterday) -> -
            (modifyTimestamp<=20201332000000Z) -> -
            (createTimestamp>=20200101000000Z) -> alice,bob,carol,dave
            (entryUSN>=1) -> alice,bob,carol,dave
            (entryUSN<=0) -> -
            (shadowLastChange>=1) -> alice,bob,carol,dave
            (memberOf>=cn=devs) -> -
            (noSuchAttribute>=1) -> -
            """)
    void orderingFollowsTheAttributesRule(String filter, String people) throws LDAPException {
        assertThat(found(filter)).containsExactlyInAnyOrderElementsOf(list(people));
    }

    @Test
    void timestampsAndChangeNumbersServeIncrementalRefreshes() throws LDAPException {
        var alice = reader.getEntry("uid=alice," + PEOPLE, "modifyTimestamp", "entryUSN");
        var time = alice.getAttributeValue("modifyTimestamp");
        var usn = alice.getAttributeValue("entryUSN");

        assertThat(found("(modifyTimestamp=" + time + ")")).contains("alice");
        assertThat(found("(modifyTimestamp=" + time.replace("Z", ".0Z") + ")")).contains("alice");
        assertThat(found("(modifyTimestamp=" + time.replace("Z", ",000Z") + ")")).contains("alice");
        assertThat(found("(&(modifyTimestamp>=" + time + ")(!(modifyTimestamp=" + time + ")))")).doesNotContain("alice");
        assertThat(found("(entryUSN=" + usn + ")")).containsExactly("alice");
        assertThat(found("(&(objectclass=posixAccount)(uid=*)(uidNumber=*)(gidNumber=*)(entryUSN>=" + usn + ")(!(entryUSN=" + usn + ")))"))
                .doesNotContain("alice").isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", nullValues = "-", textBlock = """
            (&) -> alice,bob,carol,dave
            (|) -> -
            (!(&)) -> -
            (!(|)) -> alice,bob,carol,dave
            (&(uid=alice)(&)) -> alice
            (noSuchAttribute=x) -> -
            (!(noSuchAttribute=x)) -> -
            (noSuchAttribute=*) -> -
            (!(noSuchAttribute=*)) -> -
            (&(uid=alice)(noSuchAttribute=x)) -> -
            (|(uid=alice)(noSuchAttribute=x)) -> alice
            (!(|(uid=alice)(noSuchAttribute=x))) -> -
            (!(&(uid=alice)(noSuchAttribute=x))) -> bob,carol,dave
            (|(uid=bob)(!(noSuchAttribute=x))) -> bob
            (!(uid=alice)) -> bob,carol,dave
            (!(!(uid=alice))) -> alice
            (!(uidNumber=0)) -> alice,bob,carol,dave
            (!(uidNumber=x)) -> -
            (!(mail=nobody@example.org)) -> alice,bob,carol,dave
            (!(mail=*)) -> carol
            (mail=*) -> alice,bob,dave
            (!(givenName=*)) -> dave
            (!(cn>=x)) -> -
            (!(objectClass=pos*)) -> -
            (&(!(uid=alice))(!(uid=bob))) -> carol,dave
            (|(uid=alice)(uid=bob)(uid=nobody)) -> alice,bob
            (&(|(uid=alice)(uid=bob))(|(uid=bob)(uid=carol))) -> bob
            (cn;lang-de=Alice*) -> -
            """)
    void logicIsThreeValued(String filter, String people) throws LDAPException {
        assertThat(found(filter)).containsExactlyInAnyOrderElementsOf(list(people));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", nullValues = "-", textBlock = """
            (uid~=ALICE) -> alice
            (cn~=alice van dyk) -> alice
            (uidNumber~=4242) -> alice
            (noSuchAttribute~=x) -> -
            (uid:=alice) -> alice
            (cn:caseExactMatch:=Alice van Dyk) -> alice
            (cn:caseExactMatch:=alice van dyk) -> -
            (cn:2.5.13.5:=Alice van Dyk) -> alice
            (homeDirectory:caseIgnoreIA5Match:=/HOME/alice) -> alice
            (cn:integerMatch:=1) -> -
            (cn:noSuchRule:=Alice) -> -
            (!(cn:noSuchRule:=Alice)) -> -
            (uidNumber:integerMatch:=4242) -> alice
            (ou:dn:=people) -> alice,bob,carol,dave
            (ou:dn:=PEOPLE) -> alice,bob,carol,dave
            (ou:=people) -> -
            (dc:dn:=internal) -> alice,bob,carol,dave
            (uid:dn:=alice) -> alice
            (ou:dn:caseIgnoreMatch:=people) -> alice,bob,carol,dave
            (ou:dn:caseExactMatch:=PEOPLE) -> -
            (:caseIgnoreMatch:=alice van dyk) -> alice
            (:2.5.13.2:=VAN DYK) -> alice
            (:dn:2.5.13.2:=people) -> alice,bob,carol,dave
            (:integerMatch:=4242) -> alice
            (:noSuchRule:=x) -> -
            (!(:noSuchRule:=x)) -> -
            (uidNumber:1.2.840.113556.1.4.803:=4) -> dave
            (uidNumber:1.2.840.113556.1.4.803:=4240) -> alice,carol,dave
            (uidNumber:1.2.840.113556.1.4.804:=3) -> alice,bob,carol
            (uidNumber:1.2.840.113556.1.4.804:=16384) -> -
            (uidNumber:1.2.840.113556.1.4.803:=0) -> alice,bob,carol,dave
            (uidNumber:1.2.840.113556.1.4.804:=0) -> -
            (uid:1.2.840.113556.1.4.803:=1) -> -
            (uid:1.2.840.113556.1.4.1941:=alice) -> -
            (memberOf:1.2.840.113556.1.4.1941:=cn=devs,ou=groups,dc=cluster,dc=internal) -> alice,bob
            (:1.2.840.113556.1.4.1941:=cn=devs,ou=groups,dc=cluster,dc=internal) -> alice,bob
            (memberOf:dn:1.2.840.113556.1.4.1941:=CN=Devs,ou=groups,dc=cluster,dc=internal) -> alice,bob
            (memberOf:1.2.840.113556.1.4.1941:=cn=none,ou=groups,dc=cluster,dc=internal) -> -
            (memberOf:1.2.840.113556.1.4.1941:=devs) -> -
            (!(memberOf:1.2.840.113556.1.4.1941:=devs)) -> -
            (uidNumber:1.2.840.113556.1.4.803:=x) -> -
            """)
    void approximateExtensibleAndBitwiseMatchesWork(String filter, String people) throws LDAPException {
        assertThat(found(filter)).containsExactlyInAnyOrderElementsOf(list(people));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", nullValues = "-", textBlock = """
            (memberUid=alice) -> devs,ldapusers,ops
            (memberuid=ALICE) -> -
            (memberUid=nobody) -> -
            (memberUid=a*) -> -
            (memberUid=*) -> devs,ldapusers,ops
            (!(memberUid=*)) -> sysadmins
            (!(memberUid=bob)) -> ops,sysadmins
            (member=uid=alice,ou=people,dc=cluster,dc=internal) -> devs,ldapusers,ops
            (member=UID=Alice,  ou=PEOPLE, dc=cluster,dc=internal) -> devs,ldapusers,ops
            (member=uid=nobody,ou=people,dc=cluster,dc=internal) -> -
            (member=cn=devs,ou=groups,dc=cluster,dc=internal) -> -
            (member=alice) -> -
            (!(member=alice)) -> -
            (member=uid=a*) -> -
            (&(memberUid=alice)(memberUid=bob)) -> devs,ldapusers
            (&(memberUid=alice)(!(memberUid=bob))) -> ops
            (|(memberUid=bob)(member=uid=alice,ou=people,dc=cluster,dc=internal)) -> devs,ldapusers,ops
            (gidNumber=2001) -> sysadmins
            (uniqueMember=uid=alice,ou=people,dc=cluster,dc=internal) -> -
            (memberUid:caseExactMatch:=alice) -> devs,ldapusers,ops
            (member:distinguishedNameMatch:=uid=bob,ou=people,dc=cluster,dc=internal) -> devs,ldapusers
            """)
    void groupsAreFoundByTheirMembers(String filter, String groups) throws LDAPException {
        assertThat(names("ou=groups," + BASE, "cn", filter)).containsExactlyInAnyOrderElementsOf(list(groups));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", nullValues = "-", textBlock = """
            (memberOf=cn=devs,ou=groups,dc=cluster,dc=internal) -> alice,bob
            (memberOf=CN=Ops,OU=groups,dc=cluster,dc=internal) -> alice
            (memberOf=cn=sysadmins,ou=groups,dc=cluster,dc=internal) -> -
            (!(memberOf=cn=devs,ou=groups,dc=cluster,dc=internal)) -> carol,dave
            (!(memberOf=cn=none,ou=groups,dc=cluster,dc=internal)) -> alice,bob,carol,dave
            (memberOf=*) -> alice,bob,carol,dave
            (memberOf=uid=alice,ou=people,dc=cluster,dc=internal) -> -
            (memberOf=devs) -> -
            (&(memberOf=cn=devs,ou=groups,dc=cluster,dc=internal)(memberOf=cn=ops,ou=groups,dc=cluster,dc=internal)) -> alice
            """)
    void peopleAreFoundByTheirGroups(String filter, String people) throws LDAPException {
        assertThat(found(filter)).containsExactlyInAnyOrderElementsOf(list(people));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", nullValues = "-", textBlock = """
            (&(uid=alice)(objectclass=posixAccount)(uid=*)(&(uidNumber=*)(!(uidNumber=0)))) -> alice
            (&(uidNumber=4242)(objectclass=posixAccount)(uid=*)(&(uidNumber=*)(!(uidNumber=0)))) -> alice
            (&(|(krbPrincipalName=alice@example.org)(mail=alice@example.org))(objectclass=posixAccount)(uid=*)(&(uidNumber=*)(!(uidNumber=0)))) -> alice
            (&(uid=pam_unix_non_existent:)(objectclass=posixAccount)(uid=*)(&(uidNumber=*)(!(uidNumber=0)))) -> -
            (&(objectclass=posixAccount)(uid=*)(uidNumber=*)(gidNumber=*)) -> alice,bob,carol,dave
            (&(objectClass=posixAccount)(uid=10002)) -> -
            (&(objectClass=shadowAccount)(uid=bob)) -> bob
            (&(objectClass=posixAccount)(uid=alice)(|(host=c1)(host=\\2a))) -> alice
            (&(objectClass=posixAccount)(uid=alice)(host=c1)) -> -
            """)
    void filtersOfSssdAndNslcdFindPeople(String filter, String people) throws LDAPException {
        assertThat(found(filter)).containsExactlyInAnyOrderElementsOf(list(people));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", nullValues = "-", textBlock = """
            (&(memberuid=alice)(objectClass=posixGroup)(cn=*)(&(gidNumber=*)(!(gidNumber=0)))) -> devs,ldapusers,ops
            (&(member=uid=alice,ou=people,dc=cluster,dc=internal)(objectClass=posixGroup)(cn=*)) -> devs,ldapusers,ops
            (&(member=cn=devs,ou=groups,dc=cluster,dc=internal)(objectClass=posixGroup)(cn=*)) -> -
            (&(objectClass=posixGroup)(|(memberUid=alice)(member=uid=alice,ou=people,dc=cluster,dc=internal))) -> devs,ldapusers,ops
            (&(cn=nosuch)(objectClass=posixGroup)(cn=*)(&(gidNumber=*)(!(gidNumber=0)))) -> -
            (&(objectclass=ipService)(cn=*)(ipServicePort=*)(ipServiceProtocol=*)) -> -
            (&(cn=foo)(objectclass=nisNetgroup)) -> -
            """)
    void filtersOfSssdAndNslcdFindGroups(String filter, String groups) throws LDAPException {
        assertThat(names("ou=groups," + BASE, "cn", filter)).containsExactlyInAnyOrderElementsOf(list(groups));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "(objectClass=sudoRole)",
        "(&(objectClass=sudoRole)(|(&(!(sudoHost=*))(cn=defaults))(sudoHost=ALL)(sudoHost=c1)(sudoHost=10.213.77.0/24)(sudoHost=fe80::/64)(sudoHost=+*)))",
        "(&(&(objectClass=sudoRole)(entryUSN>=1))(|(sudoHost=ALL)(sudoHost=c1)))",
        "(&(&(objectClass=sudoRole)(modifyTimestamp>=20200101000000Z))(|(sudoHost=ALL)(sudoHost=+*)))",
        "(&(&(objectClass=sudoRole)(|(cn=defaults)(cn=sysadmins)))(sudoHost=ALL))"})
    void filtersOfSssdFindSudoRules(String filter) throws LDAPException {
        assertThat(names("ou=sudoers," + BASE, "cn", filter)).containsExactly("sysadmins");
    }

    @Test
    void valuesThatAreNoTextDoNoHarm() throws LDAPException {
        for (var value : List.of(new byte[] {0}, new byte[] {(byte) 0xff, (byte) 0xfe}, "alice\0".getBytes(), new byte[0], new byte[100_000])) {
            for (var attribute : List.of("uid", "uidNumber", "entryUUID", "member", "objectClass", "modifyTimestamp", "homeDirectory")) {
                assertThat(reader.search(PEOPLE, SearchScope.ONE, Filter.createEqualityFilter(attribute, value)).getEntryCount()).isZero();
            }
        }
        assertThat(reader.search(PEOPLE, SearchScope.ONE, Filter.createSubstringFilter("uid", "ali".getBytes(), null, new byte[] {(byte) 0xff}))
                .getEntryCount()).isZero();
    }

    @Test
    void entryIsFoundByItsUuidInEitherCase() throws LDAPException {
        var uuid = reader.getEntry("uid=alice," + PEOPLE, "entryUUID").getAttributeValue("entryUUID");

        assertThat(found("(entryUUID=" + uuid + ")")).containsExactly("alice");
        assertThat(found("(entryUUID=" + uuid.toUpperCase(Locale.ROOT) + ")")).containsExactly("alice");
        assertThat(found("(entryUUID=" + uuid.replace("-", "") + ")")).isEmpty();
    }

    private static List<String> found(String filter) throws LDAPException {
        return names(PEOPLE, "uid", filter);
    }

    private static List<String> names(String base, String attribute, String filter) throws LDAPException {
        return reader.search(base, SearchScope.ONE, filter, attribute).getSearchEntries().stream()
                .map(entry -> entry.getAttributeValue(attribute)).collect(Collectors.toList());
    }

    private static List<String> list(String names) {
        return names == null ? List.of() : Arrays.asList(names.split(","));
    }
}
