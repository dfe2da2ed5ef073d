package io.gatehouse.ldap;

import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.protocol.CompareRequestProtocolOp;
import com.unboundid.ldap.protocol.ExtendedRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyRequestProtocolOp;
import com.unboundid.ldap.protocol.ProtocolOp;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.sdk.Filter;
import io.gatehouse.platform.observe.AccessEntry;
import io.gatehouse.platform.observe.AccessLog;
import io.gatehouse.platform.observe.LogText;
import io.micronaut.core.annotation.Nullable;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The line of an operation. The SDK's request is kept as it was decoded and is told from when the line is written: what was
 * asserted of passwords, and all that was bound with or changed to, is left out.
 */
record LdapAccess(Instant endedAt, Operation kind, LdapConnection connection, int message, ProtocolOp request, Answer answer, int entries,
                  @Nullable String boundDn, InetAddress address, long nanos) implements AccessEntry {

    private static final int LONGEST = 500;
    private static final String PASSWORD = "userpassword";

    @Override
    public AccessLog.Protocol protocol() {
        return AccessLog.Protocol.LDAP;
    }

    @Override
    public String text() {
        return kind.label() + ' ' + what() + ' ' + LdapMeters.resultLabel(answer.code()) + " entries=" + entries + ' ' + nanos / 1_000 + "us "
                + address.getHostAddress() + ' ' + quoted(boundDn) + ' ' + correlationId();
    }

    @Override
    public void fields(BiConsumer<String, Object> field) {
        field.accept("correlationId", correlationId());
        field.accept("operation", kind.label());
        field.accept("request", what());
        field.accept("result", answer.code().intValue());
        field.accept("entries", entries);
        field.accept("durationMicros", nanos / 1_000);
        field.accept("address", address.getHostAddress());
        field.accept("principal", boundDn);
    }

    private String correlationId() {
        return connection.correlationId(message);
    }

    private String what() {
        return switch (request) {
            case SearchRequestProtocolOp search -> "base=" + quoted(search.getBaseDN()) + " scope=" + search.getScope().getName().toLowerCase(Locale.ROOT)
                    + " filter=" + quoted(masked(search.getFilter()).toString());
            case BindRequestProtocolOp bind -> bind.getCredentialsType() == BindRequestProtocolOp.CRED_TYPE_SIMPLE
                    ? "dn=" + quoted(bind.getBindDN()) : "mechanism=" + quoted(bind.getSASLMechanism());
            case CompareRequestProtocolOp compare -> "dn=" + quoted(compare.getDN()) + " attribute=" + quoted(compare.getAttributeName());
            case ModifyRequestProtocolOp modify -> "dn=" + quoted(modify.getDN()) + " attributes=" + quoted(modify.getModifications().stream()
                    .map(com.unboundid.ldap.sdk.Modification::getAttributeName).distinct().collect(Collectors.joining(",")));
            case ExtendedRequestProtocolOp extended -> "oid=" + quoted(extended.getOID());
            default -> "-";
        };
    }

    private static String quoted(@Nullable String text) {
        return '"' + LogText.of(text, LONGEST) + '"';
    }

    /** The filter itself if it has nothing to hide. */
    private static Filter masked(Filter filter) {
        return hides(filter) ? copyMasked(filter) : filter;
    }

    private static boolean hides(Filter filter) {
        return switch (filter.getFilterType()) {
            case Filter.FILTER_TYPE_AND, Filter.FILTER_TYPE_OR -> Stream.of(filter.getComponents()).anyMatch(LdapAccess::hides);
            case Filter.FILTER_TYPE_NOT -> hides(filter.getNOTComponent());
            case Filter.FILTER_TYPE_PRESENCE -> false;
            default -> !mayShow(filter.getAttributeName());
        };
    }

    private static Filter copyMasked(Filter filter) {
        return switch (filter.getFilterType()) {
            case Filter.FILTER_TYPE_AND -> Filter.createANDFilter(masked(filter.getComponents()));
            case Filter.FILTER_TYPE_OR -> Filter.createORFilter(masked(filter.getComponents()));
            case Filter.FILTER_TYPE_NOT -> Filter.createNOTFilter(masked(filter.getNOTComponent()));
            case Filter.FILTER_TYPE_PRESENCE -> filter;
            default -> mayShow(filter.getAttributeName()) ? filter : Filter.createEqualityFilter(PASSWORD, "***");
        };
    }

    private static Filter[] masked(Filter... filters) {
        return Stream.of(filters).map(LdapAccess::masked).toArray(Filter[]::new);
    }

    /** @param attribute null in an extensible match that names none, and so means all: passwords, too */
    private static boolean mayShow(@Nullable String attribute) {
        if (attribute == null) {
            return false;
        }
        var name = attribute.toLowerCase(Locale.ROOT);
        return !name.startsWith(PASSWORD) && !name.startsWith("2.5.4.35");
    }
}
