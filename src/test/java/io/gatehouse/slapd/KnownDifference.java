package io.gatehouse.slapd;

import com.unboundid.ldap.sdk.Filter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Where slapd and Gatehouse may rightly disagree about a filter. Each difference says which assertion slapd would have had to be
 * given for Gatehouse's answer: a disagreement counts as known only if slapd, given that, agrees exactly.
 */
public enum KnownDifference {

    /**
     * RFC 4512 2.5: an option that the server does not know makes the whole description unrecognised. Transfer in binary form
     * (RFC 4522) is an optional feature, which slapd has.
     */
    BINARY_OPTION {
        @Override
        Filter explained(Filter assertion) {
            return assertion.getAttributeName() != null && assertion.getAttributeName().toLowerCase(Locale.ROOT).endsWith(";binary")
                    ? UNDEFINED : null;
        }
    },

    /** RFC 4511 4.5.1.7.6: what "approximately" means is the server's matter, and equality will do. slapd compares sounds. */
    APPROXIMATE_MATCH {
        @Override
        Filter explained(Filter assertion) {
            return assertion.getFilterType() == Filter.FILTER_TYPE_APPROXIMATE_MATCH
                    ? KnownDifference.explain(equality(assertion.getAttributeName(), assertion))
                    : null;
        }
    },

    /**
     * RFC 4518 2.6.1: a prepared value begins and ends with a space. So a part that begins with one is found at the beginning of
     * a value, too, a part that ends with one at its end, and a part of nothing but spaces at either. slapd strips the ends of
     * values, and of parts as well if they are IA5 Strings.
     */
    SPACES_AT_AN_END {
        @Override
        Filter explained(Filter assertion) {
            if (assertion.getFilterType() != Filter.FILTER_TYPE_SUBSTRING) {
                return null;
            }
            var asked = Parts.of(assertion);
            if (!asked.haveOuterSpaces()) {
                return null;
            }
            var readings = asked.readings();
            if (isAbout(assertion, IA5_STRINGS)) {
                readings.removeIf(Parts::haveOuterSpaces);
            }
            return Filter.createORFilter(readings.stream().map(parts -> parts.filter(assertion.getAttributeName())).toList());
        }
    },

    /** RFC 4518 2.2 with RFC 3454 B.2: the two small sigmas are one letter. slapd makes letters small one by one. */
    SIGMA {
        @Override
        Filter explained(Filter assertion) {
            if (!assertion.toNormalizedString().matches(".*(\\\\ce\\\\a3|\\\\cf\\\\82|\\\\cf\\\\83).*")) {
                return null;
            }
            var readings = List.<UnaryOperator<String>>of(value -> value, value -> value.toLowerCase(Locale.ROOT),
                    value -> value.toLowerCase(Locale.ROOT).replace(FINAL_SIGMA, SIGMA_INSIDE));
            return switch (assertion.getFilterType()) {
                case Filter.FILTER_TYPE_EQUALITY -> Filter.createORFilter(readings.stream()
                        .map(reading -> reading.apply(assertion.getAssertionValue()))
                        .map(value -> Filter.createEqualityFilter(assertion.getAttributeName(), value)).toList());
                case Filter.FILTER_TYPE_SUBSTRING -> Filter.createORFilter(readings.stream()
                        .map(reading -> Parts.of(assertion).with(reading).filter(assertion.getAttributeName())).toList());
                default -> null;
            };
        }
    },

    /** RFC 4512 3.3: structuralObjectClass is compared by objectIdentifierMatch. slapd finds superclasses of its value, too. */
    SUPERCLASS {
        @Override
        Filter explained(Filter assertion) {
            return isEquality(assertion, OBJECT_IDENTIFIER_MATCH) && isAbout(assertion, "structuralObjectClass")
                    && isNamed(assertion.getAssertionValue(), "top", "2.5.6.0", "person", "organizationalPerson") ? NEVER : null;
        }
    },

    /**
     * RFC 4512 4.1.4: a server tells by matchingRuleUse which rules an extensible match may name for an attribute. slapd has the
     * equality rules of some, but not for this, and has rules of Directory Strings for telephone numbers.
     */
    USE_OF_A_MATCHING_RULE {
        @Override
        Filter explained(Filter assertion) {
            if (assertion.getFilterType() != Filter.FILTER_TYPE_EXTENSIBLE_MATCH) {
                return null;
            }
            if (isAbout(assertion, "entryUUID") && isEquality(assertion, UUID_MATCH)
                    || isAbout(assertion, "objectClass", "structuralObjectClass")
                            && isEquality(assertion, OBJECT_IDENTIFIER_MATCH)) {
                return KnownDifference.explain(equality(assertion.getAttributeName(), assertion));
            }
            if (isAbout(assertion, "telephoneNumber") && isBy(assertion, DIRECTORY_STRING_RULES)) {
                return UNDEFINED;
            }
            if (assertion.getAttributeName() != null) {
                return null;
            }
            return isBy(assertion, UUID_MATCH) ? equality("entryUUID", assertion)
                    : isBy(assertion, OBJECT_IDENTIFIER_MATCH) ? KnownDifference.explain(equality("objectClass", assertion))
                    : null;
        }
    },

