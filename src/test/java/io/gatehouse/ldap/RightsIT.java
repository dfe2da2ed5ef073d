package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import com.unboundid.ldap.sdk.controls.ServerSideSortRequestControl;
import com.unboundid.ldap.sdk.controls.SortKey;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sees what, and what cannot be found out by asking differently. */
class RightsIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String PEOPLE = "ou=people," + BASE;
    private static final Set<String> POSIX_VIEW = Set.of("objectClass", "uid", "cn", "uidNumber", "gidNumber", "gecos", "homeDirectory", "loginShell");
    private static final Set<String> PRIVATE = Set.of("mail", "sn", "givenName", "sshPublicKey", "shadowLastChange", "pwdChangedTime");

    private static GatehouseServer server;
    private static DirectoryRows rows;
    private static LDAPConnection anonymous;
    private static LDAPConnection serviceAccount;
    private static LDAPConnection alice;
    private static LDAPConnection administrator;

    @BeforeAll
    static void start() throws LDAPException {
        server = GatehouseServer.start();
        rows = new DirectoryRows(server);
        rows.group("devs");
        for (var username : List.of("alice", "bob", "carol")) {
            int uidNumber = rows.person(username, "devs");
            rows.sql("insert into ssh_keys (uid_number, fingerprint, type, key) values (?, 'SHA256:' || repeat('A', 43), 'ssh-ed25519', 'AAAA' || ?)",
                    uidNumber, username);
        }
        rows.sql("update users set mail = 'hidden-' || username || '@example.org', sn = 'Secretname', given_name = 'Zeta' where username = 'bob'");
        var sssd = rows.serviceAccount("sssd");
        rows.serviceAccount("other");
        anonymous = server.ldap();
        serviceAccount = server.ldap();
        serviceAccount.bind(sssd, DirectoryRows.PASSWORD);
        alice = server.ldapAs("alice", DirectoryRows.PASSWORD);
        administrator = server.ldapAsAdministrator();
    }

    @AfterAll
    static void stop() {
        Stream.of(anonymous, serviceAccount, alice, administrator).forEach(LDAPConnection::close);
        server.close();
    }

    static Stream<LDAPConnection> everybodyBound() {
        return Stream.of(serviceAccount, alice, administrator);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", BASE, PEOPLE, "uid=bob," + PEOPLE, "uid=nobody," + PEOPLE, "cn=sssd,ou=services," + BASE, "dc=elsewhere"})
    void anonymousReadsNothingBelowTheBase(String base) {
        for (var scope : base.isEmpty() ? List.of(SearchScope.ONE, SearchScope.SUB) : List.of(SearchScope.BASE, SearchScope.ONE, SearchScope.SUB)) {
            var refusal = catchThrowableOfType(LDAPException.class, () -> anonymous.search(base, scope, "(objectClass=*)"));
            assertThat(refusal.getResultCode()).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            assertThat(refusal.getMatchedDN()).as("matched DN").isNull();
        }
    }

    @Test
    void anonymousReadsRootDseAndSchema() throws LDAPException {
        assertThat(anonymous.getRootDSE().getNamingContextDNs()).containsExactly(BASE);
        assertThat(anonymous.getSchema()).isNotNull();
    }

    @Test
    void anonymousNeitherComparesNorModifies() {
        assertThat(code(() -> anonymous.compare("uid=bob," + PEOPLE, "uid", "bob"))).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
        assertThat(code(() -> anonymous.compare("uid=nobody," + PEOPLE, "uid", "bob"))).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
        assertThat(code(() -> anonymous.modify("uid=bob," + PEOPLE, replace("loginShell", "/bin/sh"))))
                .isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
    }

    @Test
    void administratorSeesEveryEntry() throws LDAPException {
        assertThat(administrator.search(BASE, SearchScope.SUB, "(objectClass=*)", "1.1").getEntryCount())
                .isEqualTo(7 + 4 + 3 + 1 + 2 + 1);
    }

    @Test
    void serviceAccountSeesEverythingButOtherServiceAccounts() throws LDAPException {
        var all = new TreeSet<>(dns(administrator, "(objectClass=*)"));
        all.remove("cn=other,ou=services," + BASE);
        assertThat(new TreeSet<>(dns(serviceAccount, "(objectClass=*)"))).isEqualTo(all);
        assertThat(read(serviceAccount, "uid=bob," + PEOPLE, "*", "+")).isEqualTo(read(administrator, "uid=bob," + PEOPLE, "*", "+"));
    }

    @Test
    void personSeesPeopleAndGroupsOnly() throws LDAPException {
        assertThat(dns(alice, "(objectClass=*)")).noneMatch(dn ->
                dn.startsWith("cn=") && (dn.endsWith("ou=services," + BASE) || dn.endsWith("ou=sudoers," + BASE) || dn.endsWith("ou=policies," + BASE)));
        assertThat(dns(alice, "(objectClass=posixAccount)")).hasSize(4);
        assertThat(dns(alice, "(objectClass=posixGroup)")).hasSize(3);
    }

    @Test
    void personSeesThePosixViewOfOthersAndAllOfHerself() throws LDAPException {
        assertThat(names(read(alice, "uid=bob," + PEOPLE))).isSubsetOf(POSIX_VIEW).contains("uid", "uidNumber", "homeDirectory");
        assertThat(names(read(alice, "uid=bob," + PEOPLE, "*", "+", "mail", "sn", "sshPublicKey", "shadowLastChange", "pwdChangedTime", "@inetOrgPerson")))
                .doesNotContainAnyElementsOf(PRIVATE);
        assertThat(names(read(alice, "uid=alice," + PEOPLE, "*", "+"))).containsAll(PRIVATE);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("everybodyBound")
    void passwordsAreNeverReturnedFoundOrCompared(LDAPConnection reader) throws LDAPException {
        var own = reader == serviceAccount ? "cn=sssd,ou=services," + BASE : "uid=alice," + PEOPLE;
        for (var dn : List.of(own, "uid=bob," + PEOPLE)) {
            var entry = read(reader, dn, "*", "+", "userPassword", "userpassword", "2.5.4.35", "@person", "@posixAccount", "@simpleSecurityObject");
            assertThat(entry.hasAttribute("userPassword")).isFalse();
            assertThat(entry.toLDIFString()).doesNotContain("argon2");
            assertThat(code(() -> reader.compare(dn, "userPassword", DirectoryRows.PASSWORD))).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            assertThat(code(() -> reader.compare(dn, "2.5.4.35", "wrong"))).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
        }
        for (var filter : List.of("(userPassword=*)", "(userPassword=" + DirectoryRows.PASSWORD + ")", "(userPassword=$argon2*)",
                "(userPassword=*a*)", "(userPassword>=a)", "(userPassword<=z)", "(userPassword~=a)",
                "(userPassword:octetStringMatch:=" + DirectoryRows.PASSWORD + ")", "(:octetStringMatch:=" + DirectoryRows.PASSWORD + ")",
                "(userPassword:1.2.840.113556.1.4.803:=1)")) {
            assertThat(dns(reader, filter)).as(filter).isEmpty();
        }
        assertThat(dns(reader, "(&(uid=bob)(!(userPassword=" + DirectoryRows.PASSWORD + ")))"))
                .as("the same for a right and a wrong password").isEqualTo(dns(reader, "(&(uid=bob)(!(userPassword=wrong)))"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "(mail=hidden-bob@example.org)", "(mail=hidden*)", "(mail=*bob*)", "(mail=*)", "(mail~=hidden-bob@example.org)", "(!(mail=x))",
        "(!(mail=*))", "(mail:caseIgnoreMatch:=hidden-bob@example.org)", "(mail:caseExactMatch:=hidden-bob@example.org)",
        "(:caseIgnoreMatch:=Secretname)", "(:dn:caseIgnoreMatch:=Secretname)",
        "(sn=Secretname)", "(sn=S*)", "(!(sn=Other))", "(name=Secretname)", "(name=Zeta)", "(givenName=*)",
        "(sshPublicKey=*)", "(sshPublicKey=ssh-ed25519*)", "(!(sshPublicKey=ssh-rsa*))", "(shadowLastChange>=1)", "(!(shadowLastChange<=1))",
        "(shadowLastChange:1.2.840.113556.1.4.804:=65535)", "(pwdChangedTime>=20000101000000Z)", "(!(pwdChangedTime<=20000101000000Z))",
        "(|(mail=hidden-bob@example.org)(mail=x))", "(!(|(mail=x)(sn=y)))", "(!(&(objectClass=person)(mail=x)))"})
    void attributesThatAreHiddenDoNotShowThroughFilters(String filter) throws LDAPException {
        assertThat(dns(alice, "(&(uid=bob)" + filter + ")")).isEmpty();
        assertThat(dns(alice, filter)).doesNotContain("uid=bob," + PEOPLE);
        assertThat(alice.search("uid=bob," + PEOPLE, SearchScope.BASE, filter).getEntryCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"mail, hidden-bob@example.org", "mail, wrong@example.org", "sn, Secretname", "sshPublicKey, x", "givenName, x", "shadowLastChange, 1"})
    void attributesThatAreHiddenAreNotCompared(String attribute, String value) {
        assertThat(code(() -> alice.compare("uid=bob," + PEOPLE, attribute, value))).isEqualTo(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
    }

    @Test
    void whatIsShownIsCompared() throws LDAPException {
        assertThat(alice.compare("uid=bob," + PEOPLE, "loginShell", "/bin/bash").compareMatched()).isTrue();
        assertThat(alice.compare("uid=bob," + PEOPLE, "loginShell", "/bin/BASH").compareMatched()).isFalse();
        assertThat(alice.compare("uid=alice," + PEOPLE, "mail", "ALICE@example.org").compareMatched()).isTrue();
        assertThat(alice.compare("cn=devs,ou=groups," + BASE, "memberUid", "bob").compareMatched()).isTrue();
        assertThat(alice.compare("cn=devs,ou=groups," + BASE, "member", "UID=Bob, " + PEOPLE).compareMatched()).isTrue();
        assertThat(administrator.compare("uid=bob," + PEOPLE, "mail", "hidden-bob@example.org").compareMatched()).isTrue();
        assertThat(code(() -> alice.compare("uid=bob," + PEOPLE, "noSuchAttribute", "x"))).isEqualTo(ResultCode.UNDEFINED_ATTRIBUTE_TYPE);
        assertThat(code(() -> alice.compare("uid=bob," + PEOPLE, "description", "x"))).isEqualTo(ResultCode.NO_SUCH_ATTRIBUTE);
        assertThat(code(() -> alice.compare("uid=bob," + PEOPLE, "uidNumber", "x"))).isEqualTo(ResultCode.INVALID_ATTRIBUTE_SYNTAX);
        assertThat(code(() -> alice.compare("uid=nobody," + PEOPLE, "uid", "x"))).isEqualTo(ResultCode.NO_SUCH_OBJECT);
        assertThat(code(() -> alice.compare("not a name", "uid", "x"))).isEqualTo(ResultCode.INVALID_DN_SYNTAX);
    }

    @Test
    void sortingByWhatIsHiddenTellsNothing() throws LDAPException {
        var byMail = sorted("mail", false).stream().filter(dn -> !dn.startsWith("uid=alice")).toList();
        var byMailReversed = sorted("mail", true).stream().filter(dn -> !dn.startsWith("uid=alice")).toList();

        assertThat(byMail).as("in the order of nothing").isEqualTo(byMailReversed);
    }

    @Test
    void assertionsTellNothingOfWhatIsHidden() {
        for (var filter : List.of("(mail=hidden-bob@example.org)", "(mail=wrong@example.org)", "(!(mail=wrong@example.org))")) {
            var request = new SearchRequest("uid=bob," + PEOPLE, SearchScope.BASE, Filter.createPresenceFilter("objectClass"));
            request.addControl(new AssertionRequestControl(filter(filter)));
            assertThat(code(() -> alice.search(request))).isEqualTo(ResultCode.ASSERTION_FAILED);
        }
    }

    @Test
    void dereferencingShowsOnlyWhatMayBeRead() throws LDAPException {
        var request = new SearchRequest("cn=devs,ou=groups," + BASE, SearchScope.BASE, filter("(objectClass=*)"), "1.1");
        request.addControl(new Control("1.3.6.1.4.1.4203.666.5.16", true, new ASN1OctetString(new ASN1Sequence(new ASN1Sequence(
                new ASN1OctetString("member"), new ASN1Sequence(new ASN1OctetString("uid"), new ASN1OctetString("mail"),
                        new ASN1OctetString("sshPublicKey"), new ASN1OctetString("userPassword")))).encode())));
        var control = new String(alice.search(request).getSearchEntries().getFirst()
                .getControl("1.3.6.1.4.1.4203.666.5.16").getValue().getValue());

        assertThat(control).contains("uid=bob," + PEOPLE, "uid=carol," + PEOPLE, "alice@example.org")
                .doesNotContain("hidden-bob", "AAAAbob", "carol@example.org", "argon2");
    }

    @Test
    void hiddenEntriesAreMissedLikeMissingOnes() {
        for (var reader : List.of(alice, serviceAccount)) {
            var hidden = refusal(reader, "cn=other,ou=services," + BASE);
            var missing = refusal(reader, "cn=missing,ou=services," + BASE);
            var belowHidden = refusal(reader, "cn=x,cn=other,ou=services," + BASE);
            assertThat(hidden.getResultCode()).isEqualTo(ResultCode.NO_SUCH_OBJECT);
            assertThat(List.of(hidden.getMatchedDN(), missing.getMatchedDN(), belowHidden.getMatchedDN())).containsOnly("ou=services," + BASE);
            assertThat(hidden.getDiagnosticMessage()).isEqualTo(missing.getDiagnosticMessage());
            assertThat(code(() -> reader.compare("cn=other,ou=services," + BASE, "cn", "other"))).isEqualTo(ResultCode.NO_SUCH_OBJECT);
        }
        assertThat(refusal(alice, "cn=sysadmins,ou=sudoers," + BASE).getMatchedDN()).isEqualTo("ou=sudoers," + BASE);
        assertThat(code(() -> alice.modify("cn=other,ou=services," + BASE, replace("description", "x")))).isEqualTo(ResultCode.NO_SUCH_OBJECT);
    }

    @Test
    void rightsFollowTheGroupAtOnce() throws LDAPException {
        rows.person("dave");
        try (var dave = server.ldapAs("dave", DirectoryRows.PASSWORD)) {
            assertThat(dns(dave, "(objectClass=sudoRole)")).isEmpty();
            rows.member("dave", "sysadmins");
            assertThat(dns(dave, "(objectClass=sudoRole)")).hasSize(1);
            assertThat(names(read(dave, "uid=bob," + PEOPLE))).contains("mail");
            rows.sql("delete from memberships using users u where u.uid_number = memberships.uid_number and username = 'dave' and memberships.gid_number = 2001");
            assertThat(dns(dave, "(objectClass=sudoRole)")).isEmpty();
            assertThat(names(read(dave, "uid=bob," + PEOPLE))).doesNotContain("mail");
        } finally {
            rows.sql("delete from users where username = 'dave'");
        }
    }

    private static List<String> sorted(String attribute, boolean reverse) throws LDAPException {
        var request = new SearchRequest(PEOPLE, SearchScope.ONE, filter("(objectClass=*)"), "1.1");
        request.addControl(new ServerSideSortRequestControl(true, new SortKey(attribute, reverse)));
        return alice.search(request).getSearchEntries().stream().map(Entry::getDN).toList();
    }

    private static LDAPException refusal(LDAPConnection reader, String dn) {
        return catchThrowableOfType(LDAPException.class, () -> reader.search(dn, SearchScope.BASE, "(objectClass=*)"));
    }

    private static Modification replace(String attribute, String value) {
        return new Modification(ModificationType.REPLACE, attribute, value);
    }

    private static Filter filter(String text) {
        try {
            return Filter.create(text);
        } catch (LDAPException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private interface Operation {
        Object run() throws LDAPException;
    }

    private static ResultCode code(Operation operation) {
        var refusal = catchThrowableOfType(LDAPException.class, operation::run);
        return refusal == null ? ResultCode.SUCCESS : refusal.getResultCode();
    }

    private static List<String> dns(LDAPConnection reader, String filter) throws LDAPException {
        SearchResult result = reader.search(BASE, SearchScope.SUB, filter, "1.1");
        return result.getSearchEntries().stream().map(Entry::getDN).toList();
    }

    private static Entry read(LDAPConnection reader, String dn, String... attributes) throws LDAPException {
        return reader.searchForEntry(dn, SearchScope.BASE, "(objectClass=*)", attributes);
    }

    private static List<String> names(Entry entry) {
        return entry.getAttributes().stream().map(Attribute::getName).toList();
    }
}
