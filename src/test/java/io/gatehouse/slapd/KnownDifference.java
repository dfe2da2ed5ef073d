package io.gatehouse.slapd;

import com.unboundid.ldap.sdk.Filter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where slapd and Gatehouse may rightly disagree about a filter. Each difference says which assertion slapd would have had to be
 * given for Gatehouse's answer: a disagreement counts as known only if slapd, given that, agrees exactly.
 */
public enum KnownDifference {

    /** RFC 4511 4.5.1.7.6: what "approximately" means is the server's matter, and equality will do. slapd compares sounds. */
    APPROXIMATE_MATCH {
        @Override
        Filter explained(Filter assertion) {
            return assertion.getFilterType() == Filter.FILTER_TYPE_APPROXIMATE_MATCH
                    ? KnownDifference.explain(Filter.createEqualityFilter(assertion.getAttributeName(), assertion.getAssertionValueBytes()))
                    : null;
        }
    },

    /**
     * RFC 4518 2.6.1: a prepared value begins and ends with a space, and a part that is nothing but spaces is prepared to one.
     * So such a beginning or end is the beginning or end of every value. slapd strips the spaces of values, but not this one.
     */
    SPACES_AT_AN_END {
        @Override
        Filter explained(Filter assertion) {
            if (assertion.getFilterType() != Filter.FILTER_TYPE_SUBSTRING
                    || !isSpaces(assertion.getSubInitialBytes()) && !isSpaces(assertion.getSubFinalBytes())) {
                return null;
            }
            var initial = isSpaces(assertion.getSubInitialBytes()) ? null : assertion.getSubInitialBytes();
            var last = isSpaces(assertion.getSubFinalBytes()) ? null : assertion.getSubFinalBytes();
            return initial == null && last == null && assertion.getSubAnyBytes().length == 0
                    ? Filter.createPresenceFilter(assertion.getAttributeName())
                    : Filter.createSubstringFilter(assertion.getAttributeName(), initial, assertion.getSubAnyBytes(), last);
        }
    },

    /**
     * RFC 4512 4.1.4: a server tells by matchingRuleUse which rules an extensible match may name. slapd has UUIDMatch, but not
     * for this.
     */
    UUID_IN_EXTENSIBLE_MATCH {
        @Override
        Filter explained(Filter assertion) {
            return assertion.getFilterType() == Filter.FILTER_TYPE_EXTENSIBLE_MATCH
                    && (assertion.getAttributeName() == null || isNamed(assertion.getAttributeName(), "entryUUID", "1.3.6.1.1.16.4"))
                    && (assertion.getAttributeName() != null && assertion.getMatchingRuleID() == null || isNamed(assertion.getMatchingRuleID(), "UUIDMatch", "1.3.6.1.1.16.2"))
                    ? Filter.createEqualityFilter("entryUUID", assertion.getAssertionValueBytes())
                    : null;
        }
    },

    /**
     * RFC 4517 4.2.26: names of objects that the server does not recognise match nothing, not even themselves. slapd recognises
     * those of object classes only. The one value of this kind that is the name of an attribute is userPassword.
     */
    OBJECT_IDENTIFIER_OF_AN_ATTRIBUTE {
        @Override
        Filter explained(Filter assertion) {
            boolean equality = assertion.getFilterType() == Filter.FILTER_TYPE_EQUALITY
                    || assertion.getFilterType() == Filter.FILTER_TYPE_EXTENSIBLE_MATCH && (assertion.getMatchingRuleID() == null
                            || isNamed(assertion.getMatchingRuleID(), "objectIdentifierMatch", "2.5.13.0"));
            return equality && isNamed(assertion.getAttributeName(), "pwdAttribute")
                    && isNamed(assertion.getAssertionValue(), "userPassword", "2.5.4.35")
                    ? Filter.createPresenceFilter("pwdAttribute")
                    : null;
        }
    },

    /** RFC 4517 3.3.16: an integer has no bounds. slapd's rules of bits compute with 64 of them. */
    BITS_OF_LARGE_INTEGERS {
        @Override
        Filter explained(Filter assertion) {
            if (!isNamed(assertion.getMatchingRuleID(), BIT_AND, BIT_OR) || !assertion.getAssertionValue().matches("[1-9][0-9]{18,}")) {
                return null;
            }
            var mask = new BigInteger(assertion.getAssertionValue());
            if (mask.bitLength() < Long.SIZE) {
                return null;
            }
            return assertion.getMatchingRuleID().equals(BIT_AND)
                    ? NEVER
                    : Filter.createExtensibleMatchFilter(assertion.getAttributeName(), BIT_OR, false,
                            mask.and(BigInteger.valueOf(Long.MAX_VALUE)).toString());
        }
    };

    private static final String BIT_AND = "1.2.840.113556.1.4.803";
    private static final String BIT_OR = "1.2.840.113556.1.4.804";
    private static final Filter NEVER = Filter.createNOTFilter(Filter.createPresenceFilter("objectClass"));

    /** @return what slapd would have to be asked instead; null if this difference has nothing to do with the assertion */
    abstract Filter explained(Filter assertion);

    private static Filter explain(Filter assertion) {
        return explain(assertion, EnumSet.noneOf(KnownDifference.class));
    }

    /**
     * @param differences filled with those that the filter's assertions meet
     * @return what slapd has to be asked instead
     */
    public static Filter explain(Filter filter, Set<KnownDifference> differences) {
        return switch (filter.getFilterType()) {
            case Filter.FILTER_TYPE_AND -> Filter.createANDFilter(explainAll(filter, differences));
            case Filter.FILTER_TYPE_OR -> Filter.createORFilter(explainAll(filter, differences));
            case Filter.FILTER_TYPE_NOT -> Filter.createNOTFilter(explain(filter.getNOTComponent(), differences));
            default -> explainAssertion(filter, differences);
        };
    }

    private static List<Filter> explainAll(Filter filter, Set<KnownDifference> differences) {
        return Stream.of(filter.getComponents()).map(part -> explain(part, differences)).toList();
    }

    private static Filter explainAssertion(Filter assertion, Set<KnownDifference> differences) {
        for (var difference : EnumSet.allOf(KnownDifference.class)) {
            var explained = difference.explained(assertion);
            if (explained != null) {
                differences.add(difference);
                return explained;
            }
        }
        return assertion;
    }

    private static boolean isNamed(String name, String... names) {
        return name != null && Stream.of(names).anyMatch(name::equalsIgnoreCase);
    }

    private static boolean isSpaces(byte[] part) {
        return part != null && new String(part, StandardCharsets.UTF_8).isBlank();
    }
}