    /**
     * RFC 4511 4.5.1.7.7: an extensible match asks all attributes that support its rule, or the one it names. entryDN (RFC 5020)
     * and hasSubordinates are attributes of the entry; slapd makes them up for answers, and knows them in simpler filters only.
     */
    COMPUTED_ATTRIBUTES {
        @Override
        Filter explained(Filter assertion) {
            if (assertion.getFilterType() != Filter.FILTER_TYPE_EXTENSIBLE_MATCH) {
                return null;
            }
            if (assertion.getAttributeName() != null) {
                return isAbout(assertion, "hasSubordinates") && isEquality(assertion, BOOLEAN_MATCH)
                        ? equality("hasSubordinates", assertion) : null;
            }
            var computed = isBy(assertion, DISTINGUISHED_NAME_MATCH) ? "entryDN"
                    : isBy(assertion, BOOLEAN_MATCH) ? "hasSubordinates"
                    : null;
            return computed == null ? null
                    : Filter.createORFilter(assertion, equality(computed, assertion));
        }
    },

    /** RFC 4514 3: the value in a name may be empty, and no entry has such a name. slapd takes it for no name at all. */
    EMPTY_VALUE_IN_A_NAME {
        @Override
        Filter explained(Filter assertion) {
            return isEquality(assertion, DISTINGUISHED_NAME_MATCH) && assertion.getAssertionValue().matches(".*=( *,.*)?")
                    && isAbout(assertion, "entryDN", "member", "memberOf") ? NEVER : null;
        }
    },

    /**
     * RFC 4517 4.2.26: names of objects that the server does not recognise match nothing, not even themselves. slapd recognises
     * those of object classes only. The one value of this kind that is the name of an attribute is userPassword.
     */
    OBJECT_IDENTIFIER_OF_AN_ATTRIBUTE {
        @Override
        Filter explained(Filter assertion) {
            return isEquality(assertion, OBJECT_IDENTIFIER_MATCH) && isAbout(assertion, "pwdAttribute")
                    && isNamed(assertion.getAssertionValue(), "userPassword", "2.5.4.35")
                    ? Filter.createPresenceFilter("pwdAttribute")
                    : null;
        }
    },

    /**
     * RFC 4517 4.2.26: a numeric object identifier needs no recognition to be compared, and an unknown one is none of an entry's.
     * slapd finds nothing out about one that it does not know.
     */
    UNKNOWN_NUMERIC_OBJECT_IDENTIFIER {
        @Override
        Filter explained(Filter assertion) {
            return isEquality(assertion, OBJECT_IDENTIFIER_MATCH) && assertion.getAssertionValue().matches(UNKNOWN_OID)
                    && isAbout(assertion, "objectClass", "structuralObjectClass", "pwdAttribute") ? NEVER : null;
        }
    },

    /** [MS-ADTS] 3.1.1.3.4.4.3, a rule that slapd does not have. Without groups in groups a chain has one link. */
    CHAINS {
        @Override
        Filter explained(Filter assertion) {
            if (!isBy(assertion, IN_CHAIN)) {
                return null;
            }
            if (assertion.getAttributeName() == null) {
                return KnownDifference.explain(Filter.createORFilter(equality("member", assertion), equality("memberOf", assertion)));
            }
            return isAbout(assertion, "member", "memberOf") ? KnownDifference.explain(equality(assertion.getAttributeName(), assertion)) : null;
        }
    },

