package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.ServerSideSortRequestControl;
import com.unboundid.ldap.sdk.controls.ServerSideSortResponseControl;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import com.unboundid.ldap.sdk.controls.SortKey;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paged results (RFC 2696) and server-side sorting (RFC 2891), each and together. */
class PagingIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final String PEOPLE = "ou=people," + BASE;
    private static final int COUNT = 24;
    private static final List<String> EVERYBODY = IntStream.range(0, COUNT).mapToObj("q%02d"::formatted).toList();

    private static GatehouseServer server;
    private static DirectoryRows rows;
    private static LDAPConnection reader;

    private record Walk(List<String> names, List<Integer> pageSizes, List<Integer> estimates) {
    }

    @BeforeAll
    static void start() throws LDAPException {
        server = GatehouseServer.start();
        rows = new DirectoryRows(server);
        var shuffled = new ArrayList<>(EVERYBODY);
        Collections.shuffle(shuffled, new Random(7));
        rows.write(handle -> shuffled.forEach(username -> rows.insertPerson(handle, username)));
        rows.sql("update users set gecos = case when uid_number % 3 = 0 then null else 'Room ' || uid_number % 4 end where username like 'q%'");
        rows.sql("update users set sn = (array['Ångström', 'ångström', 'Zeta', 'alpha', 'Beta'])[1 + uid_number % 5] where username like 'q%'");
        rows.serviceAccount("sssd");
        rows.serviceAccount("other");
        reader = server.ldap();
        reader.bind("cn=sssd,ou=services," + BASE, DirectoryRows.PASSWORD);
    }

    @AfterAll
    static void stop() {
        reader.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 8, 12, 23, 24, 25, 1000, Integer.MAX_VALUE})
    void pagesTogetherAreTheWholeResult(int size) throws LDAPException {
        var walk = walk(size, List.of());

        assertThat(walk.names()).containsExactlyInAnyOrderElementsOf(EVERYBODY).containsExactlyElementsOf(names(reader.search(request())));
        assertThat(walk.pageSizes()).hasSize((COUNT - 1) / Math.min(size, COUNT) + 1).allMatch(each -> each <= size);
        assertThat(walk.estimates()).containsOnly(COUNT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(uid=nobody)", "(noSuchAttribute=x)"})
    void emptyResultIsOneEmptyPage(String filter) throws LDAPException {
        var result = page(request(filter), 5, null);
        assertThat(result.getEntryCount()).isZero();
        assertThat(control(result).moreResultsToReturn()).isFalse();
        assertThat(control(result).getSize()).isZero();
    }

    @Test
    void pageOfNothingTellsTheEstimateOnlyAndEndsTheWalk() throws LDAPException {
        var result = page(request(), 0, null);
        assertThat(result.getEntryCount()).isZero();
        assertThat(control(result).getSize()).isEqualTo(COUNT);

        var first = page(request(), 5, null);
        var ended = page(request(), 0, control(first).getCookie());
        assertThat(ended.getEntryCount()).isZero();
        assertThat(control(ended).moreResultsToReturn()).isFalse();
    }

    @Test
    void pageSizeMayChangeOnTheWay() throws LDAPException {
        var names = new ArrayList<String>();
        ASN1OctetString cookie = null;
        for (int size : new int[] {1, 7, 3, 100}) {
            var result = page(request(), size, cookie);
            names.addAll(names(result));
            cookie = control(result).getCookie();
        }
        assertThat(names).containsExactlyInAnyOrderElementsOf(EVERYBODY);
    }

    @Test
    void walkGoesOnOnAnotherConnectionOfTheSameReader() throws LDAPException {
        var first = page(request(), 20, null);
        try (var again = server.ldap()) {
            again.bind("cn=sssd,ou=services," + BASE, DirectoryRows.PASSWORD);
            var request = request();
            request.setControls(new SimplePagedResultsControl(20, control(first).getCookie(), true));
            var names = new ArrayList<>(names(first));
            names.addAll(names(again.search(request)));
            assertThat(names).containsExactlyInAnyOrderElementsOf(EVERYBODY);
        }
    }

    @Test
    void severalWalksAtATimeDoNotDisturbEachOther() throws LDAPException {
        var even = page(request("(&(uid=q*)(!(gecos=*)))"), 2, null);
        var all = page(request(), 3, null);
        var evenRest = page(request("(&(uid=q*)(!(gecos=*)))"), 100, control(even).getCookie());
        var allRest = page(request(), 100, control(all).getCookie());
        assertThat(even.getEntryCount() + evenRest.getEntryCount()).isEqualTo(COUNT / 3);
        assertThat(all.getEntryCount() + allRest.getEntryCount()).isEqualTo(COUNT);
    }

    @Test
    void entriesDeletedBetweenPagesAreGoneAndNoOtherIsMissed() throws LDAPException {
        rows.write(handle -> List.of("r0", "r1", "r2", "r3", "r4", "r5").forEach(username -> rows.insertPerson(handle, username)));
        try {
            var request = request("(uid=r*)");
            var first = page(request, 2, null);
            rows.sql("delete from users where username in (?, ?)", names(first).getFirst(), "r4");
            rows.write(handle -> rows.insertPerson(handle, "r6"));
            var seen = new ArrayList<>(names(first));
            var second = page(request("(uid=r*)"), 2, control(first).getCookie());
            seen.addAll(names(second));
            seen.addAll(names(page(request("(uid=r*)"), 10, control(second).getCookie())));

            assertThat(seen).doesNotHaveDuplicates().contains("r1", "r2", "r3", "r5", "r6");
        } finally {
            rows.sql("delete from users where username like 'r_'");
        }
    }

    @Test
    void walkGoesOnWhereTheNextEntryWasDeleted() throws LDAPException {
        rows.write(handle -> List.of("s0", "s1", "s2", "s3").forEach(username -> rows.insertPerson(handle, username)));
        try {
            var first = page(request("(uid=s*)"), 2, null);
            rows.sql("delete from users where username = 's2'");
            assertThat(names(page(request("(uid=s*)"), 2, control(first).getCookie()))).containsExactly("s3");
        } finally {
            rows.sql("delete from users where username like 's_'");
        }
    }

    @Test
    void sizeLimitEndsAPageThatIsLarger() throws LDAPException {
        var request = request();
        request.setSizeLimit(10);
        request.setControls(new SimplePagedResultsControl(15, true));
        var refusal = catchThrowableOfType(LDAPSearchException.class, () -> reader.search(request));
        assertThat(refusal.getResultCode()).isEqualTo(ResultCode.SIZE_LIMIT_EXCEEDED);
        assertThat(refusal.getSearchEntries()).hasSize(10);

        request.setControls(new SimplePagedResultsControl(4, true));
        assertThat(names(reader.search(request))).hasSize(4);
    }

    @Test
    void sizeLimitEndsASortedPageThatIsLarger() throws LDAPException {
        var request = request();
        request.setSizeLimit(10);
        request.setControls(new ServerSideSortRequestControl(true, new SortKey("uid")), new SimplePagedResultsControl(15, true));
        var refusal = catchThrowableOfType(LDAPSearchException.class, () -> reader.search(request));
        assertThat(refusal).isNotNull();
        assertThat(refusal.getResultCode()).isEqualTo(ResultCode.SIZE_LIMIT_EXCEEDED);
        assertThat(refusal.getSearchEntries()).hasSize(10);
    }

    @Test
    void cookieOfAnotherMakingIsRefused() throws LDAPException {
        var cookie = control(page(request(), 5, null)).getCookie().getValue();
        for (int i = 0; i < cookie.length; i++) {
            var tampered = cookie.clone();
            tampered[i] ^= 1;
            assertThat(code(request(), tampered)).as("byte " + i).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        }
        assertThat(code(request(), new byte[] {1})).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        assertThat(code(request(), new byte[10_000])).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        assertThat(code(request(), Arrays.copyOf(cookie, cookie.length - 1))).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        assertThat(code(request(), cookie)).as("untouched").isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void cookieOfAnotherSearchIsRefused() throws LDAPException {
        var cookie = control(page(request(), 5, null)).getCookie().getValue();

        assertThat(code(request("(uid=*)"), cookie)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        assertThat(code(new SearchRequest(BASE, SearchScope.ONE, request().getFilter()), cookie)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        assertThat(code(new SearchRequest(PEOPLE, SearchScope.SUB, request().getFilter()), cookie)).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
    }

    @Test
    void cookieOfASortedSearchDoesNotServeAnotherOrder() throws LDAPException {
        var byUid = request();
        byUid.setControls(new ServerSideSortRequestControl(true, new SortKey("uid")), new SimplePagedResultsControl(5, true));
        var cookie = control(reader.search(byUid)).getCookie();

        for (var other : List.of(List.<Control>of(), List.<Control>of(new ServerSideSortRequestControl(true, new SortKey("uid", true))))) {
            var controls = new ArrayList<>(other);
            controls.add(new SimplePagedResultsControl(5, cookie, true));
            var request = request();
            request.setControls(controls);
            assertThat(catchThrowableOfType(LDAPException.class, () -> reader.search(request))).as(other.toString()).isNotNull()
                    .extracting(LDAPException::getResultCode).isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        }
    }

    @Test
    void cookieOfAnotherReaderIsRefused() throws LDAPException {
        var cookie = control(page(request(), 5, null)).getCookie();
        try (var other = server.ldap()) {
            other.bind("cn=other,ou=services," + BASE, DirectoryRows.PASSWORD);
            var request = request();
            request.setControls(new SimplePagedResultsControl(5, cookie, true));
            assertThat(catchThrowableOfType(LDAPException.class, () -> other.search(request)).getResultCode())
                    .isEqualTo(ResultCode.UNWILLING_TO_PERFORM);
        }
    }

    @ParameterizedTest
    @CsvSource({"uid, false", "uid, true", "cn, false", "uidNumber, false", "uidNumber, true", "homeDirectory, false", "entryUSN, true", "mail, true"})
    void sortsByOneKey(String attribute, boolean reverse) throws LDAPException {
        var sorted = sorted(new SortKey(attribute, reverse));

        Comparator<Entry> order = attribute.equals("uidNumber") || attribute.equals("entryUSN")
                ? Comparator.comparing(entry -> entry.getAttributeValueAsLong(attribute))
                : Comparator.comparing(entry -> entry.getAttributeValue(attribute).toLowerCase(Locale.ROOT));
        assertThat(sorted).hasSize(COUNT).isSortedAccordingTo(reverse ? order.reversed() : order);
    }

    @Test
    void sortsBySeveralKeysInTurn() throws LDAPException {
        var sorted = sorted(new SortKey("sn"), new SortKey("uidNumber", true));

        assertThat(sorted.stream().map(entry -> entry.getAttributeValue("sn").toLowerCase(Locale.ROOT)).distinct())
                .containsExactly("alpha", "beta", "zeta", "ångström");
        assertThat(sorted).isSortedAccordingTo(Comparator
                .<Entry, String>comparing(entry -> entry.getAttributeValue("sn").toLowerCase(Locale.ROOT))
                .thenComparing(entry -> entry.getAttributeValueAsInteger("uidNumber"), Comparator.reverseOrder()));
    }

    @Test
    void entryWithoutTheKeyIsTheLargest() throws LDAPException {
        var last = sorted(new SortKey("gecos"));
        assertThat(last.subList(COUNT - COUNT / 3, COUNT)).noneMatch(entry -> entry.hasAttribute("gecos"));
        assertThat(last.subList(0, COUNT - COUNT / 3)).isSortedAccordingTo(Comparator.comparing(entry -> entry.getAttributeValue("gecos")));

        // RFC 2891 section 2.2: larger than all other values, also when the order is reversed.
        var first = sorted(new SortKey("gecos", true));
        assertThat(first.subList(0, COUNT / 3)).noneMatch(entry -> entry.hasAttribute("gecos"));
        assertThat(first.subList(COUNT / 3, COUNT)).isSortedAccordingTo(
                Comparator.<Entry, String>comparing(entry -> entry.getAttributeValue("gecos")).reversed());
    }

    @Test
    void matchingRuleOfTheKeyDecides() throws LDAPException {
        var exact = sorted(new SortKey("sn", "caseExactOrderingMatch", false)).stream().map(entry -> entry.getAttributeValue("sn")).distinct();
        assertThat(exact).containsExactly("Beta", "Zeta", "alpha", "Ångström", "ångström");
        assertThat(sortResult(true, new SortKey("sn", "2.5.13.6", false))).isEqualTo(ResultCode.SUCCESS);
    }

    @Test
    void keyThatIsUnknownFailsACriticalSortOnly() throws LDAPException {
        for (var key : List.of(new SortKey("noSuchAttribute"), new SortKey("uid", "noSuchRule", false), new SortKey("uid", "integerOrderingMatch", false))) {
            var critical = request();
            critical.setControls(new ServerSideSortRequestControl(true, key));
            var refusal = catchThrowableOfType(LDAPSearchException.class, () -> reader.search(critical));
            assertThat(refusal.getResultCode()).isEqualTo(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION);
            assertThat(ServerSideSortResponseControl.get(refusal.getSearchResult())).isNotNull();

            var optional = request();
            optional.setControls(new ServerSideSortRequestControl(false, key));
            var result = reader.search(optional);
            assertThat(names(result)).hasSize(COUNT);
            assertThat(ServerSideSortResponseControl.get(result).getResultCode()).isEqualTo(
                    key.getAttributeName().equals("uid") ? ResultCode.INAPPROPRIATE_MATCHING : ResultCode.NO_SUCH_ATTRIBUTE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 24, 100})
    void sortedPagesTogetherAreTheSortedResult(int size) throws LDAPException {
        var key = new SortKey("uid", true);
        var walk = walk(size, List.of(new ServerSideSortRequestControl(true, key)));

        assertThat(walk.names()).containsExactlyElementsOf(EVERYBODY.reversed());
        assertThat(walk.estimates()).containsOnly(COUNT);
        assertThat(walk.pageSizes()).hasSize((COUNT - 1) / size + 1);
    }

    @Test
    void sortedWalkMissesNobodyWhenAnEarlierEntryIsDeleted() throws LDAPException {
        rows.write(handle -> List.of("t0", "t1", "t2", "t3").forEach(username -> rows.insertPerson(handle, username)));
        try {
            var sort = new ServerSideSortRequestControl(true, new SortKey("uid"));
            var request = request("(uid=t*)");
            request.setControls(sort, new SimplePagedResultsControl(2, true));
            var first = reader.search(request);
            rows.sql("delete from users where username = 't0'");
            request.setControls(sort, new SimplePagedResultsControl(2, control(first).getCookie(), true));

            assertThat(names(reader.search(request))).containsExactly("t2", "t3");
        } finally {
            rows.sql("delete from users where username like 't_'");
        }
    }

    private static Walk walk(int size, List<Control> more) throws LDAPException {
        var walk = new Walk(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        ASN1OctetString cookie = null;
        do {
            var request = request();
            var controls = new ArrayList<>(more);
            controls.add(new SimplePagedResultsControl(size, cookie, true));
            request.setControls(controls);
            var result = reader.search(request);
            walk.names().addAll(names(result));
            walk.pageSizes().add(result.getEntryCount());
            walk.estimates().add(control(result).getSize());
            cookie = control(result).getCookie();
        } while (cookie.getValueLength() > 0);
        return walk;
    }

    private static List<Entry> sorted(SortKey... keys) throws LDAPException {
        var request = request();
        request.setAttributes("*", "+");
        request.setControls(new ServerSideSortRequestControl(true, keys));
        var result = reader.search(request);
        assertThat(ServerSideSortResponseControl.get(result).getResultCode()).isEqualTo(ResultCode.SUCCESS);
        return List.copyOf(result.getSearchEntries());
    }

    private static ResultCode sortResult(boolean critical, SortKey key) throws LDAPException {
        var request = request();
        request.setControls(new ServerSideSortRequestControl(critical, key));
        return ServerSideSortResponseControl.get(reader.search(request)).getResultCode();
    }

    private static SearchResult page(SearchRequest request, int size, ASN1OctetString cookie) throws LDAPException {
        request.setControls(new SimplePagedResultsControl(size, cookie, true));
        return reader.search(request);
    }

    private static ResultCode code(SearchRequest request, byte[] cookie) {
        request.setControls(new SimplePagedResultsControl(5, new ASN1OctetString(cookie), true));
        var refusal = catchThrowableOfType(LDAPException.class, () -> reader.search(request));
        return refusal == null ? ResultCode.SUCCESS : refusal.getResultCode();
    }

    private static SearchRequest request() {
        return request("(uid=q*)");
    }

    private static SearchRequest request(String filter) {
        try {
            return new SearchRequest(PEOPLE, SearchScope.ONE, Filter.create(filter), "uid");
        } catch (LDAPException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static SimplePagedResultsControl control(SearchResult result) throws LDAPException {
        return SimplePagedResultsControl.get(result);
    }

    private static List<String> names(SearchResult result) {
        return result.getSearchEntries().stream().map(entry -> entry.getAttributeValue("uid")).toList();
    }
}
