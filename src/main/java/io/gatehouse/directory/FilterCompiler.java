package io.gatehouse.directory;

import com.unboundid.ldap.sdk.Filter;
import io.gatehouse.directory.MatchingRule.Kind;
import io.gatehouse.directory.SearchFilter.And;
import io.gatehouse.directory.SearchFilter.Constant;
import io.gatehouse.directory.SearchFilter.Equality;
import io.gatehouse.directory.SearchFilter.IndexedEquality;
import io.gatehouse.directory.SearchFilter.Membership;
import io.gatehouse.directory.SearchFilter.NameMatch;
import io.gatehouse.directory.SearchFilter.Not;
import io.gatehouse.directory.SearchFilter.Or;
import io.gatehouse.directory.SearchFilter.Ordering;
import io.gatehouse.directory.SearchFilter.Present;
import io.gatehouse.directory.SearchFilter.Substring;
import io.gatehouse.directory.SearchFilter.Truth;
import io.gatehouse.directory.SearchFilter.ValueMatch;
import io.gatehouse.directory.persistent.IntSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Resolves a filter against the schema and what one reader sees. What the schema does not know, or has no rule for, becomes Undefined instead
 * of an error (RFC 4511 section 4.5.1.7).
 */
final class FilterCompiler {

    private static final SearchFilter UNDEFINED = new Constant(Truth.UNDEFINED);
    private static final SearchFilter FALSE = new Constant(Truth.FALSE);
    private static final String BIT_AND = "1.2.840.113556.1.4.803";
    private static final String BIT_OR = "1.2.840.113556.1.4.804";
    /** LDAP_MATCHING_RULE_TRANSITIVE_EVAL of [MS-ADTS] section 3.1.1.3.4.4.3. */
    private static final String IN_CHAIN = "1.2.840.113556.1.4.1941";

    private final DirectoryView view;
    private final DirectorySnapshot snapshot;
    private final DirectorySchema schema;

    FilterCompiler(DirectoryView view) {
        this.view = view;
        snapshot = view.snapshot();
        schema = snapshot.layout.schema();
    }

    SearchFilter compile(Filter filter) {
        return switch (filter.getFilterType()) {
            case Filter.FILTER_TYPE_AND -> filter.getComponents().length == 1
                    ? compile(filter.getComponents()[0]) : new And(compileAll(filter.getComponents()));
            case Filter.FILTER_TYPE_OR -> filter.getComponents().length == 1
                    ? compile(filter.getComponents()[0]) : new Or(compileAll(filter.getComponents()));
            case Filter.FILTER_TYPE_NOT -> new Not(compile(filter.getNOTComponent()));
            case Filter.FILTER_TYPE_PRESENCE -> typed(filter, Present::new);
            case Filter.FILTER_TYPE_EQUALITY, Filter.FILTER_TYPE_APPROXIMATE_MATCH ->
                    typed(filter, type -> equality(type, filter.getAssertionValueBytes()));
            case Filter.FILTER_TYPE_GREATER_OR_EQUAL -> typed(filter, type -> ordering(type, filter.getAssertionValueBytes(), true));
            case Filter.FILTER_TYPE_LESS_OR_EQUAL -> typed(filter, type -> ordering(type, filter.getAssertionValueBytes(), false));
            case Filter.FILTER_TYPE_SUBSTRING -> typed(filter, type -> substring(type, filter));
            case Filter.FILTER_TYPE_EXTENSIBLE_MATCH -> extensible(filter);
            default -> UNDEFINED;
        };
    }

    private List<SearchFilter> compileAll(Filter[] filters) {
        var parts = new ArrayList<SearchFilter>(filters.length);
        for (var filter : filters) {
            parts.add(compile(filter));
        }
        return parts;
    }

    private SearchFilter typed(Filter filter, Function<AttributeType, SearchFilter> assertion) {
        var description = filter.getAttributeName();
        int options = description.indexOf(';');
        var type = schema.find(options < 0 ? description : description.substring(0, options));
        // No filter tells anything of a password, not even whether there is one.
        if (type == null || type == snapshot.layout.userPassword) {
            return UNDEFINED;
        }
        var found = anyOf(type.withSubtypes(), assertion);
        if (options < 0 || found == UNDEFINED) {
            return found;
        }
        // Language tags are recognised (RFC 3866), but no value here has one; what is not recognised is Undefined.
        return description.substring(options).toLowerCase(Locale.ROOT).matches("(;lang-[a-z0-9-]*)+") ? FALSE : UNDEFINED;
    }

    private static SearchFilter anyOf(List<AttributeType> types, Function<AttributeType, SearchFilter> assertion) {
        return types.size() == 1 ? assertion.apply(types.getFirst()) : new Or(types.stream().map(assertion).toList());
    }

    private SearchFilter equality(AttributeType type, byte[] asserted) {
        var value = type.equality() == null ? null : type.equality().normalize(asserted);
        if (value == null) {
            return UNDEFINED;
        }
        var layout = snapshot.layout;
        if (type == layout.memberUid) {
            return new Membership(type, personNamed(value), IntSet.EMPTY);
        }
        if (type == layout.member || type == layout.memberOf) {
            var id = named(value);
            return new Membership(type, id == null ? -1 : id,
                    id == null || type == layout.member ? IntSet.EMPTY : snapshot.nestedGroups(id));
        }
        var holders = snapshot.index.entries(type, value);
        return holders == null ? new Equality(type, value) : new IndexedEquality(type, holders);
    }

