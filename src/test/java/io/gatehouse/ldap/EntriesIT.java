package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.schema.EntryValidator;
import com.unboundid.ldap.sdk.schema.Schema;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree and its entries, attribute by attribute. */
class EntriesIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String ALICE = "uid=alice,ou=people," + BASE;
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJm9tQs9E5xq0DWJ+QHnqVgZSZi6fRL1+g6j6rHtFvLb alice@laptop";

    private static GatehouseServer server;
    private static LDAPConnection administrator;
    private static int aliceNumber;

    @BeforeAll
    static void start() throws LDAPException {
        server = GatehouseServer.start();
        var rows = new DirectoryRows(server);
        rows.group("devs");
        rows.group("empty");
        aliceNumber = rows.person("alice", "devs", "sysadmins");
        rows.person("bob", "devs");
        rows.sql("update users set gecos = 'Alice, Room 1' where username = 'alice'");
        rows.sql("""
                insert into ssh_keys (uid_number, fingerprint, type, key, comment)
                values (?, 'SHA256:' || repeat('A', 43), split_part(?, ' ', 1), split_part(?, ' ', 2), split_part(?, ' ', 3))
                """, aliceNumber, KEY, KEY, KEY);
        rows.sql("""
                insert into users (username, cn, sn, home_directory, status)
                values ('plain', 'Ärger & Söhne', 'Söhne', '/home/plain', 'active')
                """);
        rows.sql("insert into users (username, cn, sn, home_directory) values ('waiting', 'W', 'W', '/home/waiting')");
        rows.person("gone", "devs");
        rows.suspend("gone");
        rows.serviceAccount("sssd");
        administrator = server.ldapAsAdministrator();
    }

    @AfterAll
    static void stop() {
        administrator.close();
        server.close();
    }

    @Test
    void treeHoldsActivePeopleGroupsRolesAndAccountsInTheirBranches() throws LDAPException {
        assertThat(dns(BASE, SearchScope.SUB, "(objectClass=*)")).containsExactlyInAnyOrder(
                BASE,
                "ou=people," + BASE, "ou=groups," + BASE, "ou=hosts," + BASE, "ou=sudoers," + BASE, "ou=services," + BASE,
                "ou=policies," + BASE,
                ALICE, "uid=bob,ou=people," + BASE, "uid=plain,ou=people," + BASE, "uid=root-of-all,ou=people," + BASE,
                "cn=ldapusers,ou=groups," + BASE, "cn=sysadmins,ou=groups," + BASE, "cn=devs,ou=groups," + BASE,
                "cn=empty,ou=groups," + BASE,
                "cn=sysadmins,ou=sudoers," + BASE,
                "cn=sssd,ou=services," + BASE,
                "cn=ppolicy,ou=policies," + BASE);
    }

    @Test
    void personHasWhatPosixShadowAndSshNeed() throws LDAPException {
        assertEntry(entry(ALICE), """
                objectClass: top
                objectClass: person
                objectClass: organizationalPerson
                objectClass: inetOrgPerson
                objectClass: posixAccount
                objectClass: shadowAccount
                objectClass: ldapPublicKey
                objectClass: hostObject
                uid: alice
                cn: Alice Example
                sn: Example
                givenName: Alice
                mail: alice@example.org
                uidNumber: %d
                gidNumber: 2000
                gecos: Alice, Room 1
                homeDirectory: /home/alice
                loginShell: /bin/bash
                sshPublicKey: %s
                shadowLastChange: %d
                host: *
                """.formatted(aliceNumber, KEY, LocalDate.now(ZoneOffset.UTC).toEpochDay()));
    }

    @Test
    void personLacksWhatIsNotKnown() throws LDAPException {
        assertEntry(entry("uid=plain,ou=people," + BASE, "*"), """
                objectClass: top
                objectClass: person
                objectClass: organizationalPerson
                objectClass: inetOrgPerson
                objectClass: posixAccount
                objectClass: shadowAccount
                objectClass: ldapPublicKey
                objectClass: hostObject
                uid: plain
                cn: Ärger & Söhne
                sn: Söhne
                uidNumber: %s
                gidNumber: 2000
                homeDirectory: /home/plain
                loginShell: /bin/bash
                """.formatted(entry("uid=plain,ou=people," + BASE).getAttributeValue("uidNumber")));
        assertThat(entry("uid=plain,ou=people," + BASE, "+").hasAttribute("pwdChangedTime")).isFalse();
    }

    @Test
    void groupListsItsMembersForRfc2307AndRfc2307bis() throws LDAPException {
        assertEntry(entry("cn=devs,ou=groups," + BASE), """
                objectClass: top
                objectClass: groupOfMembers
                objectClass: posixGroup
                cn: devs
                gidNumber: %s
                memberUid: alice
                memberUid: bob
                member: uid=alice,ou=people,dc=cluster,dc=internal
                member: uid=bob,ou=people,dc=cluster,dc=internal
                """.formatted(entry("cn=devs,ou=groups," + BASE).getAttributeValue("gidNumber")));
        assertEntry(entry("cn=ldapusers,ou=groups," + BASE, "gidNumber", "description", "memberUid"), """
                gidNumber: 2000
                description: Everybody in the directory
                memberUid: root-of-all
                memberUid: alice
                memberUid: bob
                """);
        assertThat(entry("cn=empty,ou=groups," + BASE).getAttributes()).extracting("name")
                .containsExactlyInAnyOrder("objectClass", "cn", "gidNumber");
    }

    @Test
    void memberUidMemberAndMemberOfAgree() throws LDAPException {
        var groups = administrator.search("ou=groups," + BASE, SearchScope.ONE, "(cn=*)", "member", "memberUid").getSearchEntries();
        var people = administrator.search("ou=people," + BASE, SearchScope.ONE, "(uid=*)", "uid", "memberOf").getSearchEntries();
        var fromGroups = new TreeSet<String>();
        var fromUids = new TreeSet<String>();
        var fromPeople = new TreeSet<String>();
        groups.forEach(group -> {
            values(group, "member").forEach(dn -> fromGroups.add(group.getDN() + " " + dn));
            values(group, "memberUid").forEach(uid -> fromUids.add(group.getDN() + " uid=" + uid + ",ou=people," + BASE));
        });
        people.forEach(person -> values(person, "memberOf").forEach(group -> fromPeople.add(group + " " + person.getDN())));

        assertThat(fromGroups).hasSize(7).isEqualTo(fromUids).isEqualTo(fromPeople);
    }

    @Test
    void administratorsGroupMayRunEverythingWithSudoAndNoOtherMay() throws LDAPException {
        assertEntry(entry("cn=sysadmins,ou=sudoers," + BASE), """
                objectClass: top
                objectClass: sudoRole
                cn: sysadmins
                sudoUser: %sysadmins
                sudoHost: ALL
                sudoCommand: ALL
                sudoRunAsUser: ALL
                sudoRunAsGroup: ALL
                sudoOrder: 2000000
                """);
    }

    @Test
    void passwordPolicyIsWhatSssdLooksFor() throws LDAPException {
        var policy = entry("cn=ppolicy,ou=policies," + BASE);

        assertThat(policy.getAttributeValues("objectClass")).contains("pwdPolicy");
        assertThat(policy.getAttributeValue("pwdLockout")).isEqualTo("TRUE");
        assertThat(policy.getAttributeValue("pwdAttribute")).isIn("userPassword", "2.5.4.35");
    }

    @Test
    void serviceAccountTellsItsNameOnly() throws LDAPException {
        var account = entry("cn=sssd,ou=services," + BASE);

        assertThat(account.getAttributes()).extracting("name").containsExactlyInAnyOrder("objectClass", "cn");
        assertThat(account.getAttributeValue("cn")).isEqualTo("sssd");
    }

    @Test
    void containersHaveTheirNames() throws LDAPException {
        assertEntry(entry(BASE), "objectClass: top\nobjectClass: domain\ndc: cluster\n");
        assertEntry(entry("ou=people," + BASE), "objectClass: top\nobjectClass: organizationalUnit\nou: people\n");
    }

    @Test
    void operationalAttributesComeOnRequest() throws LDAPException {
        var row = server.sql().withHandle(handle -> handle.createQuery(
                "select entry_uuid, usn, created_at, updated_at, password_changed_at from users where username = 'alice'")
                .mapToMap().one());
        var alice = entry(ALICE, "+");

        assertThat(alice.getAttributes()).extracting("name").containsExactlyInAnyOrder("structuralObjectClass", "entryUUID", "entryDN",
                "createTimestamp", "modifyTimestamp", "subschemaSubentry", "entryUSN", "hasSubordinates", "pwdChangedTime", "memberOf");
        assertThat(alice.getAttributeValue("entryUUID")).isEqualTo(row.get("entry_uuid").toString());
        assertThat(alice.getAttributeValue("entryUSN")).isEqualTo(row.get("usn").toString());
        assertThat(alice.getAttributeValue("entryDN")).isEqualTo(ALICE);
        assertThat(alice.getAttributeValue("structuralObjectClass")).isEqualTo("inetOrgPerson");
        assertThat(alice.getAttributeValue("subschemaSubentry")).isEqualTo("cn=schema");
        assertThat(alice.getAttributeValue("hasSubordinates")).isEqualTo("FALSE");
        assertThat(time(alice, "createTimestamp")).isEqualTo(seconds(row.get("created_at")));
        assertThat(time(alice, "modifyTimestamp")).isEqualTo(seconds(row.get("updated_at")));
        assertThat(time(alice, "pwdChangedTime")).isEqualTo(seconds(row.get("password_changed_at")));
        assertThat(values(alice, "memberOf")).containsExactlyInAnyOrder("cn=ldapusers,ou=groups," + BASE,
                "cn=sysadmins,ou=groups," + BASE, "cn=devs,ou=groups," + BASE);
        assertThat(entry(BASE, "hasSubordinates").getAttributeValue("hasSubordinates")).isEqualTo("TRUE");
        assertThat(entry("ou=hosts," + BASE, "hasSubordinates").getAttributeValue("hasSubordinates")).isEqualTo("FALSE");
    }

    @Test
    void entriesThatNoRowStandsForKeepTheirUuid() throws LDAPException {
        for (var dn : List.of(BASE, "ou=people," + BASE, "cn=sysadmins,ou=sudoers," + BASE, "cn=ppolicy,ou=policies," + BASE)) {
            var uuid = UUID.fromString(entry(dn, "entryUUID").getAttributeValue("entryUUID"));
            assertThat(uuid).isEqualTo(UUID.fromString(entry(dn, "+").getAttributeValue("entryUUID")));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            1.1                                     | -
            1.1,cn                                  | cn
            *                                       | objectClass,uid,cn,sn,givenName,mail,uidNumber,gidNumber,gecos,homeDirectory,loginShell,sshPublicKey,shadowLastChange,host
            cn                                      | cn
            CN,cn,commonName,2.5.4.3                | cn
            objectClass,objectclass,OBJECTCLASS     | objectClass
            modifyTimestamp,modifyTimestamp         | modifyTimestamp
            UIDNUMBER,memberof                      | uidNumber,memberOf
            userPassword                            | -
            dn,krbPrincipalName,nsAccountLock,cn    | cn
            userCertificate;binary,uid              | uid
            cn;lang-de                              | -
            name                                    | cn,sn,givenName
            @posixAccount                           | objectClass,cn,uid,uidNumber,gidNumber,homeDirectory,loginShell,gecos
            @POSIXGROUP                             | objectClass,gidNumber
            @nosuchclass                            | -
            """)
    void selectionNamesAttributesInAnyCaseOnceByAliasSupertypeOrClass(String requested, String expected) throws LDAPException {
        var found = entry(ALICE, requested.split(","));

        assertThat(found.getAttributes()).extracting("name")
                .containsExactlyInAnyOrderElementsOf(expected == null ? List.of() : List.of(expected.split(",")));
    }

    @Test
    void emptySelectionAndStarPlusPlusGiveUserAttributesAndAll() throws LDAPException {
        assertThat(entry(ALICE)).isEqualTo(entry(ALICE, "*"));
        assertThat(entry(ALICE, "*", "+").getAttributes()).hasSize(entry(ALICE).getAttributes().size() + entry(ALICE, "+").getAttributes().size());
        assertThat(entry("cn=devs,ou=groups," + BASE, "+", "member").getAttributes()).extracting("name").contains("member", "entryUUID")
                .doesNotContain("memberUid", "cn");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "UID=ALICE,OU=People,DC=Cluster,DC=Internal",
        "uid = alice , ou=people,dc=cluster, dc=internal",
        "0.9.2342.19200300.100.1.1=alice,2.5.4.11=people,dc=cluster,0.9.2342.19200300.100.1.25=internal",
        "userid=alice,organizationalUnitName=people,domainComponent=cluster,dc=internal",
        "uid=\\61lice,ou=people,dc=cluster,dc=internal",
        "uid=#0405616c696365,ou=people,dc=cluster,dc=internal"})
    void nameIsFoundInEverySpelling(String dn) throws LDAPException {
        assertThat(entry(dn, "1.1").getDN()).isEqualTo(ALICE);
    }

    @Test
    void clientsSchemaParserKnowsEveryAttributeAndClassInUse() throws LDAPException {
        var schema = Schema.getSchema(administrator);
        assertThat(schema).isNotNull();
        var all = administrator.search(BASE, SearchScope.SUB, "(objectClass=*)", "*", "+").getSearchEntries();
        assertThat(all).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.getAttributes()).allSatisfy(attribute ->
                    assertThat(schema.getAttributeType(attribute.getName())).as(attribute.getName()).isNotNull());
            assertThat(entry.getObjectClassValues()).allSatisfy(name -> assertThat(schema.getObjectClass(name)).as(name).isNotNull());
        });
        var rootDse = administrator.getEntry("", "*", "+");
        assertThat(rootDse.getAttributes()).allSatisfy(attribute ->
                assertThat(schema.getAttributeType(attribute.getName())).as(attribute.getName()).isNotNull());
    }

    @Test
    void clientsEntryValidatorFindsNothingWrongWithAnyEntry() throws LDAPException {
        var validator = new EntryValidator(Schema.getSchema(administrator));
        var complaints = new ArrayList<String>();
        for (var entry : administrator.search(BASE, SearchScope.SUB, "(objectClass=*)", "*", "+").getSearchEntries()) {
            var reasons = new ArrayList<String>();
            if (!validator.entryIsValid(entry, reasons)) {
                complaints.add(entry.getDN() + ": " + reasons);
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void schemaIsPublishedWithItsOwnClass() throws LDAPException {
        var plain = administrator.searchForEntry("cn=schema", SearchScope.BASE, "(objectClass=subschema)");
        assertThat(plain.getObjectClassValues()).contains("top", "subschema");
        assertThat(plain.getAttributeValue("cn")).isEqualTo("schema");
        assertThat(plain.hasAttribute("attributeTypes")).as("operational").isFalse();
        var named = administrator.searchForEntry("CN=Schema", SearchScope.BASE, "(objectClass=*)", "attributetypes", "objectClasses");
        assertThat(named.getAttributes()).extracting("name").containsExactlyInAnyOrder("attributeTypes", "objectClasses");
        assertThat(administrator.searchForEntry("cn=schema", SearchScope.BASE, "(objectClass=*)", "+").getAttributes()).extracting("name")
                .contains("attributeTypes", "objectClasses", "ldapSyntaxes", "matchingRules");
    }

    private static Entry entry(String dn, String... attributes) throws LDAPException {
        var found = administrator.searchForEntry(dn, SearchScope.BASE, "(objectClass=*)", attributes);
        assertThat(found).as(dn).isNotNull();
        return found;
    }

    private static List<String> dns(String base, SearchScope scope, String filter) throws LDAPException {
        return administrator.search(base, scope, filter, "1.1").getSearchEntries().stream().map(Entry::getDN).toList();
    }

    private static void assertEntry(Entry entry, String expected) {
        var lines = new ArrayList<String>();
        for (var attribute : entry.getAttributes()) {
            for (var value : attribute.getValues()) {
                lines.add(attribute.getName() + ": " + value);
            }
        }
        assertThat(lines).containsExactlyInAnyOrderElementsOf(expected.lines().toList());
    }

    private static List<String> values(Entry entry, String attribute) {
        return entry.hasAttribute(attribute) ? Arrays.asList(entry.getAttributeValues(attribute)) : List.of();
    }

    private static Instant time(Entry entry, String attribute) {
        return entry.getAttributeValueAsDate(attribute).toInstant();
    }

    private static Instant seconds(Object timestamp) {
        return ((Timestamp) timestamp).toInstant().truncatedTo(ChronoUnit.SECONDS);
    }
}