    /** RFC 4517 3.3.16: an integer has no bounds. slapd's rules of bits compute with 64 of them. */
    BITS_OF_LARGE_INTEGERS {
        @Override
        Filter explained(Filter assertion) {
            if (!isBy(assertion, BIT_AND, BIT_OR) || !assertion.getAssertionValue().matches("[1-9][0-9]{18,}")) {
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

    private static final String[] OBJECT_IDENTIFIER_MATCH = {"objectIdentifierMatch", "2.5.13.0"};
    /** Numeric and none of the arcs of RFC 4519 and RFC 2307. */
    private static final String UNKNOWN_OID = "(?!2\\.5\\.6\\.|1\\.3\\.6\\.1\\.)(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))+";
    private static final char FINAL_SIGMA = '\u03c2';
    private static final char SIGMA_INSIDE = '\u03c3';
    private static final String[] DIRECTORY_STRING_RULES = {"caseIgnoreMatch", "2.5.13.2", "caseIgnoreOrderingMatch",
        "caseExactMatch", "2.5.13.5"};
    private static final String[] BOOLEAN_MATCH = {"booleanMatch", "2.5.13.13"};
    private static final String[] DISTINGUISHED_NAME_MATCH = {"distinguishedNameMatch", "2.5.13.1"};
    private static final String[] UUID_MATCH = {"UUIDMatch", "1.3.6.1.1.16.2"};
    private static final String[] IA5_STRINGS = {"mail", "rfc822Mailbox", "dc", "sudoUser", "sudoHost"};
    private static final String IN_CHAIN = "1.2.840.113556.1.4.1941";
    private static final String BIT_AND = "1.2.840.113556.1.4.803";
    private static final String BIT_OR = "1.2.840.113556.1.4.804";
    private static final Filter UNDEFINED = Filter.createEqualityFilter("unrecognised", "");
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

    /** Whether it is one by filter type, or extensible by an attribute's own rule or the one of these names. */
    private static boolean isEquality(Filter assertion, String... rule) {
        return switch (assertion.getFilterType()) {
            case Filter.FILTER_TYPE_EQUALITY -> true;
            case Filter.FILTER_TYPE_EXTENSIBLE_MATCH -> assertion.getMatchingRuleID() == null || isBy(assertion, rule);
            default -> false;
        };
    }

    private static Filter equality(String attribute, Filter assertion) {
        return Filter.createEqualityFilter(attribute, assertion.getAssertionValueBytes());
    }

    private static boolean isAbout(Filter assertion, String... attributes) {
        return isNamed(assertion.getAttributeName(), attributes);
    }

    private static boolean isBy(Filter assertion, String... rules) {
        return isNamed(assertion.getMatchingRuleID(), rules);
    }

    private static boolean isNamed(String name, String... names) {
        return name != null && Stream.of(names).anyMatch(name::equalsIgnoreCase);
    }

    /**
     * @param initial empty if it is open; {@code last} as well
     * @param whole   a value as a whole, instead of any parts; empty otherwise
     */
    private record Parts(String initial, List<String> any, String last, String whole) {

        static Parts of(Filter filter) {
            return new Parts(text(filter.getSubInitialBytes()), Stream.of(filter.getSubAnyBytes()).map(Parts::text).toList(),
                    text(filter.getSubFinalBytes()), "");
        }

        /** With one kind of space (RFC 4518 2.2). */
        private static String text(byte[] part) {
            return part == null ? "" : new String(part, StandardCharsets.UTF_8).replaceAll("\\p{Z}", " ");
        }

        /** What may be asked of values without the space at each end: either of these has to be found. */
        Set<Parts> readings() {
            var readings = new LinkedHashSet<Parts>();
            for (var start : List.of(this, startingAtBeginning())) {
                for (var end : List.of(start, start.endingAtEnd())) {
                    readings.add(new Parts(end.initial.replaceFirst("^ +", ""), end.any, end.last.replaceFirst(" +$", ""), ""));
                }
            }
            if (any.isEmpty() && last.isEmpty() && initial.endsWith(" ") || any.isEmpty() && initial.isEmpty() && last.startsWith(" ")) {
                readings.add(new Parts("", List.of(), "", (initial + last).strip()));
            }
            return readings;
        }

        private Parts startingAtBeginning() {
            return initial.isEmpty() && !any.isEmpty() && any.getFirst().startsWith(" ")
                    ? new Parts(any.getFirst(), any.subList(1, any.size()), last, "")
                    : this;
        }

        private Parts endingAtEnd() {
            return last.isEmpty() && !any.isEmpty() && any.getLast().endsWith(" ")
                    ? new Parts(initial, any.subList(0, any.size() - 1), any.getLast(), "")
                    : this;
        }

        Parts with(UnaryOperator<String> reading) {
            return new Parts(reading.apply(initial), any.stream().map(reading).toList(), reading.apply(last), whole);
        }

        boolean haveOuterSpaces() {
            return Stream.concat(Stream.of(initial, last), any.stream()).anyMatch(part -> part.startsWith(" ") || part.endsWith(" "));
        }

        Filter filter(String attribute) {
            if (!whole.isEmpty()) {
                return Filter.createEqualityFilter(attribute, whole);
            }
            return initial.isEmpty() && any.isEmpty() && last.isEmpty()
                    ? anyValueWithParts(attribute)
                    : Filter.createSubstringFilter(attribute, initial.isEmpty() ? null : initial, any.toArray(String[]::new),
                            last.isEmpty() ? null : last);
        }

        /** Undefined, as the assertion itself, if values of the attribute have no parts that could be compared. */
        private static Filter anyValueWithParts(String attribute) {
            return Filter.createANDFilter(Filter.createPresenceFilter(attribute),
                    Filter.createNOTFilter(Filter.createSubstringFilter(attribute, "no such value", null, null)));
        }
    }
}