    /** The entry of this normalized name, or null if there is none for this reader. */
    private Integer named(String name) {
        var id = snapshot.byDn.get(name);
        return id != null && view.shows(snapshot.entries.get(id)) ? id : null;
    }

    /** memberUid compares user names exactly, uid does not. */
    private int personNamed(String username) {
        var person = snapshot.person(username);
        return person != null && person.name().equals(username) && view.shows(snapshot.entries.get(person.entryId())) ? person.entryId() : -1;
    }

    private SearchFilter ordering(AttributeType type, byte[] asserted, boolean atLeast) {
        var bound = type.ordering() == null ? null : type.ordering().normalize(asserted);
        return bound == null ? UNDEFINED : new Ordering(type, bound, atLeast);
    }

    private SearchFilter substring(AttributeType type, Filter filter) {
        var rule = type.substring();
        if (rule == null) {
            return UNDEFINED;
        }
        var initial = filter.getSubInitialBytes() == null ? null : rule.normalizePart(filter.getSubInitialBytes(), true, false);
        var last = filter.getSubFinalBytes() == null ? null : rule.normalizePart(filter.getSubFinalBytes(), false, true);
        if (initial == null && filter.getSubInitialBytes() != null || last == null && filter.getSubFinalBytes() != null) {
            return UNDEFINED;
        }
        var any = new ArrayList<String>();
        for (var part : filter.getSubAnyBytes()) {
            var normal = rule.normalizePart(part, false, false);
            if (normal == null) {
                return UNDEFINED;
            }
            any.add(normal);
        }
        return new Substring(type, initial, any, last);
    }

    private SearchFilter extensible(Filter filter) {
        var ruleName = filter.getMatchingRuleID();
        var value = filter.getAssertionValueBytes();
        if (filter.getAttributeName() == null) {
            return ruleName == null ? UNDEFINED : everyAttribute(ruleName, value, filter.getDNAttributes());
        }
        return typed(filter, type -> ruleName == null
                ? ownRule(type, value, filter.getDNAttributes())
                : byRule(type, ruleName, value, filter.getDNAttributes()));
    }

    private SearchFilter everyAttribute(String ruleName, byte[] value, boolean inNames) {
        var parts = schema.all().stream().map(type -> byRule(type, ruleName, value, inNames)).filter(part -> part != UNDEFINED).toList();
        return parts.isEmpty() ? UNDEFINED : new Or(parts);
    }

    private SearchFilter ownRule(AttributeType type, byte[] asserted, boolean inNames) {
        var inValues = equality(type, asserted);
        if (!inNames || inValues == UNDEFINED) {
            return inValues;
        }
        return new Or(List.of(inValues, new NameMatch(type, equal(type.equality(), type.equality().normalize(asserted)))));
    }

    /** What the attributes show holds at any depth anyway; a chain also begins at a group, which {@code member} does not name. */
    private SearchFilter inChain(AttributeType type, byte[] asserted) {
        var layout = snapshot.layout;
        if (type == layout.memberOf) {
            return equality(type, asserted);
        }
        var name = type == layout.member ? type.equality().normalize(asserted) : null;
        if (name == null) {
            return UNDEFINED;
        }
        var id = named(name);
        return new IndexedEquality(type, id == null ? IntSet.EMPTY : snapshot.groups(id));
    }

    private SearchFilter byRule(AttributeType type, String ruleName, byte[] asserted, boolean inNames) {
        if (ruleName.equals(IN_CHAIN)) {
            return inChain(type, asserted);
        }
        var named = schema.rule(ruleName);
        if (named != null && named.rule() == type.equality() && named.kind() == Kind.EQUALITY) {
            return ownRule(type, asserted, inNames);
        }
        var test = type.equality() == null ? null
                : ruleName.equals(BIT_AND) || ruleName.equals(BIT_OR) ? bits(type, ruleName.equals(BIT_AND), asserted)
                : named == null || named.rule().family() != type.equality().family() ? null : test(named, asserted);
        if (test == null) {
            return UNDEFINED;
        }
        return inNames ? new Or(List.of(new ValueMatch(type, test), new NameMatch(type, test))) : new ValueMatch(type, test);
    }

    /** Null if the rule cannot be asserted so: an extensible match carries one value, not parts. */
    private static Entry.ValueTest test(MatchingRule.Named named, byte[] asserted) {
        var rule = named.rule();
        var value = rule.normalize(asserted);
        if (value == null) {
            return null;
        }
        return switch (named.kind()) {
            case EQUALITY -> equal(rule, value);
            case ORDERING -> (buffer, offset, length) -> {
                var stored = rule.normalize(buffer, offset, length);
                return stored != null && rule.order().compare(stored, value) < 0;
            };
            case SUBSTRINGS -> null;
        };
    }

    private static Entry.ValueTest equal(MatchingRule rule, String value) {
        return (buffer, offset, length) -> value.equals(rule.normalize(buffer, offset, length));
    }

    private static Entry.ValueTest bits(AttributeType type, boolean all, byte[] asserted) {
        var text = type.equality() == MatchingRule.INTEGER ? MatchingRule.INTEGER.normalize(asserted) : null;
        if (text == null) {
            return null;
        }
        var mask = new BigInteger(text);
        return (buffer, offset, length) -> {
            var value = MatchingRule.INTEGER.normalize(buffer, offset, length);
            var common = value == null ? BigInteger.ZERO : new BigInteger(value).and(mask);
            return value != null && (all ? common.equals(mask) : common.signum() != 0);
        };
    }
}
