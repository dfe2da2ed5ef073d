package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.asn1.ASN1Set;
import com.unboundid.ldap.sdk.AddRequest;
import com.unboundid.ldap.sdk.AsyncRequestID;
import com.unboundid.ldap.sdk.AsyncSearchResultListener;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.CompareRequest;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DeleteRequest;
import com.unboundid.ldap.sdk.ExtendedRequest;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ModifyDNRequest;
import com.unboundid.ldap.sdk.ModifyRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.UpdatableLDAPRequest;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import com.unboundid.ldap.sdk.controls.ManageDsaITRequestControl;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scopes, limits, names that are not there, and what the root DSE promises. */
class SearchIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String PEOPLE = "ou=people," + BASE;
    private static final String PAGED = "1.2.840.113556.1.4.319";

    private static GatehouseServer server;
    private static LDAPConnection reader;

    @BeforeAll
    static void start() throws LDAPException {
        server = GatehouseServer.start();
        var rows = new DirectoryRows(server);
        rows.write(handle -> {
            for (int i = 0; i < 300; i++) {
                rows.insertPerson(handle, "p%03d".formatted(i));
            }
        });
        rows.serviceAccount("sssd");
        reader = server.ldap();
        reader.bind("cn=sssd,ou=services," + BASE, DirectoryRows.PASSWORD);
    }

    @AfterAll
    static void stop() {
        reader.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            dc=cluster,dc=internal;           BASE; (objectClass=*);        1
            dc=cluster,dc=internal;           ONE;  (objectClass=*);        6
            dc=cluster,dc=internal;           SUB;  (objectClass=posixAccount); 301
            ou=people,dc=cluster,dc=internal; BASE; (objectClass=*);        1
            ou=people,dc=cluster,dc=internal; BASE; (objectClass=posixAccount); 0
            ou=people,dc=cluster,dc=internal; ONE;  (objectClass=*);        301
            ou=people,dc=cluster,dc=internal; SUB;  (objectClass=*);        302
            ou=hosts,dc=cluster,dc=internal;  ONE;  (objectClass=*);        0
            ou=hosts,dc=cluster,dc=internal;  SUB;  (objectClass=*);        1
            ou=groups,dc=cluster,dc=internal; SUB;  (uid=p001);             0
            ou=groups,dc=cluster,dc=internal; ONE;  (uid=p001);             0
            dc=cluster,dc=internal;           ONE;  (uid=p001);             0
            dc=cluster,dc=internal;           SUB;  (uid=p001);             1
            ou=people,dc=cluster,dc=internal; ONE;  (uid=p001);             1
            uid=p001,ou=people,dc=cluster,dc=internal; ONE; (objectClass=*); 0
            uid=p001,ou=people,dc=cluster,dc=internal; SUB; (uid=*);        1
            '';                               ONE;  (objectClass=*);        1
            '';                               SUB;  (uid=p001);             1
            """)
    void scopeBoundsTheSearch(String base, String scope, String filter, int count) throws LDAPException {
        var named = Map.of("BASE", SearchScope.BASE, "ONE", SearchScope.ONE, "SUB", SearchScope.SUB).get(scope);

        assertThat(reader.search(base, named, filter, "1.1").getEntryCount()).isEqualTo(count);
    }

    @Test
    void scopeThatIsNotOfRfc4511IsMalformed() {
        var refusal = catchThrowableOfType(LDAPException.class, () -> reader.search(PEOPLE, SearchScope.SUBORDINATE_SUBTREE, "(uid=*)"));
        assertThat(refusal).isNotNull();
        assertThat(refusal.getResultCode()).isEqualTo(ResultCode.PROTOCOL_ERROR);
    }

    @Test
    void sizeLimitStopsWithAsManyEntries() {
        var limited = limited(5, "(uid=p*)");
        assertThat(limited.getResultCode()).isEqualTo(ResultCode.SIZE_LIMIT_EXCEEDED);
        assertThat(limited.getSearchEntries()).hasSize(5);
    }

    @Test
    void sizeLimitThatIsJustEnoughIsNotExceeded() throws LDAPException {
        for (int limit : new int[] {300, 301, 0}) {
            var request = new SearchRequest(PEOPLE, SearchScope.ONE, Filter.create("(uid=p*)"), "1.1");
            request.setSizeLimit(limit);
            assertThat(reader.search(request).getEntryCount()).isEqualTo(300);
        }
        assertThat(limited(299, "(uid=p*)").getSearchEntries()).hasSize(299);
        assertThat(limited(1, "(objectClass=posixAccount)").getSearchEntries()).hasSize(1);
    }

    @Test
    void typesOnlyLeavesTheValuesOut() throws LDAPException {
        var request = new SearchRequest("cn=ldapusers,ou=groups," + BASE, SearchScope.BASE, Filter.create("(objectClass=*)"), "*", "+");
        var whole = reader.search(request).getSearchEntries().getFirst();
        request.setTypesOnly(true);
        var types = reader.search(request).getSearchEntries().getFirst();

        assertThat(types.getAttributes()).extracting("name").isEqualTo(whole.getAttributes().stream().map(a -> (Object) a.getName()).toList());
        assertThat(types.getAttributes()).allMatch(attribute -> attribute.getValues().length == 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", textBlock = """
            uid=nobody,ou=people,dc=cluster,dc=internal;        ou=people,dc=cluster,dc=internal
            cn=x,uid=p001,ou=people,dc=cluster,dc=internal;     uid=p001,ou=people,dc=cluster,dc=internal
            cn=a,cn=b,cn=c,dc=cluster,dc=internal;              dc=cluster,dc=internal
            uid=p001,dc=cluster,dc=internal;                    dc=cluster,dc=internal
            dc=internal;                                        -
            dc=other;                                           -
            dc=cluster,dc=internal,dc=top;                      -
            cn=Monitor;                                         -
            cn=config;                                          -
            """)
    void baseThatIsMissingIsAnsweredWithItsNearestAncestor(String base, String matched) {
        for (var scope : List.of(SearchScope.BASE, SearchScope.ONE, SearchScope.SUB)) {
            var refusal = catchThrowableOfType(LDAPSearchException.class, () -> reader.search(base, scope, "(objectClass=*)"));
            assertThat(refusal.getResultCode()).isEqualTo(ResultCode.NO_SUCH_OBJECT);
            assertThat(refusal.getMatchedDN()).isEqualTo(matched);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"people", "ou=people,", "=x", "ou=people;;dc=cluster", ",", "uidNumber=x,dc=cluster,dc=internal"})
    void baseThatIsNoNameIsRefused(String base) {
        var refusal = catchThrowableOfType(LDAPSearchException.class, () -> reader.search(base, SearchScope.BASE, "(objectClass=*)"));
        assertThat(refusal.getResultCode()).isEqualTo(ResultCode.INVALID_DN_SYNTAX);
    }

    @Test
    void answersRootDseAsSssdAsksForIt() throws LDAPException {
        try (var anonymous = server.ldap()) {
            var rootDse = anonymous.searchForEntry("", SearchScope.BASE, "(objectclass=*)", "*", "altServer", "namingContexts", "supportedControl",
                    "supportedExtension", "supportedFeatures", "supportedLDAPVersion", "supportedSASLMechanisms",
                    "domainControllerFunctionality", "defaultNamingContext", "lastUSN", "highestCommittedUSN");

            assertThat(rootDse.getDN()).isEmpty();
            assertThat(rootDse.getAttributeValues("namingContexts")).containsExactly(BASE);
            assertThat(rootDse.getAttributeValues("defaultNamingContext")).containsExactly(BASE);
            assertThat(rootDse.getAttributeValues("supportedLDAPVersion")).containsExactly("3");
            assertThat(rootDse.getAttributeValues("supportedSASLMechanisms")).containsExactly("PLAIN");
            assertThat(rootDse.getAttributeValues("objectClass")).isNotEmpty();
            assertThat(rootDse.getAttributeValueAsLong("lastUSN")).isEqualTo(
                    server.sql().withHandle(handle -> handle.createQuery("""
                            select max(usn) from (select usn from users union all select usn from groups
                            union all select usn from service_accounts) rows
                            """).mapTo(Long.class).one()));
            assertThat(rootDse.hasAttribute("highestCommittedUSN")).isFalse();
        }
    }

    @Test
    void rootDseShowsOperationalAttributesOnRequestOnly() throws LDAPException {
        assertThat(reader.getEntry("").getAttributes()).extracting("name").containsExactly("objectClass");
        assertThat(reader.getEntry("", "+").getAttributes()).extracting("name")
                .contains("namingContexts", "subschemaSubentry", "supportedControl", "supportedExtension", "supportedFeatures",
                        "supportedLDAPVersion", "supportedSASLMechanisms", "vendorName", "lastUSN")
                .doesNotContain("objectClass");
        assertThat(reader.searchForEntry("", SearchScope.BASE, "(supportedControl=" + PAGED + ")", "1.1")).isNotNull();
        assertThat(reader.searchForEntry("", SearchScope.BASE, "(supportedControl=1.2.3)", "1.1")).isNull();
        assertThat(reader.searchForEntry("", SearchScope.BASE, "(!(objectClass=*))", "1.1")).isNull();
    }

    @Test
    void criticalControlsAreNotIgnoredForTheRootDseAndTheSchema() throws LDAPException {
        for (var base : List.of("", "cn=schema")) {
            var paged = with(new SearchRequest(base, SearchScope.BASE, Filter.create("(objectClass=*)"), "1.1"), new SimplePagedResultsControl(10, true));
            var answer = reader.search(paged);
            assertThat(answer.getEntryCount()).isEqualTo(1);
            assertThat(SimplePagedResultsControl.get(answer)).isNotNull().matches(page -> !page.moreResultsToReturn());
            var assertion = with(new SearchRequest(base, SearchScope.BASE, Filter.create("(objectClass=*)"), "1.1"),
                    new AssertionRequestControl(Filter.create("(cn=no such thing)"), true));
            assertThat(catchThrowableOfType(LDAPException.class, () -> reader.search(assertion)).getResultCode())
                    .isIn(ResultCode.ASSERTION_FAILED, ResultCode.UNAVAILABLE_CRITICAL_EXTENSION);
        }
    }

    @Test
    void everythingThatIsPromisedIsThere() throws LDAPException {
        var rootDse = reader.getRootDSE();
        Map<String, String> controls = new TreeMap<>();
        for (var oid : rootDse.getSupportedControlOIDs()) {
            controls.put(oid, "critical without a value");
            for (var operation : List.of("search", "compare", "bind", "modify")) {
                if (!code(operation, new Control(oid, true)).equals(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION)) {
                    controls.put(oid, "known");
                }
            }
        }
        assertThat(controls.values()).containsOnly("known");
        assertThat(controls.keySet()).containsExactlyInAnyOrder(PAGED, "1.2.840.113556.1.4.473", "2.16.840.1.113730.3.4.2", "1.3.6.1.1.12",
                "1.3.6.1.4.1.4203.666.5.16", "1.3.6.1.4.1.42.2.27.8.5.1");
        assertThat(rootDse.getSupportedExtendedOperationOIDs()).containsExactlyInAnyOrder("1.3.6.1.4.1.1466.20037",
                "1.3.6.1.4.1.4203.1.11.1", "1.3.6.1.4.1.4203.1.11.3", "1.3.6.1.1.8");
        for (var oid : rootDse.getSupportedExtendedOperationOIDs()) {
            if (!oid.equals("1.3.6.1.4.1.1466.20037")) {
                assertThat(reader.processExtendedOperation(oid).getDiagnosticMessage() + "").doesNotContain("not supported");
            }
        }
        assertThat(rootDse.getSupportedFeatureOIDs()).containsExactlyInAnyOrder("1.3.6.1.4.1.4203.1.5.1", "1.3.6.1.4.1.4203.1.5.2",
                "1.3.6.1.4.1.4203.1.5.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.3.6.1.4.1.4203.1.9.1.1", "2.16.840.1.113730.3.4.9", "2.16.840.1.113730.3.4.18", "1.2.840.113556.1.4.1413",
        "1.3.6.1.1.13.2", "1.2.3.4.5"})
    void controlsThatAreNotSupportedAreRefusedWhenCriticalAndIgnoredOtherwise(String oid) {
        for (var operation : List.of("search", "root DSE", "schema", "compare", "bind", "modify", "add", "delete", "modifyDN", "whoAmI", "passwordModify")) {
            assertThat(code(operation, new Control(oid, true))).as("critical in " + operation).isEqualTo(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION);
            assertThat(code(operation, new Control(oid, false))).as("in " + operation).isNotEqualTo(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION);
        }
    }

    @Test
    void controlIsRefusedWhereItHasNoMeaning() {
        assertThat(code("compare", new SimplePagedResultsControl(5, true))).isEqualTo(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION);
        assertThat(code("bind", new ManageDsaITRequestControl(true))).isEqualTo(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION);
        assertThat(code("search", new ManageDsaITRequestControl(true))).isEqualTo(ResultCode.SUCCESS);
        assertThat(code("compare", new ManageDsaITRequestControl(true))).isEqualTo(ResultCode.COMPARE_TRUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {PAGED, "1.2.840.113556.1.4.473", "1.3.6.1.1.12", "1.3.6.1.4.1.4203.666.5.16"})
    void controlsWithoutTheirValueOrWithAWrongOneAreMalformed(String oid) {
        for (var control : List.of(new Control(oid, true), new Control(oid, false),
                new Control(oid, true, new ASN1OctetString("x")), new Control(oid, true, new ASN1OctetString(new byte[] {0x30, 2, 4, 0})))) {
            assertThat(code("search", control)).as(control.toString()).isEqualTo(ResultCode.PROTOCOL_ERROR);
        }
    }

    @Test
    void sortingByNothingIsMalformed() {
        assertThat(code("search", new Control("1.2.840.113556.1.4.473", true, new ASN1OctetString(new byte[] {0x30, 0}))))
                .isEqualTo(ResultCode.PROTOCOL_ERROR);
    }

    @Test
    void dereferenceBringsTheMembersAttributesAlongWithPaging() throws Exception {
        // SSSD's for a group with many unknown members.
        var sssd = new SearchRequest("cn=ldapusers,ou=groups," + BASE, SearchScope.BASE, Filter.create("(objectClass=*)"), "cn");
        sssd.setControls(dereference(true, "member", "objectClass", "cn", "userPassword", "gidNumber", "member", "modifyTimestamp", "modifyTimestamp", "uid"),
                new SimplePagedResultsControl(1000, true));
        var answer = reader.search(sssd);
        assertThat(SimplePagedResultsControl.get(answer).moreResultsToReturn()).isFalse();
        var found = dereferenced(answer.getSearchEntries().getFirst());
        assertThat(found).hasSize(301);
        assertThat(found.get("uid=p001," + PEOPLE)).containsOnlyKeys("objectClass", "cn", "gidNumber", "modifyTimestamp", "uid")
                .containsEntry("uid", List.of("p001")).containsEntry("gidNumber", List.of("2000"));

        // nslcd's, over all groups; one without members has no control.
        var nslcd = new SearchRequest(BASE, SearchScope.SUB, Filter.create("(objectClass=posixGroup)"), "member", "cn", "memberUid", "gidNumber");
        nslcd.setControls(new SimplePagedResultsControl(500), dereference(false, "member", "uid"));
        for (var group : reader.search(nslcd).getSearchEntries()) {
            assertThat(dereferenced(group).keySet()).containsExactlyInAnyOrder(group.getAttributeValues("member"));
        }
    }

    @Test
    void dereferenceTakesAttributesWithNamesOnly() {
        for (var attribute : List.of("memberUid", "noSuchAttribute", "cn")) {
            assertThat(code("search", dereference(true, attribute, "uid"))).isEqualTo(ResultCode.PROTOCOL_ERROR);
        }
        assertThat(code("search", dereference(true, "memberOf", "cn"))).as("nothing to follow").isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void sameControlTwiceIsMalformed() throws LDAPException {
        var request = new SearchRequest(BASE, SearchScope.BASE, Filter.create("(objectClass=*)"));
        request.setControls(new SimplePagedResultsControl(1), new SimplePagedResultsControl(2));
        assertThat(catchThrowableOfType(LDAPException.class, () -> reader.search(request)).getResultCode()).isEqualTo(ResultCode.PROTOCOL_ERROR);
    }

    @Test
    void pipelinedSearchesAreAllAnswered() throws Exception {
        var answers = new ArrayList<AsyncRequestID>();
        var found = new ConcurrentLinkedQueue<String>();
        for (int i = 0; i < 100; i++) {
            answers.add(reader.asyncSearch(new SearchRequest(new Collector(found), PEOPLE, SearchScope.ONE,
                    Filter.createEqualityFilter("uid", "p%03d".formatted(i)), "uid")));
        }
        for (var answer : answers) {
            assertThat(answer.get().getResultCode()).isEqualTo(ResultCode.SUCCESS);
        }
        assertThat(found).hasSize(100);
    }

    private record Collector(Collection<String> found) implements AsyncSearchResultListener {

        @Override
        public void searchEntryReturned(SearchResultEntry entry) {
            found.add(entry.getDN());
        }

        @Override
        public void searchReferenceReturned(SearchResultReference reference) {
            found.add("a reference");
        }

        @Override
        public void searchResultReceived(AsyncRequestID id, SearchResult result) {
        }
    }

    private static Control dereference(boolean critical, String reference, String... attributes) {
        return new Control("1.3.6.1.4.1.4203.666.5.16", critical, new ASN1OctetString(new ASN1Sequence(new ASN1Sequence(
                new ASN1OctetString(reference), new ASN1Sequence(Arrays.stream(attributes).map(ASN1OctetString::new).toArray(ASN1OctetString[]::new))))
                .encode()));
    }

    /** The attributes of each entry referred to, by its name. */
    private static Map<String, Map<String, List<String>>> dereferenced(SearchResultEntry entry) throws Exception {
        var byName = new TreeMap<String, Map<String, List<String>>>();
        for (var result : ASN1Sequence.decodeAsSequence(entry.getControl("1.3.6.1.4.1.4203.666.5.16").getValue().getValue()).elements()) {
            var parts = ASN1Sequence.decodeAsSequence(result).elements();
            assertThat(ASN1OctetString.decodeAsOctetString(parts[0]).stringValue()).isEqualTo("member");
            var attributes = new TreeMap<String, List<String>>();
            for (var attribute : ASN1Sequence.decodeAsSequence(parts[2]).elements()) {
                var pair = ASN1Sequence.decodeAsSequence(attribute).elements();
                attributes.put(ASN1OctetString.decodeAsOctetString(pair[0]).stringValue(), Arrays.stream(ASN1Set.decodeAsSet(pair[1]).elements())
                        .map(value -> ASN1OctetString.decodeAsOctetString(value).stringValue()).toList());
            }
            byName.put(ASN1OctetString.decodeAsOctetString(parts[1]).stringValue(), attributes);
        }
        return byName;
    }

    private static LDAPSearchException limited(int size, String filter) {
        return catchThrowableOfType(LDAPSearchException.class, () -> {
            var request = new SearchRequest(PEOPLE, SearchScope.ONE, Filter.create(filter), "1.1");
            request.setSizeLimit(size);
            reader.search(request);
        });
    }

    private ResultCode code(String operation, Control control) {
        return catching(operation, connection -> switch (operation) {
            case "search" -> search(connection, BASE, control);
            case "root DSE" -> search(connection, "", control);
            case "schema" -> search(connection, "cn=schema", control);
            case "compare" -> connection.compare(with(new CompareRequest("uid=p001," + PEOPLE, "uid", "p001"), control)).getResultCode();
            case "bind" -> connection.bind(new SimpleBindRequest("cn=sssd,ou=services," + BASE, DirectoryRows.PASSWORD, control)).getResultCode();
            case "modify" -> connection.modify(with(new ModifyRequest("uid=p001," + PEOPLE,
                    new Modification(ModificationType.REPLACE, "gecos", "x")), control)).getResultCode();
            case "add" -> connection.add(with(new AddRequest("uid=new," + PEOPLE,
                    new Attribute("objectClass", "top")), control)).getResultCode();
            case "delete" -> connection.delete(with(new DeleteRequest("uid=p001," + PEOPLE), control)).getResultCode();
            case "modifyDN" -> connection.modifyDN(with(new ModifyDNRequest("uid=p001," + PEOPLE, "uid=x", true), control)).getResultCode();
            case "whoAmI" -> connection.processExtendedOperation(new ExtendedRequest("1.3.6.1.4.1.4203.1.11.3", new Control[] {control})).getResultCode();
            default -> connection.processExtendedOperation(new ExtendedRequest("1.3.6.1.4.1.4203.1.11.1", new Control[] {control})).getResultCode();
        });
    }

    private static ResultCode search(LDAPConnection connection, String base, Control control) throws LDAPException {
        return connection.search(with(new SearchRequest(base, SearchScope.BASE, Filter.create("(objectClass=*)"), "1.1"), control)).getResultCode();
    }

    private static <T extends UpdatableLDAPRequest> T with(T request, Control control) {
        request.addControl(control);
        return request;
    }

    private interface Operation {
        ResultCode run(LDAPConnection connection) throws LDAPException;
    }

    /** A bind takes a connection of its own, since also a refused one ends the session before. */
    private static ResultCode catching(String name, Operation operation) {
        try (var own = name.equals("bind") ? server.ldap() : null) {
            return operation.run(own == null ? reader : own);
        } catch (LDAPException e) {
            return e.getResultCode();
        }
    }
}
