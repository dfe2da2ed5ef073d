package io.gatehouse.ldap;

import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import com.unboundid.ldap.sdk.controls.ServerSideSortRequestControl;
import com.unboundid.ldap.sdk.controls.ServerSideSortResponseControl;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.directory.DirectorySchema;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Dn;
import io.gatehouse.directory.Entry;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Search (RFC 4511 section 4.5), with paged results, server-side sorting and dereferencing. */
@Singleton
final class SearchOperation {

    private static final Set<String> CONTROLS = Set.copyOf(List.of(RequestControls.PAGED_RESULTS, RequestControls.SERVER_SIDE_SORT,
            RequestControls.MANAGE_DSA_IT, RequestControls.ASSERTION, RequestControls.DEREFERENCE));

    private final LdapConfiguration configuration;
    private final Names names;
    private final DirectoryLayout layout;
    private final RootDse rootDse;

    SearchOperation(LdapConfiguration configuration, Names names, DirectoryLayout layout, RootDse rootDse) {
        this.configuration = configuration;
        this.names = names;
        this.layout = layout;
        this.rootDse = rootDse;
    }

    Answer process(Session session, EntryWriter writer, SearchRequestProtocolOp request, List<Control> requestControls) {
        var controls = RequestControls.check(requestControls, CONTROLS);
        var view = session.view();
        var scope = request.getScope();
        if (scope != SearchScope.BASE && scope != SearchScope.ONE && scope != SearchScope.SUB) {
            throw new Refusal(ResultCode.PROTOCOL_ERROR, "The scope is none of RFC 4511 section 4.5.1.2.");
        }
        var dn = names.parse(request.getBaseDN());
        if (dn.isRoot() && scope == SearchScope.BASE) {
            return single(writer, rootDse.entry(view, session.isConfidential(configuration)), request, controls);
        }
        if (dn.key().equals(DirectorySchema.DN) && scope == SearchScope.BASE) {
            return single(writer, layout.schema().subschema(), request, controls);
        }
        if (view.isAnonymous()) {
            throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "Without a bind only the root DSE and the schema are shown.");
        }
        var base = view.find(dn.isRoot() ? layout.baseDn() : dn);
        if (base == null) {
            return Answer.noSuchObject(view.matchedDn(dn));
        }
        AssertedFilter.require(controls, view, base);
        // One level below the root stands the naming context alone.
        var effectiveScope = dn.isRoot() && scope == SearchScope.ONE ? SearchScope.BASE : scope;
        var limits = new Limits(request);
        writer.begin(view, Dereference.of(controls, layout));
        var page = page(controls);
        var sort = controls.get(RequestControls.SERVER_SIDE_SORT, ServerSideSortRequestControl::new);
        var search = new Search(request, view, base, effectiveScope, limits, writer, session.principal().entryId());
        if (sort != null) {
            return search.sorted(sort, controls.isCritical(RequestControls.SERVER_SIDE_SORT), page);
        }
        return page == null ? search.whole() : search.page(page);
    }

    /** The root DSE and the schema, which are not part of the tree. */
    private Answer single(EntryWriter writer, com.unboundid.ldap.sdk.Entry entry, SearchRequestProtocolOp request, RequestControls controls) {
        var assertion = controls.get(RequestControls.ASSERTION, AssertionRequestControl::new);
        if (assertion != null && !matches(entry, assertion.getFilter())) {
            throw new Refusal(ResultCode.ASSERTION_FAILED, "The asserted filter is not true for this entry.");
        }
        boolean isFound = matches(entry, request.getFilter());
        if (isFound) {
            writer.write(entry, request.getAttributes(), request.typesOnly());
        }
        var answer = page(controls) == null ? Answer.SUCCESS : Answer.SUCCESS.with(new SimplePagedResultsControl(isFound ? 1 : 0, null));
        return controls.has(RequestControls.SERVER_SIDE_SORT)
                ? answer.with(new ServerSideSortResponseControl(ResultCode.SUCCESS, null)) : answer;
    }

    private static boolean matches(com.unboundid.ldap.sdk.Entry entry, Filter filter) {
        try {
            return filter.matchesEntry(entry);
        } catch (LDAPException undefined) {
            return false;
        }
    }

    /** Null without that control. */
    private static SimplePagedResultsControl page(RequestControls controls) {
        return controls.get(RequestControls.PAGED_RESULTS, control ->
                new SimplePagedResultsControl(control.getOID(), control.isCritical(), control.getValue()));
    }

    /** What a search may return and take. */
    private final class Limits {

        private static final int CHECK_EVERY = 256;

        private final int size;
        private final long deadline;
        private int steps;

        Limits(SearchRequestProtocolOp request) {
            size = request.getSizeLimit() <= 0 ? Integer.MAX_VALUE : request.getSizeLimit();
            long most = configuration.searchTimeLimit().toNanos();
            long asked = TimeUnit.SECONDS.toNanos(request.getTimeLimit());
            deadline = System.nanoTime() + (asked <= 0 ? most : Math.min(asked, most));
        }

        void step() {
            if (++steps % CHECK_EVERY == 0 && System.nanoTime() > deadline) {
                throw new Refusal(ResultCode.TIME_LIMIT_EXCEEDED, "The search took too long.");
            }
        }

        Answer exceeded() {
            return Answer.of(ResultCode.SIZE_LIMIT_EXCEEDED, "There are more entries.");
        }
    }

    private record Search(SearchRequestProtocolOp request, DirectoryView view, Entry base, SearchScope scope, Limits limits,
                          EntryWriter writer, int reader) {

        private static final String UNSORTED = "";

        Answer whole() {
            var sent = new int[1];
            boolean complete = visit(0, entry -> {
                if (sent[0] == limits.size) {
                    return false;
                }
                sent[0]++;
                writer.write(entry, request.getAttributes(), request.typesOnly());
                return true;
            });
            return complete ? Answer.SUCCESS : limits.exceeded();
        }

        Answer page(SimplePagedResultsControl page) {
            boolean isFirst = page.getCookie().getValueLength() == 0;
            var start = isFirst ? new PageCookie(0, count()) : PageCookie.open(page.getCookie(), request, UNSORTED, reader);
            if (page.getSize() <= 0) {
                return Answer.SUCCESS.with(new SimplePagedResultsControl(start.estimate(), null));
            }
            int room = Math.min(page.getSize(), limits.size);
            var sent = new int[1];
            var next = new int[] {-1};
            visit(start.next(), entry -> {
                if (sent[0] == room) {
                    next[0] = entry.id();
                    return false;
                }
                sent[0]++;
                writer.write(entry, request.getAttributes(), request.typesOnly());
                return true;
            });
            if (next[0] >= 0 && room < page.getSize()) {
                return limits.exceeded().with(new SimplePagedResultsControl(start.estimate(), null));
            }
            return Answer.SUCCESS.with(new SimplePagedResultsControl(start.estimate(),
                    next[0] < 0 ? null : new PageCookie(next[0], start.estimate()).seal(request, UNSORTED, reader)));
        }

        Answer sorted(ServerSideSortRequestControl sort, boolean isCritical, SimplePagedResultsControl page) {
            if (sort.getSortKeys().length == 0) {
                throw new Refusal(ResultCode.PROTOCOL_ERROR, "The sort control names no key.");
            }
            Comparator<Entry> order = null;
            for (var key : sort.getSortKeys()) {
                var byKey = view.order(key.getAttributeName(), key.getMatchingRuleID(), key.reverseOrder());
                if (byKey == null) {
                    var reason = view.knows(key.getAttributeName()) ? ResultCode.INAPPROPRIATE_MATCHING : ResultCode.NO_SUCH_ATTRIBUTE;
                    var response = new ServerSideSortResponseControl(reason, key.getAttributeName());
                    if (isCritical) {
                        throw new Refusal(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION, "Entries cannot be sorted by this key.").with(response);
                    }
                    return (page == null ? whole() : page(page)).with(response);
                }
                order = order == null ? byKey : order.thenComparing(byKey);
            }
            var found = new ArrayList<Entry>();
            visit(0, found::add);
            found.sort(order.thenComparingInt(Entry::id));
            var sortedResponse = new ServerSideSortResponseControl(ResultCode.SUCCESS, null);
            int from = 0;
            int room = limits.size;
            if (page != null) {
                from = page.getCookie().getValueLength() == 0 ? 0 : behind(PageCookie.open(page.getCookie(), request, order(sort), reader), found);
                room = Math.min(room, Math.max(page.getSize(), 0));
            }
            int to = (int) Math.min((long) from + room, found.size());
            for (var entry : found.subList(Math.min(from, to), to)) {
                writer.write(entry, request.getAttributes(), request.typesOnly());
            }
            if (page == null) {
                return (to < found.size() ? limits.exceeded() : Answer.SUCCESS).with(sortedResponse);
            }
            if (to < found.size() && limits.size < page.getSize()) {
                return limits.exceeded().with(sortedResponse).with(new SimplePagedResultsControl(found.size(), null));
            }
            boolean isMore = to < found.size() && page.getSize() > 0;
            return Answer.SUCCESS.with(sortedResponse).with(new SimplePagedResultsControl(found.size(),
                    isMore ? new PageCookie(found.get(to - 1).id(), to).seal(request, order(sort), reader) : null));
        }

        private static String order(ServerSideSortRequestControl sort) {
            return Arrays.toString(sort.getSortKeys());
        }

        /** Where a sorted search goes on: behind what was sent last or, if that is gone, where it was. */
        private static int behind(PageCookie sent, List<Entry> found) {
            for (int i = 0; i < found.size(); i++) {
                if (found.get(i).id() == sent.next()) {
                    return i + 1;
                }
            }
            return Math.min(sent.estimate() - 1, found.size());
        }

        private int count() {
            var count = new int[1];
            visit(0, entry -> {
                count[0]++;
                return true;
            });
            return count[0];
        }

        private boolean visit(int first, DirectoryView.Visitor visitor) {
            return view.search(base, scope, request.getFilter(), first, limits::step, visitor);
        }
    }
}
